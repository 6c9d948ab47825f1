#pragma once

#include "engine/source.hpp"
#include "sources/clevertap/account.hpp"

namespace engagement::clevertap {

// Sends every query of the configuration once, for one day, side by side. Throws a config ConnectorError that names all
// the broken ones with CleverTap's own words; those that were not answered in time become remarks.
// REQUIRES: the credentials are proven.
void check_queries(const Config& config, const Account& account, engine::CheckReport& report, engine::Context& context,
                   const std::stop_token& stop);

}  // namespace engagement::clevertap
