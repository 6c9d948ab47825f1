#pragma once

#include <string>
#include <vector>

#include "engine/source.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/queries/query.hpp"

namespace engagement::clevertap {

// What came of sending a query once, for one day.
struct QueryVerdict {
  bool broken = false;  // it will never work; otherwise words say why it was not answered in time
  std::string words;    // empty: CleverTap answers it
};

// The verdicts on the queries, in their order. Some are sent at the same time. Throws Stopped.
std::vector<QueryVerdict> try_queries(const std::vector<Query>& queries, const Config& config, const Account& account,
                                      engine::Context& context, const std::stop_token& stop);

// Sends every query of the configuration once, for one day, side by side. Throws a config ConnectorError that names all
// the broken ones with CleverTap's own words; those that were not answered in time become remarks.
// REQUIRES: the credentials are proven.
void check_queries(const Config& config, const Account& account, engine::CheckReport& report, engine::Context& context,
                   const std::stop_token& stop);

}  // namespace engagement::clevertap
