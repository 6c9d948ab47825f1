#include "sources/clevertap/available_streams.hpp"

#include <algorithm>

#include "sources/clevertap/account_schema.hpp"
#include "sources/clevertap/probes.hpp"
#include "sources/clevertap/queries/query_stream.hpp"

namespace engagement::clevertap {

std::vector<engine::StreamDescription> available_streams(const Config& config, const Account& account,
                                                         const engine::Json& event_catalogue, Day day,
                                                         engine::Context& context, const std::stop_token& stop) {
  AccountProperties properties;
  properties.of_events = event_property_schemas(event_catalogue);
  std::vector<const BuiltInStream*> asked;
  for (const auto& row : built_in_streams()) {
    const bool answered = row.name == "event_definitions" && !event_catalogue.is_null();
    if (row.probe != nullptr && !answered) asked.push_back(&row);
  }
  const auto results = probe(asked, account, day, context, stop);
  std::vector<std::string_view> refused;
  for (std::size_t index = 0; index < asked.size(); ++index) {
    if (results[index].refused) refused.push_back(asked[index]->name);
    if (asked[index]->name == "event_definitions") properties.of_events = event_property_schemas(results[index].body);
    if (asked[index]->name == "user_property_definitions") {
      properties.of_people = user_property_schemas(results[index].body);
    }
  }
  std::vector<engine::StreamDescription> descriptions;
  for (const auto& row : built_in_streams()) {
    if (std::find(refused.begin(), refused.end(), row.name) == refused.end()) descriptions.push_back(describe(row));
  }
  for (const auto& query : config.queries) descriptions.push_back(describe(query));
  for (auto& description : descriptions) write_properties(properties, description.json_schema);
  return descriptions;
}

}  // namespace engagement::clevertap
