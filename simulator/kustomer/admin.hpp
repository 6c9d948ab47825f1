#pragma once

#include "simulator/common/message.hpp"
#include "simulator/kustomer/state.hpp"

namespace engagement::simulator::kustomer {

inline constexpr std::string_view kAdminPrefix = "/_simulator/";

// The simulator's own endpoints, under kAdminPrefix: requests, faults, truth, records, now, rows, info. They need no
// credentials and are neither logged nor limited nor subject to faults.
Reply admin(const Request& request, State& state);

}  // namespace engagement::simulator::kustomer
