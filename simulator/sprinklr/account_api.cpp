#include <sstream>

#include "simulator/sprinklr/bootstrap.hpp"
#include "simulator/sprinklr/call.hpp"
#include "simulator/sprinklr/report_query.hpp"
#include "simulator/sprinklr/scim.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// The vendor's documented connection test (reference 1.4).
Reply me(const Call& call) {
  return data_reply({{"name", "Simulated User"},
                     {"customerId", 1},
                     {"id", 551},
                     {"type", "PARTNER_USER"},
                     {"email", "user@example.com"},
                     {"properties", ordered_json::object()},
                     {"workspaceId", 123}},
                    call.gzip);
}

Reply users(const Call& call) {
  const auto answer = scim_users(call.fields, call.state.entities);
  if (const auto* failure = std::get_if<Failure>(&answer)) return to_reply(*failure);
  return json_reply(std::get<ordered_json>(answer), call.gzip);
}

// `{"TYPE":[…]}` for each of `types`, separated by commas.
Reply bootstrap(const Call& call) {
  std::stringstream types(call.fields.value("types").value_or(""));
  ordered_json answer = ordered_json::object();
  for (std::string type; std::getline(types, type, ',');) {
    auto resources = bootstrap_resources(type);
    if (!resources) return to_reply(invalid_request("there is no resource " + type));
    answer[type] = std::move(*resources);
  }
  if (answer.empty()) return to_reply(invalid_request("types is required"));
  return json_reply(answer, call.gzip);
}

// Messages of a time window; `start` counts pages.
Reply listening_stream(const Call& call) {
  constexpr std::uint64_t kMostRows = 1'000;
  const json& body = call.body;
  const auto number = [&body](const char* name, std::optional<std::int64_t> fallback) {
    return body.is_object() && body.contains(name) ? whole_number(body.at(name)) : fallback;
  };
  const auto since = number("sinceTime", std::nullopt), until = number("untilTime", std::nullopt);
  if (!since || !until) return to_reply(invalid_request("sinceTime and untilTime are required"));
  const std::int64_t start = number("start", 0).value_or(-1), rows = number("rows", 20).value_or(0);
  if (start < 0 || rows < 1 || static_cast<std::uint64_t>(rows) > kMostRows) {
    return to_reply(invalid_request("rows must be between 1 and 1000"));
  }
  SearchQuery query;
  query.type = EntityType::kMessage;
  query.time = {"channelCreatedTime", *since, *until};
  const std::vector<Entity> found = run_search(query, call.state.entities);
  const auto begin = static_cast<std::size_t>(start * rows), end = begin + static_cast<std::size_t>(rows);
  ordered_json result = ordered_json::array();
  for (std::size_t at = begin; at < std::min(end, found.size()); ++at) result.push_back(record_of(found[at]));
  return data_reply({{"result", result}, {"hasMore", end < found.size()}}, call.gzip);
}

Reply custom_field(const Call& call) {
  for (const Entity& entity : call.state.entities.all(EntityType::kCustomField)) {
    ordered_json record = record_of(entity);
    if (record.at("fieldName") == call.segment(3)) return data_reply(std::move(record), call.gzip);
  }
  return to_reply(not_found());
}

Reply account(const Call& call) {
  return data_reply({{"accountId", 300'126'053},
                     {"accountType", call.segment(3)},
                     {"channelId", call.segment(4)},
                     {"displayName", "Air Max"}},
                    call.gzip);
}

Reply profile(const Call& call) {
  for (const Entity& entity : call.state.entities.all(EntityType::kProfile)) {
    ordered_json record = record_of(entity);
    const ordered_json& channel = record.at("profiles").at(0);
    const bool by_channel = call.path.size() == 3 &&
                            channel.at("channelType") == call.fields.value("snType").value_or("") &&
                            channel.at("channelId") == call.fields.value("snUserId").value_or("");
    if (by_channel || record.at("id") == call.segment(3)) return data_reply(std::move(record), call.gzip);
  }
  return to_reply(not_found());
}

}  // namespace

std::optional<Reply> account_api(const Call& call) {
  if (call.is("GET", {"api", "v2", "me"})) return me(call);
  if (call.is("GET", {"api", "v2", "scim", "Users"})) return users(call);
  if (call.is("GET", {"api", "v1", "bootstrap", "resources"})) return bootstrap(call);
  if (call.is("GET", {"api", "v1", "listening", "topics"})) return json_reply(listening_topics(), call.gzip);
  if (call.is("POST", {"api", "v2", "listening", "query", "stream"}) ||
      call.is("POST", {"api", "v1", "listening", "query", "stream"})) {
    return listening_stream(call);
  }
  if (call.is("GET", {"api", "v2", "custom-field", "*"})) return custom_field(call);
  if (call.is("GET", {"api", "v2", "account", "*", "*"})) return account(call);
  if (call.is("GET", {"api", "v2", "profile"}) || call.is("GET", {"api", "v2", "profile", "*"})) return profile(call);
  return std::nullopt;
}

}  // namespace engagement::simulator::sprinklr
