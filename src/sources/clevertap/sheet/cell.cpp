#include "sources/clevertap/sheet/cell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace engagement::clevertap {

namespace {

using protocol::Json;

constexpr std::string_view kNoBreakSpace = "\xc2\xa0";  // what a paste from a web page brings
constexpr std::string_view kPlainBlanks = " \t\r\n";
constexpr double kLargestExact = 9007199254740992.0;  // 2^53: up to here a double keeps every whole number
constexpr int kExactDigits = 15;                      // as many as a double keeps of every decimal number

bool take_blank(std::string_view& text) {
  if (text.empty()) return false;
  if (text.starts_with(kNoBreakSpace)) {
    text.remove_prefix(kNoBreakSpace.size());
    return true;
  }
  if (kPlainBlanks.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool take_blank_at_end(std::string_view& text) {
  if (text.empty()) return false;
  if (text.ends_with(kNoBreakSpace)) {
    text.remove_suffix(kNoBreakSpace.size());
    return true;
  }
  if (kPlainBlanks.find(text.back()) == std::string_view::npos) return false;
  text.remove_suffix(1);
  return true;
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::size_t take_number_digits(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  text.remove_prefix(length);
  return length;
}

enum class NumberForm { none, whole, decimal };

// RFC 8259, section 6.
NumberForm number_form(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool leading_zero = text.starts_with('0');
  const auto digits = take_number_digits(text);
  if (digits == 0 || (leading_zero && digits > 1)) return NumberForm::none;
  if (text.empty()) return NumberForm::whole;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_number_digits(text) == 0) return NumberForm::none;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (take_number_digits(text) == 0) return NumberForm::none;
  }
  return text.empty() ? NumberForm::decimal : NumberForm::none;
}

// How many digits the number has that say something.
int significant_digits(std::string_view text) {
  std::string digits;
  for (const char letter : text.substr(0, text.find_first_of("eE"))) {
    if (is_digit(letter) && (letter != '0' || !digits.empty())) digits.push_back(letter);
  }
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  return static_cast<int>(digits.size());
}

template <typename Number>
std::optional<Number> whole_text(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Json whole_if_exact(double number) {
  if (std::trunc(number) == number && std::abs(number) <= kLargestExact) return static_cast<std::int64_t>(number);
  return number;
}

// Where the text that begins with a double quote ends with one: before a bar or at the end.
std::size_t closing_quote(std::string_view text) {
  for (auto at = text.find('"', 1); at != std::string_view::npos; at = text.find('"', at + 1)) {
    auto rest = text.substr(at + 1);
    while (take_blank(rest)) continue;
    if (rest.empty() || rest.front() == '|') return at;
  }
  throw CellProblem(
      fmt::format("\"{}\" begins with a double quote that is never closed. Put the whole text in double quotes, or "
                  "none of it.",
                  text));
}

// Takes the first part from `text`, with the bar behind it. Returns whether there was one: then another part follows.
bool take_item(std::string_view& text, CellItem& item) {
  text = without_blanks(text);
  item.quoted = text.starts_with('"');
  const std::size_t quote = item.quoted ? closing_quote(text) : 0;
  const auto bar = text.find('|', quote);
  item.text = std::string(item.quoted ? text.substr(1, quote - 1) : without_blanks(text.substr(0, bar)));
  text.remove_prefix(bar == std::string_view::npos ? text.size() : bar + 1);
  return bar != std::string_view::npos;
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
  while (take_blank(text)) continue;
  while (take_blank_at_end(text)) continue;
  return text;
}

bool is_empty_cell(const Cell& cell) {
  return cell.is_null() || (cell.is_string() && without_blanks(cell.get_ref<const std::string&>()).empty());
}

std::string cell_text(const Cell& cell) {
  if (cell.is_string()) return std::string(without_blanks(cell.get_ref<const std::string&>()));
  if (cell.is_boolean()) return cell.get<bool>() ? "TRUE" : "FALSE";
  return cell.is_number() ? plain_number(cell).dump() : std::string();
}

std::optional<Json> json_number(std::string_view text) {
  const auto form = number_form(text);
  if (form == NumberForm::none) return std::nullopt;
  if (form == NumberForm::whole) {
    if (const auto number = whole_text<std::int64_t>(text)) return *number;
    if (const auto number = whole_text<std::uint64_t>(text)) return *number;
  }
  const auto number = whole_text<double>(text);
  if (number && std::isfinite(*number) && significant_digits(text) <= kExactDigits) return whole_if_exact(*number);
  throw CellProblem(fmt::format(
      "{} cannot be sent as exactly this number. If it is text, an id perhaps, write it in double quotes.", text));
}

Json plain_number(const Cell& cell) { return cell.is_number_float() ? whole_if_exact(cell.get<double>()) : cell; }

std::vector<CellItem> cut_at_bars(std::string_view text) {
  std::vector<CellItem> items;
  std::string_view rest = text;
  for (bool more = true; more;) more = take_item(rest, items.emplace_back());
  for (const auto& item : items) {
    if (item.quoted) continue;
    if (item.text.empty()) {
      throw CellProblem(fmt::format(
          "\"{}\" has nothing on one side of a bar. Write a value there, or put text with a bar in double quotes.",
          text));
    }
    if (items.size() > 1 && std::count(item.text.begin(), item.text.end(), '"') % 2 != 0) {
      throw CellProblem(
          fmt::format("In \"{}\" it is not clear which bars separate. Put each whole value in double quotes, as in "
                      "\"a|b\" | \"c\".",
                      text));
    }
  }
  return items;
}

}  // namespace engagement::clevertap
