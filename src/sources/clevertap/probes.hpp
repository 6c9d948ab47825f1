#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sources/clevertap/built_in_streams.hpp"

namespace engagement::clevertap {

// What the smallest request to an endpoint brought.
struct ProbeResult {
  bool refused = false;  // 401, 403 or 404: this passcode, or this project, does not have the endpoint
  engine::Json body;     // of a success; null otherwise
};

// Sends each row's probe once, side by side, none of them a second time; a refusal is logged as a warning that names
// the stream and its endpoint. In the order of `rows`; each row must have a probe.
std::vector<ProbeResult> probe(const std::vector<const BuiltInStream*>& rows, const Account& account, Day day,
                               engine::Context& context, const std::stop_token& stop);

}  // namespace engagement::clevertap
