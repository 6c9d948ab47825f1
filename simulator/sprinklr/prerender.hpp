#pragma once

#include <stop_token>
#include <string>

#include "simulator/sprinklr/state.hpp"

namespace engagement::simulator::sprinklr {

// Renders the pages of a report query (JSON text) in advance, plain and compressed, window by window of `days` days of
// the query's zone from the corpus's first day on; 0: all days in one window. From a pool, one round of it. Throws
// ConnectorError for what is no query.
void prerender(State& state, const std::string& query_text, std::uint64_t days, const std::stop_token& stop);

}  // namespace engagement::simulator::sprinklr
