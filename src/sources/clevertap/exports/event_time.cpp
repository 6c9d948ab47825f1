#include "sources/clevertap/exports/event_time.hpp"

#include <algorithm>
#include <array>

#include "json/string_text.hpp"

namespace engagement::clevertap {

namespace {

int number_at(std::string_view digits, std::size_t at, std::size_t length) {
  int number = 0;
  for (std::size_t index = at; index < at + length; ++index) number = number * 10 + (digits[index] - '0');
  return number;
}

std::optional<LocalSeconds> parse(std::string_view ts) {
  if (json::is_string(ts)) ts = json::string_content(ts);
  const bool digits = ts.size() == 14 && std::all_of(ts.begin(), ts.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return std::nullopt;
  const auto day = day_from_number(number_at(ts, 0, 8));
  const int hour = number_at(ts, 8, 2);
  const int minute = number_at(ts, 10, 2);
  const int second = number_at(ts, 12, 2);
  if (!day || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return LocalSeconds(*day) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

void write_two(char* at, std::int64_t number) {
  at[0] = static_cast<char>('0' + number / 10);
  at[1] = static_cast<char>('0' + number % 10);
}

}  // namespace

bool EventTime::append(std::string& out, std::string_view ts) {
  const auto local = parse(ts);
  if (!local) return false;
  const auto utc = to_utc(*local);
  const auto day = std::chrono::floor<std::chrono::days>(utc);
  if (day_text_.empty() || day != day_) {
    day_ = day;
    day_text_ = day_to_text(Day(day.time_since_epoch()));
  }
  const std::int64_t seconds = (utc - day).count();
  std::array<char, 11> time = {'T', '0', '0', ':', '0', '0', ':', '0', '0', 'Z', '"'};
  write_two(&time[1], seconds / 3600);
  write_two(&time[4], seconds / 60 % 60);
  write_two(&time[7], seconds % 60);
  out.push_back('"');
  out += day_text_;
  out.append(time.data(), time.size());
  return true;
}

std::chrono::sys_seconds EventTime::to_utc(LocalSeconds local) {
  if (!span_ || local < span_->begin || local >= span_->end) span_ = zone_.steady_span(local);
  if (!span_) return zone_.to_utc(local);
  return std::chrono::sys_seconds((local - span_->offset).time_since_epoch());
}

}  // namespace engagement::clevertap
