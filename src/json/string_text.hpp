#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace engagement::json {

// `raw` is the content of a JSON string as written, without its quotes, escapes checked before.

// Its text in UTF-8. A lone surrogate becomes U+FFFD.
std::string decode_string(std::string_view raw);

// Strings are short: eight bytes at a time beat a call of memchr.
inline bool has_escape(std::string_view raw) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::size_t at = 0;
  for (; at + 8 <= raw.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, raw.data() + at, 8);
    word ^= kOnes * '\\';
    if (((word - kOnes) & ~word & (kOnes << 7)) != 0) return true;
  }
  for (; at < raw.size(); ++at) {
    if (raw[at] == '\\') return true;
  }
  return false;
}

// Whether a member's name, as written, says `name` (which is plain ASCII): "t\u0073" is "ts".
inline bool same_key(std::string_view raw, std::string_view name) {
  if (raw.size() == name.size()) return std::memcmp(raw.data(), name.data(), name.size()) == 0;
  // An escape is longer than what it says, and most names differ in their first letter.
  if (raw.size() < name.size() || name.empty() || (raw.front() != name.front() && raw.front() != '\\')) return false;
  return has_escape(raw) && decode_string(raw) == name;
}

// Whether a value as written is a string, and its content.
inline bool is_string(std::string_view value) { return !value.empty() && value.front() == '"'; }
inline std::string_view string_content(std::string_view value) { return value.substr(1, value.size() - 2); }

// Appends `text` (any bytes; bad UTF-8 becomes U+FFFD) as a JSON string with its quotes, safe inside a protocol line:
// nothing in it ends a line for any reader.
void append_quoted(std::string& out, std::string_view text);

}  // namespace engagement::json
