#pragma once

#include "simulator/common/message.hpp"
#include "simulator/sprinklr/state.hpp"

namespace engagement::simulator::sprinklr {

inline constexpr std::string_view kAdminPrefix = "/_simulator/";

// The simulator's own endpoints, under kAdminPrefix: requests, faults, truth, rows, now, restate, touch, tokens, info.
// They need no credentials and are neither logged nor subject to faults.
Reply admin(const Request& request, State& state);

// "1767225600000" (epoch ms), "20260131" (a day of UTC: its first millisecond, or its last) or an RFC 3339 time in UTC.
// Throws ConnectorError.
std::int64_t parse_time(const std::string& text, bool upper);

}  // namespace engagement::simulator::sprinklr
