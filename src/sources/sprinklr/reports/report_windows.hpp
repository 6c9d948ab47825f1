#pragma once

#include <chrono>
#include <vector>

#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// What one request of a report covers. Half open; the API's own end is inclusive, a millisecond before.
struct ReportWindow {
  SystemTime begin;
  SystemTime end;       // nominal: of the running window it lies in the future
  SystemTime read_end;  // up to where there can be rows: `end`, or the moment of the sync
};

// The windows from the one that holds `from` to the period's end, without gap or overlap, on a grid that the days of
// `zone` make: a width of less than a day cuts each day from its midnight on, one of a day or more counts whole days
// from `anchor` on. A day of 23 or 25 hours is one day. Cut off at the period's ends.
std::vector<ReportWindow> report_windows(SystemTime from, const Period& period, const TimeZone& zone,
                                         std::chrono::hours width, Day anchor, SystemTime now);

}  // namespace engagement::sprinklr
