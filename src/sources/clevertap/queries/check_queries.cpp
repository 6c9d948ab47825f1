#include "sources/clevertap/queries/check_queries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "sources/clevertap/queries/query_stream.hpp"
#include "sources/clevertap/side_by_side.hpp"

namespace engagement::clevertap {

namespace {

constexpr std::size_t kMostAtATime = 16;  // the account lets through fewer; a sheet may have hundreds

QueryVerdict verdict_on(const Query& query, const Config& config, const Account& account, engine::Context& context,
                        const std::stop_token& stop) {
  try {
    try_query(query, config, account, context, stop);
    return {};
  } catch (const ConnectorError& error) {
    return {error.type() != FailureType::transient, error.what()};
  }
}

}  // namespace

std::vector<QueryVerdict> try_queries(const std::vector<Query>& queries, const Config& config, const Account& account,
                                      engine::Context& context, const std::stop_token& stop) {
  std::vector<QueryVerdict> verdicts(queries.size());
  std::atomic<std::size_t> next = 0;
  side_by_side(std::min(queries.size(), kMostAtATime), [&](std::size_t /*thread*/) {
    for (std::size_t index = next++; index < queries.size(); index = next++) {
      verdicts[index] = verdict_on(queries[index], config, account, context, stop);
    }
  });
  return verdicts;
}

void check_queries(const Config& config, const Account& account, engine::CheckReport& report, engine::Context& context,
                   const std::stop_token& stop) {
  const auto verdicts = try_queries(config.queries, config, account, context, stop);
  std::string broken;
  for (std::size_t index = 0; index < verdicts.size(); ++index) {
    const auto& [is_broken, words] = verdicts[index];
    if (words.empty()) continue;
    const auto& name = config.queries[index].name;
    if (is_broken) {
      broken += fmt::format(" \"{}\": {}", name, words);
    } else {
      report.remarks.push_back(fmt::format("The query \"{}\" could not be checked: {}", name, words));
    }
  }
  if (broken.empty()) return;
  throw config_error(fmt::format("Queries (queries):{}", broken));
}

}  // namespace engagement::clevertap
