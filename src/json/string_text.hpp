#pragma once

#include <string>
#include <string_view>

namespace engagement::json {

// `raw` is the content of a JSON string as written, without its quotes, escapes checked before.

// Its text in UTF-8. A lone surrogate becomes U+FFFD.
std::string decode_string(std::string_view raw);

// Whether a member's name, as written, says `name` (which is plain ASCII): "t\u0073" is "ts".
inline bool same_key(std::string_view raw, std::string_view name) {
  if (raw == name) return true;
  return raw.size() > name.size() && raw.find('\\') != std::string_view::npos && decode_string(raw) == name;
}

// Whether a value as written is a string, and its content.
inline bool is_string(std::string_view value) { return !value.empty() && value.front() == '"'; }
inline std::string_view string_content(std::string_view value) { return value.substr(1, value.size() - 2); }

// Appends `text` (any bytes) as a JSON string with its quotes, safe inside a protocol line.
void append_quoted(std::string& out, std::string_view text);

}  // namespace engagement::json
