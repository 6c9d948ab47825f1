#include "core/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

#include "core/error.hpp"

namespace engagement {
namespace {

using std::chrono::seconds;

// The process-wide database, read once. Tz data that is not installed is the machine's fault, not a name's.
const date::tzdb& database() try { return date::get_tzdb(); } catch (const std::exception& error) {
  throw system_error(
      "The system has no time zone data, so no time zone can be used. Install the packages tzdata and, where it "
      "exists, tzdata-legacy.",
      error.what());
}

constexpr std::string_view kUtc = "UTC";

const date::time_zone& as_zone(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

date::local_info info_of(const void* zone, LocalSeconds local) {
  return as_zone(zone).get_info(date::local_seconds{local.time_since_epoch()});
}

}  // namespace

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (name == kUtc) return TimeZone(nullptr);
  const auto& zones = database().zones;
  const auto found = std::find_if(zones.begin(), zones.end(), [&](const auto& zone) { return zone.name() == name; });
  if (found == zones.end()) return std::nullopt;
  return TimeZone(&*found);
}

std::vector<std::string> TimeZone::names() {
  std::vector<std::string> result;
  for (const auto& zone : database().zones) result.push_back(zone.name());
  return result;
}

std::string_view TimeZone::name() const { return zone_ == nullptr ? kUtc : as_zone(zone_).name(); }

std::chrono::sys_seconds TimeZone::to_utc(LocalSeconds local) const {
  if (zone_ == nullptr) return std::chrono::sys_seconds{local.time_since_epoch()};
  // `first` is the offset before the change: that of the first of two occurrences, and for a skipped time the one that
  // moves it forward by the gap (02:30 before a change at 02:00 is half an hour after it).
  const auto info = info_of(zone_, local);
  return std::chrono::sys_seconds{local.time_since_epoch() - info.first.offset};
}

Day TimeZone::day_at(SystemTime time) const {
  if (zone_ == nullptr) return Day{std::chrono::floor<std::chrono::days>(time).time_since_epoch()};
  const auto utc = std::chrono::floor<seconds>(time);
  const auto offset = as_zone(zone_).get_info(date::sys_seconds{utc.time_since_epoch()}).offset;
  return std::chrono::floor<std::chrono::days>(LocalSeconds{utc.time_since_epoch() + offset});
}

std::optional<TimeZone::SteadySpan> TimeZone::steady_span(LocalSeconds local) const {
  if (zone_ == nullptr) return SteadySpan{LocalSeconds::min(), LocalSeconds::max(), seconds{0}};
  // A day is as long as the largest change of a clock ever was, so inside of it no local time is skipped or repeated.
  constexpr seconds kMargin = std::chrono::days{1};
  const auto info = info_of(zone_, local);
  if (info.result != date::local_info::unique) return std::nullopt;
  const SteadySpan span{LocalSeconds{info.first.begin.time_since_epoch() + info.first.offset + kMargin},
                        LocalSeconds{info.first.end.time_since_epoch() + info.first.offset - kMargin},
                        info.first.offset};
  if (local < span.begin || local >= span.end) return std::nullopt;
  return span;
}

}  // namespace engagement
