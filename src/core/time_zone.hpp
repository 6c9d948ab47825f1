#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/time_text.hpp"

namespace engagement {

using LocalSeconds = std::chrono::local_seconds;

// A zone of the IANA database, as the system's tz data has it (legacy names such as US/Pacific too). Immutable and
// thread safe; copies share. Local times that a change of the clock repeats or skips are resolved without loss: a
// repeated one is its first occurrence, a skipped one moves forward by the gap. The tz data lists changes up to the end
// of 2037; from then on its last offset holds.
class TimeZone {
 public:
  // nullopt for a name that the tz data does not have. Names are case sensitive.
  static std::optional<TimeZone> find(std::string_view name);
  // Every name of the tz data, for suggestions.
  static std::vector<std::string> names();

  std::string_view name() const;
  std::chrono::sys_seconds to_utc(LocalSeconds local) const;
  // The day it is in this zone at `time`.
  Day day_at(SystemTime time) const;

  // The half-open span of local times around `local` in which to_utc() is local - offset, both ends at least a day
  // from any change of the clock; nullopt where a change is nearer. Lets a reader of millions of timestamps do
  // subtraction instead of a look-up.
  struct SteadySpan {
    LocalSeconds begin, end;
    std::chrono::seconds offset;
  };
  std::optional<SteadySpan> steady_span(LocalSeconds local) const;

 private:
  explicit TimeZone(const void* zone) : zone_(zone) {}
  // date::time_zone of the process-wide database, which lives as long as the process; nullptr: UTC, for which nobody
  // should have to wait until every file of the tz data is looked at.
  const void* zone_;
};

}  // namespace engagement
