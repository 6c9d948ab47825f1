#include "core/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace engagement {
namespace {

using std::chrono::year_month_day;

constexpr std::int64_t kFirstEightDigits = 1000'01'01;
constexpr std::int64_t kLastEightDigits = 9999'12'31;

std::optional<Day> day_from_parts(int year, unsigned month, unsigned day) {
  const year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (year < 1 || !date.ok()) return std::nullopt;
  return Day{date};
}

}  // namespace

std::optional<Day> day_from_number(std::int64_t yyyymmdd) {
  if (yyyymmdd < kFirstEightDigits || yyyymmdd > kLastEightDigits) return std::nullopt;
  return day_from_parts(static_cast<int>(yyyymmdd / 10000), static_cast<unsigned>(yyyymmdd / 100 % 100),
                        static_cast<unsigned>(yyyymmdd % 100));
}

int day_to_number(Day day) {
  const year_month_day date{day};
  return static_cast<int>(date.year()) * 10000 + static_cast<int>(static_cast<unsigned>(date.month())) * 100 +
         static_cast<int>(static_cast<unsigned>(date.day()));
}

std::optional<Day> day_from_text(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  std::array<unsigned, 3> parts{};
  const std::array<std::string_view, 3> texts{text.substr(0, 4), text.substr(5, 2), text.substr(8, 2)};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const char* end = texts[i].data() + texts[i].size();
    const auto [stop, error] = std::from_chars(texts[i].data(), end, parts[i]);
    if (error != std::errc{} || stop != end) return std::nullopt;
  }
  return day_from_parts(static_cast<int>(parts[0]), parts[1], parts[2]);
}

std::string day_to_text(Day day) {
  const year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string to_rfc3339(SystemTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{time - day};
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", day_to_text(Day{day.time_since_epoch()}),
                                 clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) text += fmt::format(".{:03}", clock.subseconds().count());
  return text + 'Z';
}

}  // namespace engagement
