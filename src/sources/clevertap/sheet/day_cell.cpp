#include "sources/clevertap/sheet/day_cell.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/lower_case.hpp"
#include "core/time_text.hpp"

namespace engagement::clevertap {

namespace {

using std::chrono::days;

constexpr Day kSheetsDayZero{std::chrono::year{1899} / 12 / 30};
constexpr Day kEarliest{std::chrono::year{1970} / 1 / 1};
constexpr double kFirstOfEightDigits = 1e7;
constexpr double kBeyondEightDigits = 1e8;

std::optional<Day> not_too_early(std::optional<Day> day) { return day && *day >= kEarliest ? day : std::nullopt; }

std::optional<Day> day_of_number(double number) {
  if (number >= kFirstOfEightDigits && number < kBeyondEightDigits && std::trunc(number) == number) {
    return day_from_number(static_cast<std::int64_t>(number));
  }
  // Dates of years with more than four digits are none that a sheet shows.
  if (number < 0 || number >= 3e6) return std::nullopt;
  return kSheetsDayZero + days(static_cast<int>(number));
}

std::optional<Day> day_of_digits(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.size() != 8 || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return day_from_number(number);
}

// "2026-01-31T10:20:30+02:00".
std::optional<Day> day_of_moment(std::string_view text, const TimeZone& zone) {
  constexpr std::size_t kDayLength = 10;
  const auto moment = text.size() > kDayLength ? time_from_rfc3339(text) : std::nullopt;
  if (!moment) return std::nullopt;
  const bool has_offset = text.find_first_of("Zz+-", kDayLength) != std::string_view::npos;
  return has_offset ? std::optional(zone.day_at(*moment)) : day_from_text(text.substr(0, kDayLength));
}

// "today", "yesterday", "-7d".
std::optional<Day> relative_day(const std::string& word, Day today) {
  if (word == "today") return today;
  if (word == "yesterday") return today - days(1);
  constexpr std::size_t kMostLetters = 7;  // "-99999d"
  if (word.size() < 3 || word.size() > kMostLetters || word.front() != '-' || word.back() != 'd') return std::nullopt;
  int count = 0;
  const char* end = word.data() + word.size() - 1;
  const auto [stop, error] = std::from_chars(word.data() + 1, end, count);
  if (error != std::errc() || stop != end || count < 0) return std::nullopt;
  return today - days(count);
}

std::optional<Day> day_of_text(const std::string& text, Day today, const TimeZone& zone) {
  auto day = day_of_digits(text);
  if (!day) day = day_from_text(text);
  if (!day) day = day_of_moment(text, zone);
  return day ? day : relative_day(lower_case(text), today);
}

}  // namespace

Day day_in_cell(const Cell& cell, Day today, const TimeZone& zone) {
  std::optional<Day> day;
  if (cell.is_number()) day = day_of_number(cell.get<double>());
  if (cell.is_string()) day = day_of_text(cell_text(cell), today, zone);
  if (const auto sensible = not_too_early(day)) return *sensible;
  throw CellProblem(fmt::format(
      "\"{}\" is no day that can be told for sure. Write a date cell, 20260131, 2026-01-31, today, yesterday or -7d.",
      cell_text(cell)));
}

}  // namespace engagement::clevertap
