#pragma once

#include <cstdint>
#include <string_view>

#include "core/time_zone.hpp"

namespace engagement::simulator::sprinklr {

// The epoch ms at which a day begins.
std::int64_t midnight(Day day, const TimeZone& zone);

// The epoch ms at which the bucket of `time` begins, for an interval such as "1h", "5d", "1w", "weeks": its edges are
// those of the zone's own days, whatever their length. Weeks begin on Monday; hours count from midnight, days of a
// longer interval from 1970-01-01. An empty or unknown interval is a day.
std::int64_t bucket_begin(std::int64_t time, std::string_view interval, const TimeZone& zone);

// The same time in the zone: what TIME_OF_DAY, DAY_OF_WEEK and MONTH_OF_YEAR group by.
std::int64_t hour_of_day(std::int64_t time, const TimeZone& zone);
unsigned weekday_of(std::int64_t time, const TimeZone& zone);  // 0: Sunday
unsigned month_of(std::int64_t time, const TimeZone& zone);    // 1: January

}  // namespace engagement::simulator::sprinklr
