#include "sources/sprinklr/reports/report_windows.hpp"

#include <algorithm>

namespace engagement::sprinklr {

namespace {

using std::chrono::days;
using std::chrono::hours;

// Cuts the grid's windows to what is to be read, in their order.
class Windows {
 public:
  Windows(SystemTime from, const Period& period, SystemTime last_end, SystemTime now)
      : from_(from), period_(period), last_end_(last_end), now_(now) {}

  void add(SystemTime begin, SystemTime end) {
    begin = std::max(begin, period_.begin);
    end = std::min(end, last_end_);
    // A change of the clock may have swallowed it.
    if (begin >= end || end <= from_ || begin >= now_) return;
    windows_.push_back({begin, end, std::min(end, now_)});
  }

  std::vector<ReportWindow> take() { return std::move(windows_); }

 private:
  SystemTime from_;
  const Period& period_;
  SystemTime last_end_;
  SystemTime now_;
  std::vector<ReportWindow> windows_;
};

void cut_day(Day day, hours width, const TimeZone& zone, Windows& windows) {
  const auto at = [&](hours hour) {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(zone.to_utc(LocalSeconds(day) + hour));
  };
  for (hours hour{0}; hour < days(1); hour += width) {
    windows.add(at(hour), at(std::min(hour + width, std::chrono::duration_cast<hours>(days(1)))));
  }
}

// The last day of the grid that is not after `day`.
Day grid_day(Day day, Day anchor, days step) {
  const auto offset = (day - anchor) % step;
  return day - (offset.count() < 0 ? offset + step : offset);
}

}  // namespace

std::vector<ReportWindow> report_windows(SystemTime from, const Period& period, const TimeZone& zone, hours width,
                                         Day anchor, SystemTime now) {
  from = std::max(from, period.begin);
  if (from >= period.end) return {};
  Windows windows(from, period, start_of(period.last + days(1), zone), now);
  const Day last = std::min(period.last, zone.day_at(now));
  const days step = std::max(days(1), std::chrono::floor<days>(width));
  for (Day day = grid_day(zone.day_at(from), anchor, step); day <= last; day += step) {
    if (width < days(1)) {
      cut_day(day, width, zone, windows);
    } else {
      windows.add(start_of(day, zone), start_of(day + step, zone));
    }
  }
  return windows.take();
}

}  // namespace engagement::sprinklr
