#pragma once

#include "simulator/clevertap/state.hpp"
#include "simulator/common/message.hpp"

namespace engagement::simulator::clevertap {

inline constexpr std::string_view kAdminPrefix = "/_simulator/";

// The simulator's own endpoints, under kAdminPrefix: requests, faults, truth and what is under it, records, curl,
// today, late, content_block, info. They need no credentials and are neither logged nor subject to faults.
Reply admin(const Request& request, State& state);

}  // namespace engagement::simulator::clevertap
