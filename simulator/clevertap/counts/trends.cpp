#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "simulator/clevertap/counts/groups.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kMostGroups = 5;

// ISO 8601: weeks begin on Monday, and the year is that of the week's Thursday.
std::string week_of(Day day) {
  const Day thursday = day + std::chrono::days(4 - static_cast<int>(std::chrono::weekday(day).iso_encoding()));
  const std::chrono::year_month_day date(std::chrono::sys_days(thursday.time_since_epoch()));
  const std::chrono::sys_days new_year(date.year() / std::chrono::January / 1);
  const auto week = (std::chrono::sys_days(thursday.time_since_epoch()) - new_year).count() / 7 + 1;
  return fmt::format("{:04}{:02}", static_cast<int>(date.year()), week);
}

std::string bucket_of(const std::string& trend_type, Day day) {
  const int number = day_to_number(day);
  if (trend_type == "daily") return std::to_string(number);
  return trend_type == "weekly" ? week_of(day) : std::to_string(number / 100);
}

struct Bucket {
  std::uint64_t rows = 0;
  std::set<Person> people;
  double sum = 0;
};

// A year at most: up to the day before the same date of the next.
void check_span(const Selection& selection) {
  std::chrono::year_month_day end(std::chrono::sys_days(selection.from.time_since_epoch()));
  end += std::chrono::years(1);
  const std::chrono::sys_days last(end.ok() ? end : end.year() / std::chrono::March / 1);
  if (std::chrono::sys_days(selection.to.time_since_epoch()) >= last) {
    throw BadQuery("Invalid date : a trend spans at most one year", 4002);
  }
}

ordered_json number(double value) {
  if (value == std::floor(value) && std::abs(value) < 9e15) return static_cast<std::int64_t>(value);
  return value;
}

}  // namespace

ordered_json trends(const json& body, const Selection& selection, Selector& selector, const Project& project) {
  const json& groups = groups_in(body);
  if (groups.size() > kMostGroups) throw BadQuery("Invalid group");
  for (const auto& [label, group] : groups.items()) {
    const json type = group.value("trend_type", json());
    if (type != "daily" && type != "weekly" && type != "monthly") throw BadQuery("Invalid group");
  }
  const json unique = body.value("unique", json(false)), sum_of = body.value("sum_event_prop", json());
  if (!unique.is_boolean()) throw BadQuery("Invalid unique");
  if (!sum_of.is_null() && !(sum_of.is_string() && is_known_event_property(sum_of.get<std::string>()))) {
    throw BadQuery("Invalid sum_event_prop");
  }
  check_span(selection);

  std::map<std::string, std::map<std::string, Bucket>> counted;  // by type, then by bucket
  for (const auto& [label, group] : groups.items()) counted[group.at("trend_type").get<std::string>()];
  selector.for_each(selection, [&](const Row& row) {
    double amount = 0;
    if (sum_of.is_string()) {
      amount = number_of(properties_of(project.event_text(), row).event.value(sum_of.get<std::string>(), json()));
    }
    for (auto& [type, buckets] : counted) {
      Bucket& bucket = buckets[bucket_of(type, row.day)];
      ++bucket.rows;
      if (unique.get<bool>()) bucket.people.insert(row.person);
      if (!std::isnan(amount)) bucket.sum += amount;
    }
  });
  ordered_json answer = ordered_json::object();
  for (const auto& [label, group] : groups.items()) {
    ordered_json& series = answer[label] = ordered_json::object();
    for (const auto& [name, bucket] : counted[group.at("trend_type").get<std::string>()]) {
      series[name] = sum_of.is_string()   ? number(bucket.sum)
                     : unique.get<bool>() ? ordered_json(bucket.people.size())
                                          : ordered_json(bucket.rows);
    }
  }
  return answer;
}

}  // namespace engagement::simulator::clevertap
