// What every option of source-clevertap changes, seen from the vendor's side or in the output.

#include <algorithm>
#include <functional>
#include <map>

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/test_server.hpp"

namespace engagement::test {

namespace {

// What a read did: the requests that the vendor saw, and the output.
struct Effects {
  Json requests;
  Output output;

  // What stands at a member of all requests of one kind, each once.
  std::set<std::string> header(const std::string& name) const {
    std::set<std::string> values;
    for (const auto& request : requests) values.insert(request.at("headers").value(name, ""));
    return values;
  }
  std::vector<Json> creations(const std::string& path) const {
    std::vector<Json> bodies;
    for (const auto& request : requests) {
      if (request.value("step", "") != "create" || request.at("path") != path) continue;
      bodies.push_back(Json::parse(request.at("body").get<std::string>()));
      bodies.back()["query"] = request.at("query");
    }
    return bodies;
  }
  std::set<Json> asked(const std::string& member, const std::string& path = "/1/events.json") const {
    std::set<Json> values;
    for (const auto& body : creations(path)) values.insert(body.at(member));
    return values;
  }
  bool query_has(const std::string& part, const std::string& path = "/1/events.json") const {
    const auto bodies = creations(path);
    return !bodies.empty() && std::all_of(bodies.begin(), bodies.end(), [&](const Json& body) {
      return ('&' + body.at("query").get<std::string>() + '&').find('&' + part + '&') != std::string::npos;
    });
  }
  int most_at_once() const {
    int most = 0;
    for (const auto& request : requests) most = std::max(most, request.at("concurrency").get<int>());
    return most;
  }
};

class OptionTest {
 public:
  OptionTest() : clevertap({"--latency-ms", "15"}) {
    clevertap.config["window_days"] = 2;
    catalog = clevertap.full_catalog();
  }

  // Reads with a change of the configuration (null takes an option away).
  Effects with(const Json& change, const std::optional<Json>& state = std::nullopt) {
    Json config = clevertap.config;
    config.merge_patch(change);
    clevertap.simulator.forget_requests();
    Output output = clevertap.connector.read(config, catalog, state);
    return {clevertap.simulator.requests(), std::move(output)};
  }

  Clevertap clevertap;
  Json catalog;
};

using Days = std::set<Json>;

void region_effect(OptionTest& test) {
  TestServer proxy;
  Json config = test.clevertap.config;
  config.erase("api_base_url");
  config["retry_seconds"] = 0;
  const std::map<std::string, std::string> hosts = {{"in1", "in1.api.clevertap.com"},
                                                    {"", "api.clevertap.com"},
                                                    {"eu1", "api.clevertap.com"},
                                                    {"SG1", "sg1.api.clevertap.com"}};
  for (const auto& [region, host] : hosts) {
    config["region"] = region;
    const std::string address = "http://127.0.0.1:" + std::to_string(proxy.port());
    const Output output = test.clevertap.connector.run(
        {"check", "--config", test.clevertap.connector.file(config.dump())},
        {{"https_proxy", address}, {"HTTPS_PROXY", address}, {"NO_PROXY", ""}, {"no_proxy", ""}});
    CHECK(output.exit_code == 1);
    const auto requests = proxy.requests();
    REQUIRE_FALSE(requests.empty());
    INFO(requests.back());
    CHECK(requests.back().find("CONNECT " + host + ":443 ") == 0);
  }
}

// What a sheet's rows become is in clevertap_sheet_test.cpp; here it is asked for, by its id and with the key.
void sheet_effect(OptionTest& test) {
  TestServer google;
  Json config = test.clevertap.config;
  config["retry_seconds"] = 0;
  config["query_sheet"] = {{"spreadsheet", "the-sheet-of-this-test"},
                           {"credentials", {{"auth_type", "api_key"}, {"api_key", "the-key-of-this-test"}}},
                           {"api_base_url", "http://127.0.0.1:" + std::to_string(google.port())}};
  test.clevertap.connector.run({"discover", "--config", test.clevertap.connector.file(config.dump())});
  const auto requests = google.requests();
  REQUIRE_FALSE(requests.empty());
  INFO(requests.front());
  CHECK(requests.front().find("GET /v4/spreadsheets/the-sheet-of-this-test") == 0);
}

void dates_effect(OptionTest& test) {
  CHECK(test.with({{"start_date", 20260308}}).asked("from") == Days{20260308, 20260310});
  CHECK(test.with({{"start_date", "2026-03-08"}}).asked("from") == Days{20260308, 20260310});
  CHECK(test.with({{"end_date", 20260303}}).asked("to") == Days{20260302, 20260303});
}

void lookback_effect(OptionTest& test) {
  for (auto& stream : test.catalog["streams"]) stream["sync_mode"] = "incremental";
  test.clevertap.config["event_name"] = "Charged";
  const Effects first = test.with(Json::object());
  const Json states = last_states(first.output);
  CHECK(test.with({{"lookback_days", 0}}, states).creations("/1/events.json").empty());
  CHECK(test.with({{"lookback_days", 1}}, states).asked("from") == Days{20260310});
  CHECK(test.with({{"lookback_days", 4}}, states).asked("from") == Days{20260307, 20260309});
  CHECK(test.with(Json::object(), states).asked("from") == Days{20260309});
  CHECK(test.with({{"lookback_days", 4}}, states).asked("from", "/1/profiles.json") == Days{20260307});
}

void drift_effect(OptionTest& test) {
  test.catalog["streams"].erase(1);
  test.catalog["streams"][0]["stream"]["json_schema"]["properties"].erase("session_props");
  test.catalog["streams"][0]["stream"]["json_schema"]["properties"]["ts"] = {{"type", "string"}};
  const std::string on = test.with({{"report_drift", true}}).output.log_text();
  CHECK(on.find("session_props") != std::string::npos);
  CHECK(on.find("ts") != std::string::npos);
  CHECK(test.with(Json::object()).output.log_text().find("drift") != std::string::npos);
  CHECK(test.with({{"report_drift", false}}).output.log_text().find("drift") == std::string::npos);
}

void retry_effect(OptionTest& test) {
  test.clevertap.simulator.set_faults({{"fault", "status"}, {"status", 503}, {"times", 0}});
  const Effects never = test.with({{"retry_seconds", 0}});
  CHECK(never.output.exit_code == 1);
  CHECK(never.requests.size() == 2);  // one for each stream
  CHECK(test.with({{"retry_seconds", 2}}).requests.size() > 2);
}

void base_url_effect(OptionTest& test) {
  const Clevertap other;
  const Effects effects = test.with({{"api_base_url", other.simulator.url() + "/"}});
  CHECK(effects.requests.empty());
  CHECK(effects.output.exit_code == 0);
  CHECK_FALSE(other.simulator.requests().empty());
}

void queries_effect(OptionTest& test) {
  const Json query{{"name", "orders"}, {"kind", "event_count"}, {"query", R"({"event_name":"Charged"})"}};
  test.clevertap.config["queries"] = Json::array({query});
  test.catalog = test.clevertap.connector.catalog(test.clevertap.config, "full_refresh", {"orders"});
  CHECK(test.with(Json::object()).output.records("orders") == 10);
  Json range = query;
  range["granularity"] = "range";
  CHECK(test.with({{"queries", {range}}}).output.records("orders") == 1);
}

void filters_effect(OptionTest& test) {
  test.catalog = test.clevertap.connector.catalog(test.clevertap.config, "full_refresh", {"message_reports"});
  const Effects effects = test.with({{"message_report_filters", {{"channel", {"push"}}}}});
  for (const auto& message : effects.output.data("message_reports")) CHECK(message.at("channel") == "push");
  CHECK(test.with(Json::object()).output.records("message_reports") == 60);
}

// An option that names people by what the simulator calls `by`.
std::function<void(OptionTest&)> lookup_effect(const char* option, const char* by) {
  return [option, by](OptionTest& test) {
    test.catalog = test.clevertap.connector.catalog(test.clevertap.config, "full_refresh", {"profile_lookups"});
    for (const auto& person : test.clevertap.simulator.ask("GET", "truth/lookups?limit=20")) {
      const Json& value = person.at(by).is_array() ? person.at(by).at(0) : person.at(by);
      if (value.is_null() || value == "") continue;
      CHECK(test.with({{option, {value}}}).output.records("profile_lookups") == 1);
      return;
    }
    FAIL("nobody has that");
  };
}

// One row for each property of the specification.
const std::map<std::string, std::function<void(OptionTest&)>>& effects() {
  static const std::map<std::string, std::function<void(OptionTest&)>> rows = {
      {"account_id",
       [](OptionTest& test) {
         CHECK(test.with({{"account_id", "OTHER-1"}}).header("X-CleverTap-Account-Id") ==
               std::set<std::string>{"OTHER-1"});
       }},
      {"passcode",
       [](OptionTest& test) {
         CHECK(test.with({{"passcode", "another"}}).header("X-CleverTap-Passcode") == std::set<std::string>{"wrong"});
         CHECK(test.with(Json::object()).header("X-CleverTap-Passcode") == std::set<std::string>{"right"});
       }},
      {"region", region_effect},
      {"start_date", dates_effect},
      {"end_date", dates_effect},
      {"timezone",
       [](OptionTest& test) {
         const Effects kolkata = test.with({{"timezone", "Asia/Kolkata"}});
         const Effects utc = test.with({{"timezone", nullptr}});
         CHECK(Clevertap::events_of(kolkata.output) == Clevertap::events_of(utc.output));
         CHECK(kolkata.output.values("events", "event_time") != utc.output.values("events", "event_time"));
       }},
      {"event_names",
       [](OptionTest& test) {
         CHECK(test.with({{"event_names", {"Charged"}}}).asked("event_name") == Days{"Charged"});
         const Effects all = test.with({{"event_names", nullptr}});
         CHECK(all.asked("event_name") == Days{"App Launched", "Charged", "Notification Sent"});
         CHECK(test.with({{"event_names", Json::array()}}).asked("event_name") == all.asked("event_name"));
       }},
      {"event_name",
       [](OptionTest& test) {
         CHECK(test.with({{"event_name", "Charged"}}).asked("event_name") == Days{"Charged"});
         const Json both{{"event_name", "Charged"}, {"event_names", {"App Launched", "Charged"}}};
         CHECK(test.with(both).asked("event_name") == Days{"App Launched", "Charged"});
         CHECK(test.with(both).creations("/1/events.json").size() == 10);
       }},
      {"lookback_days", lookback_effect},
      {"window_days",
       [](OptionTest& test) {
         CHECK(test.with({{"window_days", 4}}).asked("from") == Days{20260301, 20260305, 20260309});
         CHECK(test.with({{"window_days", 366}}).asked("to") == Days{20260310});
         CHECK(test.with({{"window_days", 1}}).asked("from").size() == 10);
       }},
      {"batch_size",
       [](OptionTest& test) {
         CHECK(test.with({{"batch_size", 100}}).query_has("batch_size=92"));
         CHECK(test.with({{"batch_size", 5000}}).query_has("batch_size=4991"));
         CHECK(test.with({{"batch_size", nullptr}}).query_has("batch_size=4991"));
         CHECK(test.with({{"batch_size", "23"}}).query_has("batch_size=23", "/1/profiles.json"));
       }},
      {"num_workers",
       [](OptionTest& test) {
         CHECK(test.with({{"num_workers", 1}}).most_at_once() == 1);
         CHECK(test.with({{"num_workers", nullptr}}).most_at_once() == 2);
         CHECK(test.with({{"num_workers", 3}}).most_at_once() == 3);
       }},
      {"include_profile_properties",
       [](OptionTest& test) {
         const Effects without = test.with({{"include_profile_properties", false}});
         CHECK(without.query_has("profile=false"));
         CHECK(without.query_has("profile=false", "/1/profiles.json"));
         CHECK(test.with(Json::object()).query_has("profile=true", "/1/profiles.json"));
       }},
      {"include_event_summary",
       [](OptionTest& test) {
         const Effects without = test.with({{"include_event_summary", false}});
         CHECK(without.query_has("events=false", "/1/profiles.json"));
         CHECK(test.with(Json::object()).query_has("events=true", "/1/profiles.json"));
         CHECK(test.with(Json::object()).query_has("events=false"));
       }},
      {"include_app_fields",
       [](OptionTest& test) {
         CHECK(test.with({{"include_app_fields", false}}).query_has("app=false"));
         CHECK(test.with(Json::object()).query_has("app=true"));
       }},
      {"queries", queries_effect},
      {"query_sheet", sheet_effect},
      {"message_report_filters", filters_effect},
      {"lookup_identities", lookup_effect("lookup_identities", "identity")},
      {"lookup_emails", lookup_effect("lookup_emails", "email")},
      {"lookup_object_ids", lookup_effect("lookup_object_ids", "object_ids")},
      {"backfill",
       [](OptionTest& test) {
         const Json period{{"since", "2026-02-20"}, {"until", "2026-03-03"}};
         const Effects effects = test.with({{"backfill", period}});
         CHECK(effects.asked("from") == Days{20260220, 20260222, 20260224, 20260226, 20260228, 20260302});
         CHECK(effects.asked("to", "/1/profiles.json") == Days{20260303});
       }},
      {"report_drift", drift_effect},
      {"retry_seconds", retry_effect},
      {"api_base_url", base_url_effect}};
  return rows;
}

}  // namespace

TEST_CASE("Every option of the specification has an effect") {
  const Json spec = Connector("clevertap").run({"spec"}).of("SPEC", "spec").at(0);
  std::set<std::string> options;
  for (const auto& [name, property] : spec.at("connectionSpecification").at("properties").items()) options.insert(name);
  std::set<std::string> tested;
  for (const auto& [name, effect] : effects()) tested.insert(name);
  CHECK(tested == options);
}

TEST_CASE("Each option does what its description says") {
  for (const auto& [name, effect] : effects()) {
    INFO(name);
    OptionTest test;
    effect(test);
  }
}

}  // namespace engagement::test
