#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace engagement {

// A character of a text: its code point and the bytes it was written with (a view into the text).
struct Utf8Point {
  char32_t value;
  std::string_view text;
};

// The characters of a text, for short texts (names, secrets), not for records. A byte that belongs to no well-formed
// character counts as one character of its own, with U+DC00 + byte as its value, so nothing is lost or thrown.
inline std::vector<Utf8Point> utf8_points(std::string_view text) {
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  std::vector<Utf8Point> points;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
    if (lead >= 0xf8 || at + length > text.size()) length = 0;
    char32_t value = length == 1 ? lead : length == 0 ? 0 : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + i]);
      if ((byte & 0xc0U) != 0x80U) {
        length = 0;
        break;
      }
      value = (value << 6U) | (byte & 0x3fU);
    }
    const bool surrogate = value >= 0xd800 && value < 0xe000;
    if (length == 0 || value < kSmallest[length] || value > 0x10ffff || surrogate) {
      length = 1;
      value = 0xdc00U + lead;
    }
    points.push_back({value, text.substr(at, length)});
    at += length;
  }
  return points;
}

// Appends the code point as UTF-8. REQUIRES a code point up to U+10FFFF.
inline void append_utf8(std::string& out, char32_t code) {
  const auto add = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0U | (code >> 6U));
    add(0x80U | (code & 63U));
  } else if (code < 0x10000) {
    add(0xE0U | (code >> 12U));
    add(0x80U | ((code >> 6U) & 63U));
    add(0x80U | (code & 63U));
  } else {
    add(0xF0U | (code >> 18U));
    add(0x80U | ((code >> 12U) & 63U));
    add(0x80U | ((code >> 6U) & 63U));
    add(0x80U | (code & 63U));
  }
}

}  // namespace engagement
