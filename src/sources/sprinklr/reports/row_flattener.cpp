#include "sources/sprinklr/reports/row_flattener.hpp"

#include <algorithm>
#include <charconv>

#include "core/lower_case.hpp"
#include "json/string_text.hpp"

namespace engagement::sprinklr {

namespace {

constexpr std::size_t kFirstSlots = 256;  // a power of two, like every later size

// A name as append_quoted() writes it, without its quotes, so that the same name has one spelling.
std::string one_spelling(const std::string& text) {
  std::string quoted;
  json::append_quoted(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

bool is_plain_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char letter) { return static_cast<unsigned char>(letter) >= 0x80 || letter == '\\'; });
}

// How many bytes of `raw` at `at` say one blank, tab or line end; 0: it is none of these.
std::size_t blank_length(std::string_view raw, std::size_t at) {
  if (raw[at] == ' ') return 1;
  if (raw[at] != '\\' || at + 1 >= raw.size()) return 0;
  const char kind = raw[at + 1];
  if (kind == 'n' || kind == 'r' || kind == 't') return 2;
  if (kind != 'u' || at + 6 > raw.size()) return 0;
  for (const std::string_view code : {"0020", "000a", "000A", "000d", "000D", "0009"}) {
    if (raw.substr(at + 2, 4) == code) return 6;
  }
  return 0;
}

bool needs_cleaning(std::string_view raw) { return json::has_escape(raw) || raw.find("  ") != std::string_view::npos; }

void copy_cleaned(json::ValueWalker& walker, std::string& out) {
  bool first = true;
  const auto comma = [&] {
    if (!std::exchange(first, false)) out.push_back(',');
  };
  if (walker.at_object()) {
    out.push_back('{');
    walker.enter_object();
    std::string_view key;
    while (walker.next_member(key)) {
      comma();
      out.push_back('"');
      out += key;
      out += "\":";
      copy_cleaned(walker, out);
    }
    out.push_back('}');
  } else if (walker.at_array()) {
    out.push_back('[');
    walker.enter_array();
    while (walker.next_element()) {
      comma();
      copy_cleaned(walker, out);
    }
    out.push_back(']');
  } else {
    const std::string_view value = walker.skip_value();
    if (!json::is_string(value)) {
      out += value;
      return;
    }
    out.push_back('"');
    append_cleaned(out, json::string_content(value));
    out.push_back('"');
  }
}

}  // namespace

void append_cleaned(std::string& out, std::string_view raw) {
  for (std::size_t at = 0; at < raw.size();) {
    if (const std::size_t length = blank_length(raw, at)) {
      at += length;
      out.push_back(' ');
      if (at < raw.size()) at += blank_length(raw, at);
    } else {
      const std::size_t length_of_one = raw[at] == '\\' && at + 1 < raw.size() ? 2 : 1;
      out += raw.substr(at, length_of_one);
      at += length_of_one;
    }
  }
}

RowFlattener::RowFlattener(const ReportDefinition& report, std::function<void(const std::string& name)> collided)
    : lower_case_(report.flatten == Flatten::flatten_json_lowercase),
      clean_(report.flatten == Flatten::flatten_json_lowercase),
      as_json_(report.fields_as_json),
      collided_(std::move(collided)),
      slots_(kFirstSlots) {}

void RowFlattener::begin() {
  names_.clear();
  entries_.clear();
  texts_used_ = 0;
  ++generation_;
  // They are in the record already; whatever comes to one of these names finds it taken.
  for (const auto name : kAddedToRows) {
    path_ = name;
    leaf({});
  }
  path_.clear();
}

void RowFlattener::add(std::string_view name, json::ValueWalker value) {
  path_.clear();
  append_name(name);
  const bool as_json = std::any_of(as_json_.begin(), as_json_.end(),
                                   [&](const std::string& wanted) { return json::same_key(name, wanted); });
  if (!as_json) {
    flatten(value, name.empty());
  } else if (clean_) {
    leaf(cleaned_copy(value));
  } else {
    leaf(value.skip_value());
  }
}

void RowFlattener::append_name(std::string_view name) {
  if (is_plain_ascii(name)) {
    const std::size_t begin = path_.size();
    path_ += name;
    if (!lower_case_) return;
    for (std::size_t at = begin; at < path_.size(); ++at) {
      if (path_[at] >= 'A' && path_[at] <= 'Z') path_[at] = static_cast<char>(path_[at] | 0x20);
    }
    return;
  }
  const std::string text = json::decode_string(name);
  path_ += one_spelling(lower_case_ ? lower_case(text) : text);
}

// `falsy`: Python takes the name in path_ for false, so nothing of it goes into the names below. The empty name is, and
// so is the number 0, the index of an element below such a name.
void RowFlattener::flatten(json::ValueWalker& walker, bool falsy) {
  if (walker.at_object()) {
    flatten_object(walker, falsy);
  } else if (walker.at_array()) {
    flatten_array(walker, falsy);
  } else {
    leaf(cleaned(walker.skip_value()));
  }
}

void RowFlattener::flatten_object(json::ValueWalker& walker, bool falsy) {
  walker.enter_object();
  std::string_view key;
  if (!walker.next_member(key)) return leaf("{}");
  do {
    child(walker, key, falsy, key.empty());
  } while (walker.next_member(key));
}

void RowFlattener::flatten_array(json::ValueWalker& walker, bool falsy) {
  walker.enter_array();
  if (!walker.next_element()) return leaf("[]");
  std::size_t index = 0;
  do {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, index).ptr;
    child(walker, {digits, static_cast<std::size_t>(end - digits)}, falsy, index == 0);
    ++index;
  } while (walker.next_element());
}

void RowFlattener::child(json::ValueWalker& walker, std::string_view name, bool falsy_parent, bool falsy_name) {
  const std::size_t length = path_.size();
  // A parent that is falsy is not empty where it is an index: then it is the last thing that the path has.
  std::string parent;
  if (falsy_parent) {
    parent.swap(path_);
  } else {
    path_.push_back('_');
  }
  append_name(name);
  flatten(walker, falsy_parent && falsy_name);
  if (falsy_parent) {
    path_.swap(parent);
  } else {
    path_.resize(length);
  }
}

std::string_view RowFlattener::name_of(const Entry& entry) const {
  return std::string_view(names_).substr(entry.name_begin, entry.name_length);
}

void RowFlattener::leaf(std::string_view value) {
  if (entries_.size() * 2 >= slots_.size()) grow();
  const std::size_t hash = std::hash<std::string_view>()(path_);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].generation == generation_; at = (at + 1) & (slots_.size() - 1)) {
    const std::uint32_t found = slots_[at].entry;
    if (slots_[at].hash != hash || name_of(entries_[found]) != path_) continue;
    collided_(path_);
    if (found >= kAddedToRows.size()) entries_[found].value = value;
    return;
  }
  slots_[at] = {generation_, static_cast<std::uint32_t>(entries_.size()), hash};
  entries_.push_back({static_cast<std::uint32_t>(names_.size()), static_cast<std::uint32_t>(path_.size()), value});
  names_ += path_;
}

void RowFlattener::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  for (const Slot& slot : slots_) {
    if (slot.generation != generation_) continue;
    std::size_t at = slot.hash & (larger.size() - 1);
    while (larger[at].generation == generation_) at = (at + 1) & (larger.size() - 1);
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

std::string_view RowFlattener::cleaned(std::string_view value) {
  if (!clean_ || !json::is_string(value) || !needs_cleaning(value)) return value;
  if (texts_used_ == texts_.size()) texts_.emplace_back();
  std::string& text = texts_[texts_used_++];
  text = '"';
  append_cleaned(text, json::string_content(value));
  text.push_back('"');
  return text;
}

std::string_view RowFlattener::cleaned_copy(json::ValueWalker value) {
  if (texts_used_ == texts_.size()) texts_.emplace_back();
  std::string& text = texts_[texts_used_++];
  text.clear();
  copy_cleaned(value, text);
  return text;
}

void RowFlattener::finish(std::string& out) {
  for (std::size_t index = kAddedToRows.size(); index < entries_.size(); ++index) {
    out += ",\"";
    out += name_of(entries_[index]);
    out += "\":";
    out += entries_[index].value;
  }
}

}  // namespace engagement::sprinklr
