#pragma once

#include <vector>

#include "sources/clevertap/account.hpp"

namespace engagement::clevertap {

// The streams of this project: the built-in ones that the passcode may read, and the queries, with the project's own
// properties in their schemas. `event_catalogue` is what GET /getSchema?type=events has brought already, or null; `day`
// is what the endpoints are asked for, to see whether they answer.
std::vector<engine::StreamDescription> available_streams(const Config& config, const Account& account,
                                                         const engine::Json& event_catalogue, Day day,
                                                         engine::Context& context, const std::stop_token& stop);

}  // namespace engagement::clevertap
