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

using std::chrono::milliseconds;

// Takes `length` digits from the front.
std::optional<int> take_digits(std::string_view& text, std::size_t length) {
  int number = 0;
  if (text.size() < length) return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + length, number);
  if (error != std::errc{} || stop != text.data() + length || number < 0 || text.front() == '-') return std::nullopt;
  text.remove_prefix(length);
  return number;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// "T10:20:30.123456" from the front; the seconds and their fraction may be absent.
std::optional<milliseconds> read_clock(std::string_view& text) {
  if (!take(text, "Tt ")) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  milliseconds time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (!take(text, ":")) return time;
  const auto second = take_digits(text, 2);
  if (!second || *second > 60) return std::nullopt;
  time += std::chrono::seconds(*second);
  if (!take(text, ".,")) return time;
  int unit = 100;
  const std::string_view before = text;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    time += milliseconds((text.front() - '0') * unit);
    unit /= 10;
    text.remove_prefix(1);
  }
  return text.size() == before.size() ? std::nullopt : std::optional(time);
}

// "Z", "+02:00", "-0330" or nothing from the front.
std::optional<std::chrono::minutes> read_offset(std::string_view& text) {
  if (text.empty() || take(text, "Zz")) return std::chrono::minutes(0);
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_digits(text, 2);
  take(text, ":");
  const auto minutes = text.empty() ? std::optional(0) : take_digits(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * std::chrono::minutes(*hours * 60 + *minutes);
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

std::optional<SystemTime> time_from_rfc3339(std::string_view text) {
  const auto day = day_from_text(text.substr(0, 10));
  if (!day) return std::nullopt;
  SystemTime time{std::chrono::sys_days(day->time_since_epoch())};
  text.remove_prefix(10);
  if (text.empty()) return time;
  const auto clock = read_clock(text);
  const auto offset = clock ? read_offset(text) : std::nullopt;
  if (!offset || !text.empty()) return std::nullopt;
  return time + *clock - *offset;
}

}  // namespace engagement
