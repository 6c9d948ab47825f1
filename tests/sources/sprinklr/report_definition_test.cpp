#include "sources/sprinklr/reports/report_definition.hpp"

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;

Json body_of(const ReportDefinition& report) {
  return Json::parse(report_body(report, zone("Asia/Kolkata"),
                                 {moment("2026-03-01T00:00:00Z"), moment("2026-03-02T00:00:00Z"), 3, 250}));
}

TEST_CASE("a payload goes out as it came but for the time, the page and the shape") {
  const auto report = report_with();
  const Json body = body_of(report);
  Json wanted = payload_json();
  wanted["startTime"] = 1772323200000;
  wanted["endTime"] = 1772409599999;
  wanted["page"] = 3;
  wanted["pageSize"] = 250;
  wanted["timeZone"] = "Asia/Kolkata";
  wanted["jsonResponse"] = true;
  CHECK(body == wanted);
  CHECK(report_path(report) == "/api/v2/reports/query");
  CHECK(report.dimensions == std::vector<std::string>{"POST_ID_0", "DATE_1"});
  CHECK(report.measurements == std::vector<std::string>{"M_LIKES_0"});
  CHECK(report.date_dimensions == std::vector<std::string>{"DATE_1"});
}

TEST_CASE("a payload's own time zone and jsonResponse stay") {
  Json payload = payload_json();
  payload["timeZone"] = "Europe/London";
  payload["jsonResponse"] = false;
  const auto report = report_with(payload, {{"api_version", "v1"}});
  CHECK(report.zone->name() == "Europe/London");
  CHECK(body_of(report)["timeZone"] == "Europe/London");
  CHECK(body_of(report)["jsonResponse"] == false);
  CHECK(report_path(report) == "/api/v1/reports/query");
}

TEST_CASE("the zone in a payload's additional part is that of the request, and is not added") {
  Json payload = payload_json();
  CHECK_FALSE(body_of(report_with(payload))["additional"].contains("Timezone"));
  payload["additional"]["Timezone"] = "Europe/Paris";
  CHECK(body_of(report_with(payload))["additional"]["Timezone"] == "Asia/Kolkata");
  payload["timeZone"] = "Europe/London";
  CHECK(body_of(report_with(payload))["additional"]["Timezone"] == "Europe/London");
  payload["additional"] = nullptr;
  CHECK(body_of(report_with(payload))["additional"] == nullptr);
}

TEST_CASE("a widget is asked for by its id") {
  const auto report = read_report({{"name", "w"}, {"widget_id", "66ab"}, {"interval", "1d"}});
  CHECK(report_path(report) == "/api/v2/reports/query/66ab");
  CHECK(body_of(report) == Json{{"skipResolve", false},
                                {"interval", "1d"},
                                {"startTime", 1772323200000},
                                {"endTime", 1772409599999},
                                {"timeZone", "Asia/Kolkata"},
                                {"page", 3},
                                {"pageSize", 250},
                                {"jsonResponse", true}});
  CHECK_FALSE(body_of(read_report({{"name", "w"}, {"widget_id", "66ab"}})).contains("interval"));
}

std::string refused(const Json& payload, const Json& changes = Json::object()) {
  return message_of([&] { report_with(payload, changes); });
}

TEST_CASE("broken JSON is found with its line and column") {
  const auto text = message_of([] {
    read_report({{"name", "insights"}, {"payload", "{\n  \"report\": \"X\",\n  oops}"}});
  });
  CHECK(has(text, "config_error"));
  CHECK(has(text, "\"insights\""));
  CHECK(has(text, "line 3, column 3"));
  CHECK_FALSE(has(text, "The The"));
}

TEST_CASE("a number of the payload that would become another one is refused with its place") {
  const auto text = message_of([] {
    read_report({{"name", "insights"}, {"payload", "{\"report\": \"X\",\n \"filters\": [123456789012345678901234]}"}});
  });
  CHECK(has(text, "config_error"));
  CHECK(has(text, "line 2"));
}

TEST_CASE("headings that would hide one another are refused") {
  Json payload = payload_json();
  payload["projections"][0]["heading"] = "POST_ID_0";
  CHECK(has(refused(payload), "the heading \"POST_ID_0\" twice"));
  payload["projections"][0]["heading"] = "post_id_0";
  CHECK(refused(payload, {{"flatten", "flatten_json"}}) == "");
  CHECK(has(refused(payload, {{"flatten", "flatten_json_lowercase"}}), "twice"));
  payload["projections"][0]["heading"] = "window_start";
  CHECK(has(refused(payload), "the connector adds itself"));
}

TEST_CASE("what is no report says what it lacks") {
  const auto without = [](const char* key) {
    Json payload = payload_json();
    payload.erase(key);
    return payload;
  };
  CHECK(has(refused(without("report")), "no \"report\""));
  CHECK(has(refused(without("reportingEngine")), "no \"reportingEngine\""));
  Json empty = payload_json();
  empty["groupBys"] = nullptr;
  empty["projections"] = Json::array();
  CHECK(has(refused(empty), "nothing to read"));
  Json nameless = payload_json();
  nameless["groupBys"][0].erase("heading");
  CHECK(has(refused(nameless), "without \"heading\""));
  Json elsewhere = payload_json();
  elsewhere["timeZone"] = "Europe/Londin";
  CHECK(has(refused(elsewhere), "Europe/London"));
  CHECK(has(refused(Json::array()), "an array"));
  CHECK(has(refused({{"requests", {{"req1", payload_json()}}}, {"collate", true}}), "a batch"));
  CHECK(has(message_of([] { read_report({{"name", "x"}}); }), "either a Payload"));
  CHECK(has(message_of([] { read_report(report_json(payload_json(), {{"widget_id", "1"}})); }), "not both"));
  CHECK(has(message_of([] { read_report({{"name", "x"}, {"widget_id", "a/b"}}); }), "no id"));
}

TEST_CASE("names in the settings have to be headings of the payload") {
  CHECK(refused(payload_json(), {{"primary_key", {"POST_ID_0", "M_LIKES_0"}}}) == "");
  CHECK(has(refused(payload_json(), {{"primary_key", {"POST_ID_1"}}}), "POST_ID_0"));
  CHECK(has(refused(payload_json(), {{"fields_as_json", {"M_LIKES_0"}}}), "no heading"));
}

TEST_CASE("a payload of the web application's own form is converted") {
  const Json internal = {
      {"key", "x"},
      {"timeFilter", {{"sinceTime", 1}, {"untilTime", 2}}},
      {"previousTimeFilter", {{"sinceTime", 1}, {"untilTime", 2}}},
      {"reportingEngine", "PLATFORM"},
      {"report", "POST_INSIGHTS"},
      {"query", ""},
      {"timezone", "Europe/London"},
      {"tzOffset", 0},
      {"page", {{"page", 0}, {"size", 20}}},
      {"filters", {{{"filterType", "IN"}, {"field", "ACCOUNT_ID"}, {"values", {1}}, {"details", {{"a", 1}}}}}},
      {"groupBys",
       {{{"key", "ACCOUNT"},
         {"field", "ACCOUNT_ID"},
         {"groupType", "FIELD"},
         {"details", nullptr},
         {"page", {{"size", 5}}},
         {"sort", {{"key", "LIKES"}, {"order", "DESC"}}},
         {"projections", {{{"key", "LIKES"}, {"measurement", "POST_LIKES"}, {"aggregateFunction", "SUM"}}}},
         {"childrenGroupBys",
          {{{"key", "DAY"},
            {"field", "CREATED"},
            {"groupType", "DATE_HISTOGRAM"},
            {"details", {{"interval", "1d"}}}}}}}}},
      {"additional", {{"x", "y"}}}};
  const auto report = report_with(internal);
  CHECK(report.converted);
  CHECK(report.dimensions == std::vector<std::string>{"ACCOUNT", "DAY"});
  CHECK(report.measurements == std::vector<std::string>{"LIKES"});
  CHECK(report.zone->name() == "Europe/London");
  CHECK(report.payload["groupBys"][0] ==
        Json{{"heading", "ACCOUNT"}, {"dimensionName", "ACCOUNT_ID"}, {"groupType", "FIELD"}, {"details", nullptr}});
  CHECK(report.payload["projections"] ==
        Json{{{"heading", "LIKES"}, {"measurementName", "POST_LIKES"}, {"aggregateFunction", "SUM"}}});
  CHECK(report.payload["filters"][0]["dimensionName"] == "ACCOUNT_ID");
  CHECK(report.payload["sorts"] == Json{{{"heading", "LIKES"}, {"order", "DESC"}}});
  CHECK(report.payload["additional"] == Json{{"x", "y"}});
  for (const char* gone : {"key", "timeFilter", "previousTimeFilter", "query", "timezone", "tzOffset"}) {
    CHECK_FALSE(report.payload.contains(gone));
  }
  Json strange = internal;
  strange["groupBys"][0]["projections"][0]["filters"] = {{{"field", "x"}}};
  CHECK(has(refused(strange), "Generate API v2 Payload"));
  strange = internal;
  strange["groupBys"][0].erase("key");
  CHECK(has(refused(strange), "Generate API v2 Payload"));
}

TEST_CASE("intervals have a width where their name says one") {
  CHECK(width_of_interval("1h") == 1h);
  CHECK(width_of_interval("30m") == 30min);
  CHECK(width_of_interval("1d") == 24h);
  CHECK(width_of_interval("5d") == 120h);
  CHECK(width_of_interval("weeks") == 168h);
  CHECK(width_of_interval("1w") == 168h);
  CHECK(width_of_interval("1M") == 744h);
  CHECK(width_of_interval("month") == 744h);
  CHECK(width_of_interval("1y") == 8784h);
  CHECK_FALSE(width_of_interval("fortnight"));
  CHECK_FALSE(width_of_interval(""));
  CHECK_FALSE(width_of_interval("0d"));
}

TEST_CASE("a key needs its window where windows can bring the same dimensions") {
  CHECK_FALSE(key_needs_window(report_with(), 24h));
  CHECK_FALSE(key_needs_window(report_with(), 1h));
  CHECK(key_needs_window(report_with(), 30min));
  Json weekly = payload_json();
  weekly["groupBys"][1]["details"]["interval"] = "1w";
  CHECK(key_needs_window(report_with(weekly), 24h));
  CHECK_FALSE(key_needs_window(report_with(weekly), 168h));
  Json undated = payload_json();
  undated["groupBys"].erase(1);
  CHECK(key_needs_window(report_with(undated), 24h));
  Json hour_of_day = payload_json();
  hour_of_day["groupBys"][1]["groupType"] = "TIME_OF_DAY";
  hour_of_day["groupBys"][1]["details"] = nullptr;
  CHECK(key_needs_window(report_with(hour_of_day), 24h));
}

}  // namespace
}  // namespace engagement::sprinklr
