#pragma once

#include <stop_token>

#include "simulator/clevertap/state.hpp"

namespace engagement::simulator::clevertap {

struct EndpointCall {
  const Request& request;
  const QueryFields& fields;
  const std::optional<Fault>& fault;
  bool gzip = false;
};

// The endpoints that answer in one step: lists, reports, the catalogue, one profile, credential checks, and the 404 of
// all others. Throws Stopped.
Reply small_endpoint(const EndpointCall& call, State& state, const std::stop_token& stop);

// Whether the path's answer is a list of records, which the faults of one record can alter.
bool serves_list(std::string_view path);

}  // namespace engagement::simulator::clevertap
