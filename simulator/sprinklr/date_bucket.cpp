#include "simulator/sprinklr/date_bucket.hpp"

#include <charconv>

namespace engagement::simulator::sprinklr {

namespace {

constexpr std::int64_t kMinute = 60'000;

struct Interval {
  std::int64_t count = 1;
  char unit = 'd';
};

Interval parse(std::string_view text) {
  constexpr std::pair<std::string_view, char> kWords[] = {{"minutes", 'm'}, {"hours", 'h'},  {"days", 'd'},
                                                          {"weeks", 'w'},   {"months", 'M'}, {"quarters", 'q'},
                                                          {"years", 'y'}};
  for (const auto& [word, unit] : kWords) {
    if (text == word) return {1, unit};
  }
  Interval interval;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), interval.count).ptr;
  if (end == text.data() || end == text.data() + text.size() || interval.count < 1) return {};
  interval.unit = *end;
  return interval;
}

Day day_at(std::int64_t time, const TimeZone& zone) { return zone.day_at(SystemTime(std::chrono::milliseconds(time))); }

Day first_day(Day day, const Interval& interval) {
  using std::chrono::days;
  const std::chrono::year_month_day date(day);
  const auto month = static_cast<unsigned>(date.month());
  switch (interval.unit) {
    case 'w':
      return day - (std::chrono::weekday(day) - std::chrono::Monday);
    case 'M':
      return Day(date.year() / date.month() / 1);
    case 'q':
      return Day(date.year() / static_cast<int>((month - 1) / 3 * 3 + 1) / 1);
    case 'y':
      return Day(date.year() / 1 / 1);
    default:
      return day - days(day.time_since_epoch().count() % interval.count);
  }
}

}  // namespace

std::int64_t midnight(Day day, const TimeZone& zone) {
  return std::chrono::milliseconds(zone.to_utc(LocalSeconds(day)).time_since_epoch()).count();
}

std::int64_t bucket_begin(std::int64_t time, std::string_view text, const TimeZone& zone) {
  const Interval interval = parse(text);
  const Day day = day_at(time, zone);
  if (interval.unit != 'm' && interval.unit != 'h') return midnight(first_day(day, interval), zone);
  const std::int64_t begin = midnight(day, zone);
  const std::int64_t length = interval.count * (interval.unit == 'm' ? kMinute : 60 * kMinute);
  return begin + (time - begin) / length * length;
}

std::int64_t hour_of_day(std::int64_t time, const TimeZone& zone) {
  return (time - midnight(day_at(time, zone), zone)) / (60 * kMinute);
}

unsigned weekday_of(std::int64_t time, const TimeZone& zone) {
  return std::chrono::weekday(day_at(time, zone)).c_encoding();
}

unsigned month_of(std::int64_t time, const TimeZone& zone) {
  return static_cast<unsigned>(std::chrono::year_month_day(day_at(time, zone)).month());
}

}  // namespace engagement::simulator::sprinklr
