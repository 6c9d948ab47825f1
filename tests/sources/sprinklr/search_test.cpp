#include <algorithm>
#include <map>
#include <set>

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "sources/sprinklr/stream_table.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;
using engine::RunResult;
using test::answer;
using test::ScriptedAnswer;

struct Case {
  int id;
  std::int64_t modified;
};

// The search API over some cases. A cursor can be made to have expired when it is used.
struct SearchVendor {
  std::vector<Case> cases;
  std::set<std::size_t> expired;  // numbers of the GETs that find their cursor gone
  std::size_t size = 3;           // of a page, whatever is asked for
  bool sorted = true;
  std::size_t gets = 0;
  std::map<std::string, std::vector<Case>> cursors;  // what is left behind each

  ScriptedAnswer operator()(const http::Request& request) {
    if (request.method == http::Method::post) {
      const Json body = Json::parse(request.body);
      std::vector<Case> found;
      for (const auto& one : cases) {
        if (matches(one, body)) found.push_back(one);
      }
      if (sorted) {
        std::stable_sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.modified < b.modified; });
      }
      return page(found);
    }
    const std::string id = request.url.substr(request.url.find("?id=") + 4);
    if (expired.contains(gets++)) return answer(R"({"errors":[{"message":"Invalid cursor"}]})", 400);
    return page(cursors.at(id));
  }

  static bool matches(const Case& one, const Json& body) {
    if (!body.contains("filter")) return true;
    for (const auto& filter : body["filter"]["filters"]) {
      const std::int64_t value = filter["values"][0];
      if (filter["type"] == "GTE" && one.modified < value) return false;
      if (filter["type"] == "LT" && one.modified >= value) return false;
    }
    return true;
  }

  ScriptedAnswer page(const std::vector<Case>& found) {
    Json results = Json::array();
    const auto count = std::min(size, found.size());
    for (std::size_t at = 0; at < count; ++at) {
      results.push_back({{"id", found[at].id}, {"modifiedTime", found[at].modified}});
    }
    Json data{{"results", results}};
    if (count < found.size()) {
      const std::string cursor = "c" + std::to_string(cursors.size());
      cursors[cursor] = {found.begin() + static_cast<std::ptrdiff_t>(count), found.end()};
      data["cursor"] = "id=" + cursor;
    }
    return answer(Json{{"data", data}, {"errors", Json::array()}}.dump());
  }
};

struct SearchFixture : SprinklrFixture {
  SearchFixture() {
    client.answer_with([this](const http::Request& request, const std::stop_token&) { return vendor(request); });
  }
  RunResult run(std::optional<Json> state = std::nullopt) {
    return read("cases", {{"requests_per_second", 0}, {"start_date", "2026-02-20"}, {"lookback_days", 0}},
                std::move(state));
  }
  // Cases modified at these minutes of 20 February.
  void add(const std::vector<int>& minutes) {
    for (const int minute : minutes) {
      const int id = static_cast<int>(vendor.cases.size());
      vendor.cases.push_back({id, (moment("2026-02-20T00:00:00Z") + minute * 1min).time_since_epoch().count()});
    }
  }
  std::multiset<std::string> ids() const {
    std::multiset<std::string> all;
    for (const auto& record : records()) all.insert(record["id"].get<std::string>());
    return all;
  }
  SearchVendor vendor;
};

TEST_CASE("a search is asked for a half-open time, sorted by it, and read by cursors") {
  SearchFixture f;
  f.add({1, 2, 3, 4, 5, 6, 7});
  CHECK(f.run() == RunResult::complete);
  CHECK(f.ids() == std::multiset<std::string>{"0", "1", "2", "3", "4", "5", "6"});
  REQUIRE(f.client.requests().size() == 3);
  CHECK(f.bodies()[0] == Json{{"filter",
                               {{"type", "AND"},
                                {"filters",
                                 {{{"type", "GTE"}, {"key", "modifiedTime"}, {"values", {1771545600000}}},
                                  {{"type", "LT"}, {"key", "modifiedTime"}, {"values", {1772323200000}}}}}}},
                              {"sorts", {{{"key", "modifiedTime"}, {"order", "ASC"}}}},
                              {"page", {{"size", 100}}},
                              {"includeCount", true}});
  CHECK(f.client.urls()[1] == "https://api3.sprinklr.com/api/v2/search/CASE?id=c0");
  CHECK(f.client.requests()[1].body.empty());
  CHECK(f.states().back() == Json{{"version", 1},
                                  {"sync_mode", "incremental"},
                                  {"start_date", "2026-02-20"},
                                  {"through", "2026-03-01T00:00:00Z"}});
}

TEST_CASE("a cursor is a name and a value, a whole address or an id alone, and is encoded once") {
  const std::string address = "https://api3.sprinklr.com/api/v2/search/CASE?";
  for (const auto& [cursor, sent] : std::map<std::string, std::string>{{address + "id=5f+3&x=1", "5f%2B3"},
                                                                       {address + "x=1&id=5f%2B3%3D", "5f%2B3%3D"},
                                                                       {address + "id=a%2", "a%252"},
                                                                       {"id=5f3e", "5f3e"},
                                                                       {"id=Zm9vid=", "Zm9vid%3D"},
                                                                       {"Zm9vid=", "Zm9vid%3D"},
                                                                       {"5f3e", "5f3e"}}) {
    SearchFixture f;
    const Json page{{"data", {{"results", Json::array()}, {"cursor", cursor}}}};
    bool first = true;
    f.client.answer_with([&](const http::Request&, const std::stop_token&) {
      return answer(std::exchange(first, false) ? page.dump() : R"({"data":{"results":[]}})");
    });
    CHECK(f.run() == RunResult::complete);
    CHECK(f.client.urls().at(1) == address + "id=" + sent);
  }
}

TEST_CASE("when a cursor has expired the search begins again at the last record, and none comes twice or is lost") {
  for (std::size_t expired = 0; expired < 6; ++expired) {
    SearchFixture f;
    f.add({1, 2, 3, 3, 3, 3, 3, 4, 5, 6, 6, 7, 8, 9});
    f.vendor.expired = {expired, expired + 1};
    CHECK(f.run() == RunResult::complete);
    std::multiset<std::string> wanted;
    for (int id = 0; id < 14; ++id) wanted.insert(std::to_string(id));
    CHECK(f.ids() == wanted);
  }
}

TEST_CASE("more records of one moment than a cursor's life brings are no endless circle") {
  SearchFixture f;
  f.add({1, 3, 3, 3, 3, 3, 3, 3, 3, 3});
  for (std::size_t at = 0; at < 100; ++at) f.vendor.expired.insert(at);
  CHECK(f.run() == RunResult::failed);
  CHECK(has(f.errors(), "expired again and again"));
  CHECK(f.client.requests().size() < 30);
}

TEST_CASE("where the order of the records is not that of time, the search begins at its beginning") {
  SearchFixture f;
  f.vendor.sorted = false;
  f.add({9, 8, 7, 6, 5, 4, 3});
  f.vendor.expired = {1};
  CHECK(f.run() == RunResult::complete);
  const auto ids = f.ids();
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 7);
}

TEST_CASE("a cursor that comes again is an error and not an endless circle") {
  SearchFixture f;
  f.client.answer_with([](const http::Request&, const std::stop_token&) {
    return answer(R"({"data":{"results":[{"id":"1","modifiedTime":1771545600000}],"cursor":"id=same"}})");
  });
  CHECK(f.run() == RunResult::failed);
  CHECK(has(f.errors(), "in a circle"));
  CHECK(f.client.requests().size() == 2);
}

TEST_CASE("each page ends with a checkpoint at the time of its last record, from which nothing is lost") {
  SearchFixture f;
  f.add({1, 2, 3, 3, 3, 4, 5, 6});
  f.run();
  const auto states = f.states();
  REQUIRE(states.size() == 4);
  CHECK(states[0]["through"] == "2026-02-20T00:03:00Z");
  CHECK(states[1]["through"] == "2026-02-20T00:04:00Z");
  for (const auto& state : states) {
    SearchFixture resumed;
    resumed.add({1, 2, 3, 3, 3, 4, 5, 6});
    resumed.run(state);
    const auto through = moment(state["through"]);
    std::set<std::string> wanted;
    for (const auto& one : f.vendor.cases) {
      if (one.modified >= through.time_since_epoch().count()) wanted.insert(std::to_string(one.id));
    }
    const auto ids = resumed.ids();
    CHECK(std::set<std::string>(ids.begin(), ids.end()) == wanted);
  }
}

TEST_CASE("what is changed while a sync runs comes at the end of a full refresh, and with the next incremental sync") {
  const auto mode = GENERATE(protocol::SyncMode::full_refresh, protocol::SyncMode::incremental);
  SearchFixture f;
  f.add({1, 2});
  bool first = true;
  f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
    const auto answered = f.vendor(request);
    if (std::exchange(first, false)) {
      f.clock.advance(10min);
      f.vendor.cases[1].modified = moment("2026-03-01T00:05:00Z").time_since_epoch().count();
      f.vendor.cases.push_back({9, moment("2026-03-01T00:06:00Z").time_since_epoch().count()});
    }
    return answered;
  });
  const Json changes{{"requests_per_second", 0}, {"start_date", "2026-01-25"}};
  CHECK(f.read("cases", changes, std::nullopt, mode) == RunResult::complete);
  if (mode == protocol::SyncMode::full_refresh) {
    CHECK(f.ids() == std::multiset<std::string>{"0", "1", "1", "9"});
    CHECK(f.bodies().back()["filter"]["filters"][0]["values"][0] == 1772323200000);  // 2026-03-01T00:00:00Z
    return;
  }
  CHECK(f.ids() == std::multiset<std::string>{"0", "1"});
  CHECK(f.states().back()["through"] == "2026-03-01T00:00:00Z");
  f.read("cases", changes, f.states().back());
  CHECK(f.ids() == std::multiset<std::string>{"0", "1", "1", "9"});
}

TEST_CASE("a backfill leaves no checkpoint of its own") {
  SearchFixture f;
  f.add({1, 2, 3, 3, 3, 4, 5, 6});
  f.backfill = engine::Backfill{day("2026-02-20"), day("2026-02-20")};
  CHECK(f.run() == RunResult::complete);
  CHECK(f.ids().size() == 8);
  CHECK(f.states() == std::vector<Json>{Json::object()});
}

TEST_CASE("a sync goes on from its state, and an earlier failure has not moved it") {
  SearchFixture f;
  f.add({1, 2});
  f.run();
  const auto state = f.states().back();
  f.clock.advance(24h);
  f.vendor.cases.push_back({77, moment("2026-03-01T05:00:00Z").time_since_epoch().count()});
  f.run(state);
  CHECK(f.ids() == std::multiset<std::string>{"0", "1", "77"});
}

TEST_CASE("messages are asked for by a time filter whose end belongs to the next window") {
  SearchFixture f;
  f.client.answer_with([](const http::Request&, const std::stop_token&) {
    return answer(R"({"data":{"results":[{"messageId":"a","createdTime":1772323199999},)"
                  R"({"messageId":"b","createdTime":1772323200000}]}})");
  });
  CHECK(f.read("messages", {{"requests_per_second", 0}, {"start_date", "2026-02-20"}}) == RunResult::complete);
  CHECK(f.bodies()[0]["timeFilter"] ==
        Json{{"key", "createdTime"}, {"since", 1771545600000}, {"until", 1772323200000}});
  CHECK_FALSE(f.bodies()[0].contains("filter"));
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0]["messageId"] == "a");
}

TEST_CASE("assets without a time come with a sync that begins anew, and later syncs ask from the state on") {
  SearchFixture f;
  f.client.answer_with([](const http::Request&, const std::stop_token&) {
    return answer(R"({"data":{"results":[{"id":1,"validity":{"availableFrom":1771545600000}},{"id":2}]}})");
  });
  const Json changes{{"requests_per_second", 0}, {"start_date", "2026-02-20"}, {"lookback_days", 0}};
  CHECK(f.read("social_assets", changes) == RunResult::complete);
  CHECK_FALSE(f.bodies()[0].contains("filter"));
  REQUIRE(f.records().size() == 2);
  CHECK(f.records()[0] == Json{{"available_from", "2026-02-20T00:00:00Z"},
                               {"id", "1"},
                               {"validity", {{"availableFrom", 1771545600000}}}});
  CHECK(f.records()[1] == Json{{"available_from", nullptr}, {"id", "2"}});
  f.clock.advance(24h);
  f.read("social_assets", changes, f.states().back());
  CHECK(f.bodies()[1]["filter"]["filters"] ==
        Json{{{"type", "GTE"}, {"key", "validity.availableFrom"}, {"values", {1772323200000}}}});
}

TEST_CASE("the children of cases are asked for in batches, by id and by number") {
  SearchFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "/search/CASE")) {
      return answer(R"({"data":{"results":[{"id":"c1","caseNumber":11,"modifiedTime":1771545600000},)"
                    R"({"id":"c2","caseNumber":12,"modifiedTime":1771545600001}]}})");
    }
    if (has(request.url, "/search/COMMENT")) return answer(R"({"data":{"results":[{"id":"x","createdTime":1}]}})");
    if (has(request.url, "/search/MESSAGE")) return answer(R"({"data":{"results":[{"messageId":"m"}]}})");
    if (has(request.url, "/audit?id=")) return answer(R"({"data":{"results":[{"userId":2}]}})");
    return answer(R"({"data":{"results":[{"userId":1}],"cursor":"63"}})");
  });
  const Json changes{{"requests_per_second", 0}, {"start_date", "2026-02-24"}};
  CHECK(f.read("comments", changes) == RunResult::complete);
  CHECK(f.bodies().at(1)["filter"]["filters"] ==
        Json{{{"type", "IN"}, {"key", "entityId"}, {"values", {"c1", "c2", "11", "12"}}},
             {{"type", "IN"}, {"key", "entityType"}, {"values", {"UNIVERSAL_CASE", "CASE"}}}});
  CHECK(f.read("case_messages", changes) == RunResult::complete);
  CHECK(f.bodies().at(3)["filter"]["filters"] == Json{{{"type", "IN"}, {"key", "caseNumber"}, {"values", {11, 12}}}});
  CHECK(f.bodies().at(3)["timeFilter"]["since"] == 0);
  CHECK(f.read("audit_entries", changes) == RunResult::complete);
  CHECK(f.bodies().at(5) ==
        Json{{"assetIds", {"c1", "c2"}}, {"assetClass", "UNIVERSAL_CASE"}, {"order", "DESC"}, {"limit", 200}});
  const auto records = f.records();
  REQUIRE(records.size() == 4);
  CHECK(records[2]["audit_id"].get<std::string>().size() == 32);
  CHECK(records[2]["audit_id"] != records[3]["audit_id"]);
}

TEST_CASE("bootstrap resources are one object each, with an identifier of their own") {
  SearchFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "MACROS")) return answer(R"({"MACROS":[{"id":7,"dateµcreatedTime":1},"plain",{"x":1}]})");
    if (has(request.url, "CLIENT_URL_SHORTNERS")) return answer(R"({"CLIENT_URL_SHORTNERS":{"7":[]}})");
    return answer(R"({"PERMISSIONS":null})");
  });
  CHECK(f.read("macros", Json::object()) == RunResult::complete);
  CHECK(f.client.urls()[0] == "https://api3.sprinklr.com/api/v1/bootstrap/resources?types=MACROS");
  REQUIRE(f.records().size() == 3);
  CHECK(f.records()[0] == Json{{"resource_id", "7"}, {"data", {{"id", 7}, {"dateµcreatedTime", 1}}}});
  CHECK(f.records()[1] == Json{{"resource_id", "plain"}, {"data", {{"value", "plain"}}}});
  CHECK(f.records()[2]["resource_id"].get<std::string>().size() == 32);
  CHECK(f.read("url_shorteners", Json::object()) == RunResult::complete);
  CHECK(f.records()[3] == Json{{"resource_id", "CLIENT_URL_SHORTNERS"}, {"data", {{"7", Json::array()}}}});
  CHECK(f.read("permissions", Json::object()) == RunResult::complete);
  CHECK(f.records().size() == 4);
  CHECK(f.logs("WARN").empty());
  f.client.answer_with([](const http::Request&, const std::stop_token&) { return answer("{}"); });
  CHECK(f.read("clients", Json::object()) == RunResult::complete);
  CHECK(f.records().size() == 4);
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "CLIENTS"));
}

TEST_CASE("SCIM users are paged by index, and only those that changed come with an incremental sync") {
  SearchFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "startIndex=1&")) {
      return answer(R"({"Resources":[{"id":1,"meta":{"lastModified":"2026-02-28 11:01:36"}},)"
                    R"({"id":"2","meta":{"lastModified":"2026-01-05 11:01:36"}}],"totalResults":3})");
    }
    return answer(R"({"Resources":[{"id":"3","meta":{}}],"totalResults":3})");
  });
  CHECK(f.read("scim_users", {{"requests_per_second", 0}}) == RunResult::complete);
  CHECK(f.client.urls().at(1) ==
        "https://api3.sprinklr.com/api/v2/scim/"
        "Users?startIndex=3&count=100&sortBy=meta.lastModified&sortOrder=descending");
  REQUIRE(f.records().size() == 3);
  CHECK(f.records()[0]["last_modified"] == "2026-02-28T11:01:36Z");
  CHECK(f.records()[0]["id"] == "1");
  CHECK(f.records()[2]["last_modified"] == nullptr);
  f.read("scim_users", {{"requests_per_second", 0}}, f.states().back());
  CHECK(f.records().size() == 5);
}

TEST_CASE("report definitions are asked for engine by engine") {
  SearchFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "/engines"))
      return answer(R"({"data":[{"id":"PAID","name":"Paid"},{"id":"A B","name":"x"}]})");
    return answer(R"({"data":[{"id":"R1","name":"One"}],"errors":[]})");
  });
  CHECK(f.read("report_definitions", Json::object()) == RunResult::complete);
  CHECK(f.client.urls().at(2) == "https://api3.sprinklr.com/api/v2/reports/reports/A%20B");
  CHECK(f.records().at(0) == Json{{"definition_id", "PAID/R1"}, {"engine_id", "PAID"}, {"id", "R1"}, {"name", "One"}});
}

TEST_CASE("no report may be called like a stream that the source has anyway") {
  SearchFixture f;
  const auto source = make_sprinklr_source();
  engine::CommandContext context(f.environment, f.logger);
  const Json config = config_json({{"reports", {report_json(payload_json(), {{"name", "cases"}})}}});
  CHECK(has(message_of([&] { source->discover(config, context, {}); }), "\"cases\""));
  CHECK(has(message_of([&] { source->check(config, context, {}); }), "\"cases\""));
}

TEST_CASE("every built-in stream has a schema with its key and its cursor") {
  for (const auto& stream : built_in_streams()) {
    INFO(stream.name);
    CHECK(is_built_in(stream.name));
    const Json& properties = stream.json_schema.at("properties");
    CHECK(properties.at(stream.primary_key.at(0).at(0)).at("type") == "string");
    if (stream.incremental()) CHECK(properties.contains(stream.cursor.at(0)));
    if (stream.resumable) CHECK(stream.time_bound);
    if (stream.time_bound) CHECK(stream.incremental());
  }
}

}  // namespace
}  // namespace engagement::sprinklr
