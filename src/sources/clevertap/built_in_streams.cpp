#include "sources/clevertap/built_in_streams.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sources/clevertap/endpoint_errors.hpp"
#include "sources/clevertap/exports/export_stream.hpp"
#include "sources/clevertap/files.hpp"
#include "sources/clevertap/reports/campaign_results.hpp"
#include "sources/clevertap/reports/campaigns.hpp"
#include "sources/clevertap/reports/content_blocks.hpp"
#include "sources/clevertap/reports/lists.hpp"
#include "sources/clevertap/reports/profile_lookups.hpp"

namespace engagement::clevertap {

namespace {

// NOLINTBEGIN(performance-unnecessary-value-param): as the table's other functions have it
template <std::size_t row>
std::unique_ptr<engine::Stream> make_export(engine::StreamDescription /*description*/, const Config& config,
                                            const std::shared_ptr<const Account>& account) {
  return make_export_stream(export_rows()[row], config, account);
}
// NOLINTEND(performance-unnecessary-value-param)

http::Request probe_now(const Account& account, Day /*day*/) { return account.post("/1/now.json", "{}"); }
http::Request probe_campaigns(const Account& account, Day day) { return campaigns_request(account, {day, day}); }
// Without an id, or anybody to look up, CleverTap refuses the request, but not for want of a permission.
http::Request probe_results(const Account& account, Day /*day*/) {
  return account.post("/1/targets/result.json", "{}");
}
http::Request probe_lookup(const Account& account, Day /*day*/) { return account.get("/1/profile.json"); }
http::Request probe_messages(const Account& account, Day day) {
  const engine::Json body{{"from", std::to_string(day_to_number(day))}, {"to", std::to_string(day_to_number(day))}};
  return account.post("/1/message/report.json", body.dump());
}
http::Request probe_events(const Account& account, Day /*day*/) { return account.get("/getSchema?type=events"); }
http::Request probe_properties(const Account& account, Day /*day*/) {
  return account.get("/getSchema?type=userProperties");
}
http::Request probe_groups(const Account& account, Day /*day*/) { return account.get("/category-groups"); }
http::Request probe_blocks(const Account& account, Day /*day*/) {
  return content_blocks_request(account, 1, 1, std::nullopt, std::nullopt);
}

const std::vector<BuiltInStream>& table() {
  // name, endpoint, primary key, cursor, resumable, time bound, make, probe, probe may miss
  static const std::vector<BuiltInStream> rows = {
      {"events", "/1/events.json", {"event_id"}, "event_time", true, true, make_export<0>, nullptr},
      {"profiles", "/1/profiles.json", {"profile_id"}, "exported_at", true, true, make_export<1>, nullptr},
      {"real_time_counts", "POST /1/now.json", {"counted_at"}, "", false, false, make_real_time_counts, probe_now},
      {"campaigns", "POST /1/targets/list.json", {"id"}, "fetched_at", true, true, make_campaigns, probe_campaigns},
      {"campaign_results",
       "POST /1/targets/result.json",
       {"campaign_id"},
       "fetched_at",
       true,
       true,
       make_campaign_results,
       probe_results,
       true},
      {"message_reports",
       "POST /1/message/report.json",
       {"message_id"},
       "fetched_at",
       true,
       true,
       make_message_reports,
       probe_messages},
      {"event_definitions",
       "GET /getSchema?type=events",
       {"name"},
       "",
       false,
       false,
       make_event_definitions,
       probe_events},
      {"user_property_definitions",
       "GET /getSchema?type=userProperties",
       {"name"},
       "",
       false,
       false,
       make_user_property_definitions,
       probe_properties},
      {"subscription_groups",
       "GET /category-groups",
       {"key"},
       "",
       false,
       false,
       make_subscription_groups,
       probe_groups},
      {"content_blocks",
       "GET /v1/contentBlock/list",
       {"id"},
       "updatedAt",
       false,
       true,
       make_content_blocks,
       probe_blocks},
      {"profile_lookups",
       "GET /1/profile.json",
       {"profile_id"},
       "",
       false,
       false,
       make_profile_lookups,
       probe_lookup,
       true},
  };
  return rows;
}

}  // namespace

std::span<const BuiltInStream> built_in_streams() { return table(); }

std::vector<std::string> built_in_names() {
  std::vector<std::string> names;
  for (const auto& row : table()) names.emplace_back(row.name);
  return names;
}

engine::StreamDescription describe(const BuiltInStream& row) {
  engine::StreamDescription description{
      .name = std::string(row.name),
      .json_schema = engine::Json::parse(embedded_file(fmt::format("schemas/clevertap/{}.json", row.name))),
      .primary_key = {row.primary_key},
      .cursor = {},
      .resumable = row.resumable,
      .time_bound = row.time_bound};
  if (!row.cursor.empty()) description.cursor = {std::string(row.cursor)};
  return description;
}

std::unique_ptr<engine::Stream> make_stream(const BuiltInStream& row, const Config& config,
                                            const std::shared_ptr<const Account>& account) {
  auto stream = row.make(describe(row), config, account);
  return naming_endpoint(std::move(stream), row.endpoint);
}

}  // namespace engagement::clevertap
