#include "sources/kustomer/records/key_names.hpp"

#include <functional>

#include "core/lower_case.hpp"
#include "core/utf8_points.hpp"
#include "json/string_text.hpp"

namespace engagement::kustomer {

namespace {

bool is_upper(std::string_view text) { return text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z'; }
bool is_lower(std::string_view text) { return text.size() == 1 && text[0] >= 'a' && text[0] <= 'z'; }
bool is_lower_or_digit(std::string_view text) {
  return is_lower(text) || (text.size() == 1 && text[0] >= '0' && text[0] <= '9');
}

using Points = std::vector<Utf8Point>;

// `(.)([A-Z][a-z]+)` -> `\1_\2`; the dot is anything but a line end.
std::string part_words(const Points& points) {
  std::string out;
  for (std::size_t at = 0; at < points.size();) {
    out += points[at].text;
    const bool match = at + 2 < points.size() && points[at].text != "\n" && is_upper(points[at + 1].text) &&
                       is_lower(points[at + 2].text);
    ++at;
    if (!match) continue;
    out += '_';
    out += points[at++].text;
    while (at < points.size() && is_lower(points[at].text)) out += points[at++].text;
  }
  return out;
}

// `([a-z0-9])([A-Z])` -> `\1_\2`.
std::string part_capitals(const Points& points) {
  std::string out;
  for (std::size_t at = 0; at < points.size();) {
    out += points[at].text;
    const bool match = at + 1 < points.size() && is_lower_or_digit(points[at].text) && is_upper(points[at + 1].text);
    ++at;
    if (!match) continue;
    out += '_';
    out += points[at++].text;
  }
  return out;
}

}  // namespace

std::string to_snake_case(std::string_view key) {
  const std::string words = part_words(utf8_points(key));
  return lower_case(part_capitals(utf8_points(words)));
}

KeyNames::Name& KeyNames::look_up(std::string_view raw) {
  Spelling& found = find(raw);
  if (last_ != nullptr) last_->next = &found;
  last_ = &found;
  return *found.name;
}

KeyNames::Spelling& KeyNames::find(std::string_view raw) {
  const std::size_t hash = std::hash<std::string_view>()(raw);
  std::size_t at = hash & (table_.size() - 1);
  for (; table_[at] != nullptr; at = (at + 1) & (table_.size() - 1)) {
    if (table_[at]->raw == raw) return *table_[at];
  }
  Spelling& added = spellings_.emplace_back();
  added.raw = raw;
  added.name = &named(to_snake_case(json::has_escape(raw) ? json::decode_string(raw) : std::string(raw)));
  table_[at] = &added;
  if (spellings_.size() * 2 > table_.size()) grow();
  return added;
}

KeyNames::Name& KeyNames::named(std::string_view snake_case) {
  if (const auto found = by_text_.find(snake_case); found != by_text_.end()) return *found->second;
  Name& added = names_.emplace_back();
  added.text = snake_case;
  added.written = ",";
  json::append_quoted(added.written, snake_case);
  added.written += ':';
  by_text_.emplace(added.text, &added);
  return added;
}

bool KeyNames::forget_if_crowded() {
  if (spellings_.size() < kMostSpellings) return false;
  by_text_.clear();
  names_.clear();
  spellings_.clear();
  table_.assign(table_.size(), nullptr);
  last_ = nullptr;
  return true;
}

void KeyNames::grow() {
  std::vector<Spelling*> larger(table_.size() * 2);
  for (Spelling& spelling : spellings_) {
    std::size_t at = std::hash<std::string_view>()(spelling.raw) & (larger.size() - 1);
    while (larger[at] != nullptr) at = (at + 1) & (larger.size() - 1);
    larger[at] = &spelling;
  }
  table_ = std::move(larger);
}

}  // namespace engagement::kustomer
