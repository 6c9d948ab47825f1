#include "json/string_text.hpp"

#include <algorithm>
#include <cstdint>

#include "core/utf8_points.hpp"

namespace engagement::json {

namespace {

unsigned hex_digit(char letter) {
  if (letter <= '9') return static_cast<unsigned>(letter - '0');
  return static_cast<unsigned>((letter | 0x20) - 'a') + 10;
}

std::uint32_t code_unit(std::string_view raw, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t index = at + 2; index < at + 6; ++index) value = value * 16 + hex_digit(raw[index]);
  return value;
}

bool is_unit_escape(std::string_view raw, std::size_t at) {
  return at + 6 <= raw.size() && raw[at] == '\\' && raw[at + 1] == 'u';
}

char simple_escape(char kind) {
  switch (kind) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return kind;
  }
}

// Appends what the \uXXXX at `at` (with its second half, if it has one) says; returns how many bytes it took.
std::size_t append_unit_escape(std::string& out, std::string_view raw, std::size_t at) {
  const std::uint32_t unit = code_unit(raw, at);
  if (unit < 0xD800 || unit > 0xDFFF) {
    append_utf8(out, unit);
    return 6;
  }
  if (unit < 0xDC00 && is_unit_escape(raw, at + 6)) {
    const std::uint32_t second = code_unit(raw, at + 6);
    if (second >= 0xDC00 && second <= 0xDFFF) {
      append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
      return 12;
    }
  }
  append_utf8(out, 0xFFFD);
  return 6;
}

void append_ascii(std::string& out, char letter) {
  static constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(letter);
  if (letter == '"' || letter == '\\') {
    out.push_back('\\');
    out.push_back(letter);
  } else if (byte < 0x20) {
    out += "\\u00";
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  } else {
    out.push_back(letter);
  }
}

void append_point(std::string& out, const Utf8Point& point) {
  const bool is_bad_byte = point.value >= 0xDC00 && point.value <= 0xDFFF;
  if (point.value < 0x80) {
    append_ascii(out, point.text.front());
  } else if (point.value == 0x85) {
    out += "\\u0085";
  } else if (point.value == 0x2028 || point.value == 0x2029) {
    out += point.value == 0x2028 ? "\\u2028" : "\\u2029";
  } else {
    out += is_bad_byte ? std::string_view("\xEF\xBF\xBD") : point.text;
  }
}

}  // namespace

std::string decode_string(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '\\' || at + 1 == raw.size()) {
      out.push_back(raw[at++]);
    } else if (is_unit_escape(raw, at)) {
      at += append_unit_escape(out, raw, at);
    } else {
      out.push_back(simple_escape(raw[at + 1]));
      at += 2;
    }
  }
  return out;
}

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  if (std::all_of(text.begin(), text.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x80; })) {
    for (const char letter : text) append_ascii(out, letter);
  } else {
    for (const Utf8Point& point : utf8_points(text)) append_point(out, point);
  }
  out.push_back('"');
}

}  // namespace engagement::json
