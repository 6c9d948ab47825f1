#include "sources/clevertap/queries/answer_number.hpp"

#include <charconv>

#include "json/string_text.hpp"

namespace engagement::clevertap {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::int64_t kMostZeros = 100;  // that an exponent may append: nobody counts further

// The parts of a number in the grammar of RFC 8259, section 6, but for leading zeros.
struct Parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;  // without its dot
  std::string_view exponent;  // with its letter
};

std::string_view take_digits(std::string_view& text) {
  const auto digits = text.substr(0, text.find_first_not_of(kDigits));
  text.remove_prefix(digits.size());
  return digits;
}

std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  parts.negative = text.starts_with('-');
  if (parts.negative) text.remove_prefix(1);
  parts.whole = take_digits(text);
  if (parts.whole.empty()) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    parts.fraction = take_digits(text);
    if (parts.fraction.empty()) return std::nullopt;
  }
  if (text.empty()) return parts;
  parts.exponent = text;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (take_digits(text).empty() || !text.empty()) return std::nullopt;
  return parts;
}

std::string_view without_leading_zeros(std::string_view digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? digits.substr(digits.size() - 1) : digits.substr(first);
}

std::string content_of(std::string_view value) {
  return json::is_string(value) ? json::decode_string(json::string_content(value)) : std::string(value);
}

std::optional<std::int64_t> exponent_of(const Parts& parts) {
  if (parts.exponent.empty()) return 0;
  auto text = parts.exponent.substr(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(exponent) : std::nullopt;
}

// The digits of a whole number; nullopt for any other.
std::optional<std::string> whole_digits(const Parts& parts) {
  std::string digits(parts.whole);
  digits += parts.fraction;
  const auto exponent = exponent_of(parts);
  if (!exponent || *exponent > kMostZeros || *exponent < -kMostZeros) return std::nullopt;
  std::int64_t point = *exponent - static_cast<std::int64_t>(parts.fraction.size());
  for (; point < 0 && digits.size() > 1 && digits.back() == '0'; ++point) digits.pop_back();
  if (point < 0 && digits != "0") return std::nullopt;
  if (point > 0) digits.append(static_cast<std::size_t>(point), '0');
  return std::string(without_leading_zeros(digits));
}

}  // namespace

std::optional<std::string> number_in(std::string_view value) {
  const std::string text = content_of(value);
  const auto parts = parts_of(text);
  if (!parts) return std::nullopt;
  std::string number = parts->negative ? "-" : "";
  number += without_leading_zeros(parts->whole);
  if (!parts->fraction.empty()) number.append(".").append(parts->fraction);
  return number.append(parts->exponent);
}

std::optional<std::string> count_in(std::string_view value) {
  const std::string text = content_of(value);
  const auto parts = parts_of(text);
  return parts && !parts->negative ? whole_digits(*parts) : std::nullopt;
}

std::optional<std::int64_t> integer_in(std::string_view value) {
  constexpr std::size_t kMostDigits = 18;
  const std::string text = content_of(value);
  const auto parts = parts_of(text);
  const auto digits = parts ? whole_digits(*parts) : std::nullopt;
  if (!digits || digits->size() > kMostDigits) return std::nullopt;
  const std::int64_t number = std::stoll(*digits);
  return parts->negative ? -number : number;
}

}  // namespace engagement::clevertap
