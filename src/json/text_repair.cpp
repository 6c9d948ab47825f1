#include "json/text_repair.hpp"

#include <array>
#include <cstring>

namespace engagement::json {

namespace {

// Sixteen bytes at a time, in the compilers' own vector type: every processor that we run on has such registers.
using Bytes = unsigned char __attribute__((vector_size(16)));

Bytes load(const char* at) {
  Bytes bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

Bytes equal(Bytes bytes, unsigned char wanted) { return reinterpret_cast<Bytes>(bytes == wanted); }

bool any(Bytes bytes) {
  std::array<std::uint64_t, 2> words;
  std::memcpy(words.data(), &bytes, sizeof bytes);
  return (words[0] | words[1]) != 0;
}

bool is_separator_at(const unsigned char* text, std::size_t index) {
  return (text[index] == 0xC2 && text[index + 1] == 0x85) ||
         (text[index] == 0xE2 && text[index + 1] == 0x80 && (text[index + 2] | 1) == 0xA9);
}

int hex_value(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

// The code unit of the \uXXXX whose backslash is at `at`, or -1.
int code_unit(const char* text, std::size_t size, std::size_t at) {
  if (at + 6 > size || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int value = 0;
  for (std::size_t index = at + 2; index < at + 6; ++index) {
    const int digit = hex_value(text[index]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool is_high_surrogate(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_surrogate(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// The length of the well-formed UTF-8 sequence at `at`, or 0 (Unicode, table 3-7).
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t index) {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : static_cast<unsigned char>(0);
  };
  const auto follows = [&](std::size_t index, unsigned char low, unsigned char high) {
    return byte(index) >= low && byte(index) <= high;
  };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(at + 1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned char low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = first == 0xED ? 0x9F : 0xBF;
    return follows(at + 1, low, high) && follows(at + 2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned char low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(at + 1, low, high) && follows(at + 2, 0x80, 0xBF) && follows(at + 3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

// Walks the text once, remembering whether it is inside a string.
class Rewriter {
 public:
  Rewriter(std::string_view text, PaddedBuffer& out) : text_(text), out_(out) {}

  Repairs run() {
    for (std::size_t at = 0; at < text_.size();) at += step(at);
    return repairs_;
  }

 private:
  std::size_t step(std::size_t at) {
    const std::size_t length = utf8_length(text_, at);
    if (length == 0) {
      out_.append("\xEF\xBF\xBD");
      ++repairs_.invalid_utf8;
      return 1;
    }
    if (length > 1) return copy_wide(at, length);
    const char letter = text_[at];
    if (in_string_ && static_cast<unsigned char>(letter) < 0x20) return escape_control(letter);
    // A backslash before a control character stays as it is, and so malformed: escaped, it would become another text.
    if (in_string_ && letter == '\\' && at + 1 < text_.size() && static_cast<unsigned char>(text_[at + 1]) < 0x80) {
      out_.append(text_.substr(at, 2));
      return 2;
    }
    if (letter == '"') in_string_ = !in_string_;
    out_.append(text_.substr(at, 1));
    return 1;
  }

  std::size_t copy_wide(std::size_t at, std::size_t length) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text_.data());
    if (in_string_ && length < 4 && is_separator_at(bytes, at)) {
      out_.append(length == 2 ? "\\u0085" : bytes[at + 2] == 0xA8 ? "\\u2028" : "\\u2029");
      ++repairs_.line_separators;
    } else {
      out_.append(text_.substr(at, length));
    }
    return length;
  }

  std::size_t escape_control(char letter) {
    static constexpr char kHex[] = "0123456789abcdef";
    const std::array<char, 6> escape = {'\\', 'u', '0', '0', kHex[(letter >> 4) & 15], kHex[letter & 15]};
    out_.append({escape.data(), escape.size()});
    ++repairs_.control_characters;
    return 1;
  }

  std::string_view text_;
  PaddedBuffer& out_;
  Repairs repairs_;
  bool in_string_ = false;
};

}  // namespace

Repairs& Repairs::operator+=(const Repairs& other) {
  invalid_utf8 += other.invalid_utf8;
  lone_surrogates += other.lone_surrogates;
  control_characters += other.control_characters;
  line_separators += other.line_separators;
  return *this;
}

TextTraits scan_text(std::string_view text) {
  Bytes backslash{};
  Bytes line_break{};
  Bytes separator{};
  // Reads up to two bytes into the padding behind the text, which holds blanks.
  for (std::size_t at = 0; at < text.size(); at += sizeof(Bytes)) {
    const Bytes here = load(text.data() + at);
    const Bytes next = load(text.data() + at + 1);
    const Bytes third = load(text.data() + at + 2);
    backslash |= equal(here, '\\');
    line_break |= equal(here, '\n') | equal(here, '\r');
    separator |= (equal(here, 0xC2) & equal(next, 0x85)) |
                 (equal(here, 0xE2) & equal(next, 0x80) & (equal(third, 0xA8) | equal(third, 0xA9)));
  }
  return {any(backslash), any(line_break), any(separator)};
}

std::uint64_t check_escapes(char* text, std::size_t size) {
  std::uint64_t replaced = 0;
  const auto replace = [&](std::size_t at) {
    std::memcpy(text + at, "\\ufffd", 6);
    ++replaced;
  };
  std::size_t at = 0;
  while (at < size) {
    const void* found = std::memchr(text + at, '\\', size - at);
    if (found == nullptr) break;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - text);
    const char kind = at + 1 < size ? text[at + 1] : '\0';
    if (kind != 'u') {
      if (kind == '\0' || std::strchr("\"\\/bfnrt", kind) == nullptr) throw MalformedJson("an unknown escape", at);
      at += 2;
      continue;
    }
    const int unit = code_unit(text, size, at);
    if (unit < 0) throw MalformedJson("an escape \\u without four hexadecimal digits", at);
    if (is_high_surrogate(unit) && is_low_surrogate(code_unit(text, size, at + 6))) {
      at += 12;
      continue;
    }
    if (is_high_surrogate(unit) || is_low_surrogate(unit)) replace(at);
    at += 6;
  }
  return replaced;
}

void blank_line_breaks(char* text, std::size_t size) {
  for (std::size_t index = 0; index < size; ++index) {
    if (text[index] == '\n' || text[index] == '\r') text[index] = ' ';
  }
}

Repairs rewrite_safely(std::string_view text, PaddedBuffer& out) {
  out.clear();
  out.reserve_room(text.size() + text.size() / 8);
  const Repairs repairs = Rewriter(text, out).run();
  out.pad();
  return repairs;
}

}  // namespace engagement::json
