#include "sources/clevertap/queries/check_queries.hpp"

#include <fmt/format.h>

#include "sources/clevertap/queries/query_stream.hpp"
#include "sources/clevertap/side_by_side.hpp"

namespace engagement::clevertap {

namespace {

struct Verdict {
  bool broken = false;
  std::string words;  // empty: CleverTap answers the query
};

Verdict verdict_on(const Query& query, const Config& config, const Account& account, engine::Context& context,
                   const std::stop_token& stop) {
  try {
    try_query(query, config, account, context, stop);
    return {};
  } catch (const ConnectorError& error) {
    return {error.type() == FailureType::config, error.what()};
  }
}

}  // namespace

void check_queries(const Config& config, const Account& account, engine::CheckReport& report, engine::Context& context,
                   const std::stop_token& stop) {
  std::vector<Verdict> verdicts(config.queries.size());
  side_by_side(config.queries.size(), [&](std::size_t index) {
    verdicts[index] = verdict_on(config.queries[index], config, account, context, stop);
  });
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
