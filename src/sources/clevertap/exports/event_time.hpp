#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time_zone.hpp"

namespace engagement::clevertap {

// CleverTap's `ts`, yyyyMMddHHmmss in the project's time zone, as RFC 3339 in UTC. Keeps what it last looked up, since
// neighbouring records have neighbouring times. Not thread safe.
class EventTime {
 public:
  explicit EventTime(TimeZone zone) : zone_(zone) {}

  // Appends `"2026-08-29T20:01:45Z"` with its quotes. False, and nothing appended, when `ts` (a number or a string of
  // fourteen digits, as written) is no moment of the calendar.
  bool append(std::string& out, std::string_view ts);

 private:
  std::chrono::sys_seconds to_utc(LocalSeconds local);

  TimeZone zone_;
  std::optional<TimeZone::SteadySpan> span_;
  std::chrono::sys_days day_{};
  std::string day_text_;
};

}  // namespace engagement::clevertap
