#pragma once

#include <string_view>

#include "json/padded_buffer.hpp"
#include "json/structural_index.hpp"

namespace engagement::json {

// What one fast pass over a text tells. The usual page has none of these and costs nothing further.
struct TextTraits {
  bool has_backslash = false;
  bool has_line_break = false;      // '\n' or '\r', anywhere
  bool has_line_separator = false;  // U+0085, U+2028 or U+2029
};
// REQUIRES: kPadding readable bytes behind the text, as a padded PaddedBuffer has them.
TextTraits scan_text(std::string_view text);

// Checks every escape (throws MalformedJson at a bad one) and turns each lone surrogate into \ufffd, in place.
// Returns how many. Call on text with a backslash only.
std::uint64_t check_escapes(char* text, std::size_t size);

// Line breaks outside of strings become blanks, in place. Only after a StructuralIndex has accepted the text: then no
// string holds one.
void blank_line_breaks(char* text, std::size_t size);

// Copies `text` to `out` with bad UTF-8 replaced, and control characters inside strings and line separators escaped.
Repairs rewrite_safely(std::string_view text, PaddedBuffer& out);

}  // namespace engagement::json
