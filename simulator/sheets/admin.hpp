#pragma once

#include "simulator/sheets/vendor.hpp"

namespace engagement::simulator::sheets {

inline constexpr std::string_view kAdminPrefix = "/_simulator/";

// The simulator's own endpoints, under kAdminPrefix: requests, faults, sheet, key, info. They need no credentials and
// are neither logged nor subject to faults.
Reply admin(const Request& request, State& state);

}  // namespace engagement::simulator::sheets
