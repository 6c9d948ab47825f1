#include "core/lower_case.hpp"

#include <clocale>
#include <cwctype>

#include "core/utf8_points.hpp"

namespace engagement {

namespace {

char32_t lower_letter(char32_t letter) {
  // A part of the C library, whatever the machine's locales are.
  static const locale_t unicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (unicode == nullptr) return letter;
  return static_cast<char32_t>(::towlower_l(static_cast<wint_t>(letter), unicode));
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower;
  lower.reserve(text.size());
  for (const Utf8Point& point : utf8_points(text)) {
    const bool bad_byte = point.value >= 0xDC00 && point.value <= 0xDFFF;
    if (point.value < 0x80) {
      const char letter = point.text.front();
      lower.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter);
    } else if (point.value == 0x130) {
      lower += "i\xCC\x87";  // the one letter that becomes two
    } else if (bad_byte) {
      lower += point.text;
    } else {
      append_utf8(lower, lower_letter(point.value));
    }
  }
  return lower;
}

}  // namespace engagement
