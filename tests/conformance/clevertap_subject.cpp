#include "conformance/subjects.hpp"

namespace engagement::test {

namespace {

const char* const kPasscode = "Pass+word/47==&wort";
const char* const kSheetKey = "Sheet+key/11==&wort";
const char* const kLaunched = R"({"event_name":"App Launched"})";

std::size_t truth_of_reports(const SimulatorProcess& simulator, const std::string& stream) {
  const auto count_if = [&](const char* list, const auto& wanted) {
    std::size_t count = 0;
    for (const auto& record : simulator.ask("GET", std::string("truth/") + list)) count += wanted(record) ? 1 : 0;
    return count;
  };
  const auto any = [](const Json&) { return true; };
  if (stream == "campaigns") return count_if("campaigns", any);
  if (stream == "campaign_results")
    return count_if("campaigns", [](const Json& one) { return one.contains("result"); });
  if (stream == "message_reports") return count_if("messages", any);
  return count_if("content_blocks", any);
}

// Of a query's groups, as many as the simulator says itself.
std::size_t truth_of_queries(const SimulatorProcess& simulator, const std::string& stream) {
  if (stream.starts_with("launches")) return 6;  // days
  if (stream == "launchers") return 1;
  if (stream == "launch_trend") {
    const Json truth =
        simulator.ask("POST", "truth/counts", {{"event_name", "App Launched"}, {"from", 20260302}, {"to", 20260307}});
    std::size_t days = 0;
    for (const auto& [day, counts] : truth.at("per_day").items()) {
      if (counts.is_object() ? counts.at("events") != 0 : counts != 0) ++days;
    }
    return days + 1;  // and the month
  }
  return 2;  // the sources of sessions
}

std::size_t truth(const SimulatorProcess& simulator, const std::string& stream) {
  const std::map<std::string, std::size_t> fixed = {
      {"real_time_counts", 1},    {"event_definitions", 3}, {"user_property_definitions", 13},
      {"subscription_groups", 3}, {"profile_lookups", 2},   {"query_sheet_rows", 2}};
  if (const auto found = fixed.find(stream); found != fixed.end()) return found->second;
  if (stream.starts_with("launch")) return truth_of_queries(simulator, stream);
  const auto of_events = simulator.truth("from=20260302&to=20260307");
  if (stream == "events") return of_events.at("events").get<std::size_t>();
  if (stream == "profiles") return of_events.at("distinct_people").get<std::size_t>();
  return truth_of_reports(simulator, stream);
}

Json future_of_exports() {
  Json events{{"App Launched", "2999-12-31"}, {"Order Cancel / Fail", "2999-12-31"}, {"Bestellt ☕", "2999-12-31"}};
  return {{"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-03-02"}, {"events", std::move(events)}};
}

std::map<std::string, Json> future() {
  const Json by_day{
      {"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-03-02"}, {"through", "2999-12-31"}};
  const Json by_time{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2999-12-31T00:00:00Z"}};
  return {{"events", future_of_exports()},
          {"profiles", future_of_exports()},
          {"campaigns", by_day},
          {"campaign_results", by_day},
          {"message_reports", by_day},
          {"content_blocks", by_time},
          {"launches", by_day},
          {"launches_by_sheet", by_day}};
}

Json queries() {
  return Json::array(
      {{{"name", "launches"}, {"kind", "event_count"}, {"query", kLaunched}, {"context", R"({"owner":"Ana"})"}},
       {{"name", "launchers"}, {"kind", "profile_count"}, {"query", kLaunched}, {"granularity", "range"}},
       {{"name", "launch_trend"},
        {"kind", "trends"},
        {"query",
         R"({"event_name":"App Launched","groups":{"d":{"trend_type":"daily"},"m":{"trend_type":"monthly"}}})"}},
       {{"name", "launch_sources"},
        {"kind", "top_property_values"},
        {"query",
         R"({"event_name":"App Launched","groups":{"s":{"property_type":"session_properties","name":"session_source","top_n":3}}})"}}});
}

// Somebody who is there by each kind of id, and nobody.
void prepare(const SimulatorProcess& simulator, Json& config) {
  const Json people = simulator.ask("GET", "truth/lookups?limit=50");
  for (const auto& person : people) {
    const bool known = person.value("identity", "") != "";
    if (known && !config.contains("lookup_identities")) {
      config["lookup_identities"] = Json::array({person.at("identity")});
    } else if (known) {
      config["lookup_object_ids"] = Json::array({person.at("object_ids").at(0)});
      config["lookup_emails"] = Json::array({"nobody@example.com"});
      return;
    }
  }
}

// A query, and a row with a mistake.
void prepare_sheet(const SimulatorProcess& sheets, Json& config) {
  const Json rows = {{"name", "kind", "event", "owner"},
                     {"launches_by_sheet", "event_count", "App Launched", "Ana"},
                     {"refunds", "evnts", "Charged", "Ben"}};
  sheets.put_sheet({{"tabs", Json::array({{{"title", "Asks / EU"}, {"rows", rows}}})}});
  config["query_sheet"]["api_base_url"] = sheets.url();
}

Second sheet_subject() {
  return {{"sheets", "--api-key", kSheetKey, "--reads-per-minute", "0"},
          {"query_sheet_rows"},
          {{"fault", "status"}, {"status", 429}, {"headers", {{"Retry-After", "1"}}}},
          prepare_sheet};
}

}  // namespace

Subject clevertap_subject() {
  Subject subject;
  subject.source = "clevertap";
  subject.simulator = {"clevertap",
                       "--records",
                       "420",
                       "--profiles",
                       "90",
                       "--events",
                       "App Launched=5,Order Cancel / Fail=2,Bestellt ☕=1",
                       "--refused",
                       "",
                       "--first-day",
                       "20260302",
                       "--last-day",
                       "20260307",
                       "--passcode",
                       kPasscode,
                       "--duplicates",
                       "0.1"};
  subject.config = {{"account_id", "TEST-ACC-001"}, {"passcode", kPasscode}, {"start_date", 20260302},
                    {"end_date", 20260307},         {"window_days", 2},      {"batch_size", 46},
                    {"lookback_days", 1},           {"retry_seconds", 30},   {"queries", queries()}};
  subject.config["query_sheet"] = {{"spreadsheet", "1SimulatedSpreadsheet000000000000000000000000"},
                                   {"credentials", {{"auth_type", "api_key"}, {"api_key", kSheetKey}}}};
  subject.second = sheet_subject();
  subject.secrets = {kPasscode, kSheetKey};
  subject.rate_limited = {{"fault", "rate429"}, {"retry_after", 1}, {"times", 1}};
  subject.growing = {{"fault", "growing"}, {"rows", 46}, {"cap", 460}, {"times", 0}, {"match", {{"step", "create"}}}};
  subject.growing_config = {{"end_date", nullptr}, {"window_days", 366}};
  subject.growing_streams = {"events", "profiles"};
  subject.reread_whole = {"campaign_results"};
  subject.few_checkpoints = {"campaigns", "campaign_results", "message_reports"};
  subject.momentary = {"real_time_counts"};
  subject.reread_from = "2026-03-07T00:00:00Z";
  subject.future = future();
  subject.truth = truth;
  subject.prepare = prepare;
  return subject;
}

}  // namespace engagement::test
