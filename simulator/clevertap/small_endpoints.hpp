#pragma once

#include "simulator/clevertap/query.hpp"

namespace engagement::simulator::clevertap {

// The endpoints that answer at once: /getSchema, /v1/connect, /1/now.json, /1/profile.json, and the 404 of all others.
Reply small_endpoint(const Request& request, const QueryFields& fields, const Project& project, const Options& options,
                     const Clock& clock, bool gzip);

}  // namespace engagement::simulator::clevertap
