#include "sources/sprinklr/reports/row_key.hpp"

#include <array>

#include "json/string_text.hpp"

namespace engagement::sprinklr {

namespace {

// In the order in which they count.
constexpr std::array<std::string_view, 4> kIdentities = {"universalMessageId", "messageId", "postId", "id"};

bool is_identity(std::string_view value) {
  return value != "null" && value != "\"\"" && value.front() != '{' && value.front() != '[';
}

// The value that names the object; empty where there is none.
std::string_view identity_of(json::ValueWalker object) {
  std::array<std::string_view, kIdentities.size()> found;
  object.enter_object();
  std::string_view key;
  while (object.next_member(key)) {
    const std::string_view value = object.skip_value();
    for (std::size_t at = 0; at < kIdentities.size(); ++at) {
      if (json::same_key(key, kIdentities[at]) && is_identity(value)) found[at] = value;
    }
  }
  for (const auto value : found) {
    if (!value.empty()) return value;
  }
  return {};
}

void append_word(std::string& bytes, std::uint64_t word) {
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(word >> shift));
}

}  // namespace

void RowKey::add_text(std::string_view heading, char kind, std::string_view text) {
  scratch_.assign(heading);
  scratch_.push_back('\0');
  scratch_.push_back(kind);
  scratch_ += text;
  const json::Hash128 hash = json::hash_bytes(scratch_);
  sum_.low += hash.low;  // addition forgets the order
  sum_.high += hash.high;
}

void RowKey::add(std::string_view heading, json::ValueWalker value) {
  std::string_view scalar;
  if (value.at_object()) {
    scalar = identity_of(value);
  } else if (!value.at_array()) {
    scalar = value.skip_value();
    if (scalar == "null") return;
  }
  if (scalar.empty()) {
    return add_text(heading, 'h', json::to_hex(json::hash_value(value)));
  }
  if (!json::is_string(scalar)) return add_text(heading, 's', scalar);
  const std::string_view raw = json::string_content(scalar);
  if (!json::has_escape(raw)) return add_text(heading, 's', raw);
  add_text(heading, 's', json::decode_string(raw));
}

json::Hash128 RowKey::finish() const {
  std::string bytes;
  append_word(bytes, sum_.low);
  append_word(bytes, sum_.high);
  return json::hash_bytes(bytes);
}

}  // namespace engagement::sprinklr
