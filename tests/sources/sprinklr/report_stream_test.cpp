#include <algorithm>
#include <map>
#include <set>

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;
using engine::RunResult;
using test::answer;
using test::ScriptedAnswer;

// A report with one row at each of some moments, served as Sprinklr does.
struct Vendor {
  std::vector<std::int64_t> rows;  // milliseconds, in order
  std::size_t cap = 10'000;
  bool says_more = true;
  bool objects = true;
  std::size_t slow_above = 100'000;               // pages larger than this end in 504
  std::map<std::size_t, ScriptedAnswer> instead;  // by number of the request

  std::size_t requests = 0;
  std::set<std::size_t> served_pages;

  ScriptedAnswer operator()(const http::Request& request) {
    const auto special = instead.find(requests++);
    if (special != instead.end()) return special->second;
    const Json body = Json::parse(request.body);
    const auto size = body["pageSize"].get<std::size_t>();
    const auto page = body["page"].get<std::size_t>();
    if (size > slow_above) return answer("<html><h1>504 Gateway Time-out</h1></html>", 504);
    if (cap > 0 && (page + 1) * size > cap) {
      return answer(R"({"errors":[{"message":"Cannot fetch more than 10000 messages overall"}]})", 400);
    }
    served_pages.insert(page);
    std::vector<std::int64_t> found;
    for (const auto time : rows) {
      if (time >= body["startTime"] && time <= body["endTime"]) found.push_back(time);
    }
    const auto begin = std::min(found.size(), page * size);
    const auto end = std::min(found.size(), begin + size);
    Json data = Json::object();
    if (begin < end) {
      Json list = Json::array();
      for (auto at = begin; at < end; ++at) {
        const Json id = "post " + std::to_string(found[at]);
        const Json date = std::to_string(found[at] / 3'600'000 * 3'600'000);
        list.push_back(objects ? Json{{"POST_ID_0", id}, {"DATE_1", date}, {"M_LIKES_0", 1.5}}
                               : Json::array({1.5, id, date}));
      }
      if (!objects) data["headings"] = {"M_LIKES_0", "POST_ID_0", "DATE_1"};
      data[objects ? "data" : "rows"] = list;
    }
    if (says_more) data["hasMore"] = end < found.size();
    return answer(Json{{"data", data}, {"errors", Json::array()}}.dump());
  }
};

struct ReportFixture : SprinklrFixture {
  explicit ReportFixture(const Json& changes_given = Json::object()) {
    changes = {{"reports", {report_json()}}, {"start_date", "2026-02-26"}, {"end_date", "2026-02-27"},
               {"page_size", 100},           {"requests_per_second", 0},   {"requests_per_hour", 0}};
    changes.update(changes_given);
    client.answer_with([this](const http::Request& request, const std::stop_token&) { return vendor(request); });
  }

  RunResult run(std::optional<Json> state = std::nullopt, protocol::SyncMode mode = protocol::SyncMode::incremental) {
    return read("insights", changes, std::move(state), mode);
  }

  // Rows evenly over a day.
  void fill(const std::string& date, std::size_t count) {
    const auto begin = moment(date).time_since_epoch().count();
    for (std::size_t at = 0; at < count; ++at) {
      vendor.rows.push_back(begin + static_cast<std::int64_t>(at) * 86'400'000 / static_cast<std::int64_t>(count));
    }
  }

  std::set<std::string> posts() const {
    std::set<std::string> all;
    for (const auto& record : records()) all.insert(record["POST_ID_0"].get<std::string>());
    return all;
  }

  Json changes;
  Vendor vendor;
};

TEST_CASE("a report is read window by window, with inclusive ends and states of whole windows") {
  ReportFixture f;
  f.fill("2026-02-26", 5);
  f.fill("2026-02-27", 3);
  CHECK(f.run() == RunResult::complete);
  REQUIRE(f.bodies().size() == 2);
  CHECK(f.bodies()[0]["startTime"] == 1772064000000);
  CHECK(f.bodies()[0]["endTime"] == 1772150399999);
  CHECK(f.bodies()[1]["startTime"] == 1772150400000);
  CHECK(f.bodies()[0]["page"] == 0);
  CHECK(f.records().size() == 8);
  const Json first = f.records().front();
  CHECK(first["window_start"] == "2026-02-26T00:00:00Z");
  CHECK(first["window_end"] == "2026-02-27T00:00:00Z");
  CHECK(first["extracted_at"] == "2026-03-01T00:00:00Z");
  CHECK(first["row_id"].get<std::string>().size() == 32);
  CHECK(f.states() == std::vector<Json>{{{"version", 1},
                                         {"sync_mode", "incremental"},
                                         {"start_date", "2026-02-26"},
                                         {"through", "2026-02-27T00:00:00Z"}},
                                        {{"version", 1},
                                         {"sync_mode", "incremental"},
                                         {"start_date", "2026-02-26"},
                                         {"through", "2026-02-28T00:00:00Z"}}});
}

TEST_CASE("the running window is read up to now and is not in the state") {
  ReportFixture f(Json{{"start_date", "2026-03-01"}, {"end_date", nullptr}});
  f.changes.erase("end_date");
  f.clock.advance(6h);
  f.fill("2026-03-01", 24);
  CHECK(f.run() == RunResult::complete);
  CHECK(f.bodies()[0]["endTime"] == moment("2026-03-01T06:00:00Z").time_since_epoch().count() - 1);
  CHECK(f.records().size() == 6);
  CHECK(f.records().front()["window_end"] == "2026-03-02T00:00:00Z");
  CHECK(f.states() == std::vector<Json>{{{"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-03-01"}}});
}

TEST_CASE("days that are restated are read again under the same keys") {
  ReportFixture f(Json{{"lookback_days", 1}});
  f.fill("2026-02-26", 4);
  f.fill("2026-02-27", 4);
  f.run();
  const auto before = f.records();
  f.run(f.states().back());
  const auto all = f.records();
  REQUIRE(all.size() == before.size() + 4);
  for (std::size_t at = 0; at < 4; ++at) CHECK(all[before.size() + at]["row_id"] == before[4 + at]["row_id"]);
}

TEST_CASE("pages are read until there is no more, however Sprinklr says so") {
  for (const bool says_more : {true, false}) {
    for (const std::size_t rows : {0U, 1U, 99U, 100U, 101U, 250U, 300U}) {
      for (const bool objects : {true, false}) {
        ReportFixture f(Json{{"end_date", "2026-02-26"}});
        f.vendor.says_more = says_more;
        f.vendor.objects = objects;
        f.fill("2026-02-26", rows);
        CHECK(f.run() == RunResult::complete);
        INFO(says_more << " " << rows << " " << objects << " " << f.errors());
        CHECK(f.posts().size() == rows);
        CHECK(f.records().size() == rows);
      }
    }
  }
}

TEST_CASE("both shapes of an answer make the same record") {
  ReportFixture as_objects(Json{{"end_date", "2026-02-26"}});
  as_objects.fill("2026-02-26", 3);
  as_objects.run();
  ReportFixture as_lists(Json{{"end_date", "2026-02-26"}});
  as_lists.fill("2026-02-26", 3);
  as_lists.vendor.objects = false;
  as_lists.run();
  REQUIRE(as_lists.records().size() == 3);
  for (std::size_t at = 0; at < 3; ++at) {
    for (const char* field : {"row_id", "POST_ID_0", "DATE_1", "M_LIKES_0", "window_start"}) {
      CHECK(as_lists.records()[at][field] == as_objects.records()[at][field]);
    }
  }
}

TEST_CASE("a full first page is held back until the last page under the cap has answered") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}, {"page_size", 1000}});
  f.fill("2026-02-26", 1500);
  CHECK(f.run() == RunResult::complete);
  std::vector<int> pages;
  for (const auto& body : f.bodies()) pages.push_back(body["page"].get<int>());
  CHECK(pages == std::vector<int>{0, 9, 1});
  CHECK(f.posts().size() == 1500);
}

TEST_CASE("a window with more rows than Sprinklr serves is read in halves, and nothing of it came before") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}, {"page_size", 1000}});
  f.fill("2026-02-26", 25'000);
  CHECK(f.run() == RunResult::complete);
  CHECK(f.records().size() == 25'000);
  CHECK(f.posts().size() == 25'000);
  std::set<std::string> starts;
  for (const auto& record : f.records()) starts.insert(record["window_start"].get<std::string>());
  CHECK(starts == std::set<std::string>{"2026-02-26T00:00:00Z", "2026-02-26T06:00:00Z", "2026-02-26T12:00:00Z",
                                        "2026-02-26T18:00:00Z"});
  CHECK(f.logs("WARN").empty());
}

TEST_CASE("exactly as many rows as Sprinklr serves need no halves") {
  for (const bool says_more : {true, false}) {
    ReportFixture f(Json{{"end_date", "2026-02-26"}, {"page_size", 1000}});
    f.vendor.says_more = says_more;
    f.fill("2026-02-26", 10'000);
    CHECK(f.run() == RunResult::complete);
    CHECK(f.records().size() == 10'000);
  }
}

TEST_CASE("a report without Sprinklr's cap is read on past it") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}, {"page_size", 1000}});
  f.vendor.cap = 0;
  f.fill("2026-02-26", 12'500);
  CHECK(f.run() == RunResult::complete);
  CHECK(f.records().size() == 12'500);
  CHECK(f.records().back()["window_start"] == "2026-02-26T00:00:00Z");
}

TEST_CASE("rows without a date that come from halves of a window have keys of their own") {
  Json payload = payload_json();
  payload["groupBys"].erase(1);
  ReportFixture f(Json{{"end_date", "2026-02-26"}, {"page_size", 1000}, {"reports", {report_json(payload)}}});
  f.fill("2026-02-26", 12'000);
  CHECK(f.run() == RunResult::complete);
  std::map<std::string, std::string> starts;
  for (const auto& record : f.records()) starts[record["row_id"].get<std::string>()] = record["window_start"];
  CHECK(starts.size() == 12'000);
}

TEST_CASE("a window that outgrows the cap while it is read is read again in halves, with a warning") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}});
  f.fill("2026-02-26", 250);
  f.vendor.instead = {{3, answer(R"({"errors":[{"message":"Cannot fetch more than 10000 messages overall"}]})", 400)}};
  CHECK(f.run() == RunResult::complete);
  CHECK(f.posts().size() == 250);
  CHECK(f.logs("WARN").size() == 1);
}

TEST_CASE("pages become smaller where Sprinklr is too slow for them, and no row is lost or comes twice") {
  ReportFixture f(Json{{"page_size", 375}});
  f.vendor.slow_above = 100;
  f.fill("2026-02-26", 400);
  f.fill("2026-02-27", 200);
  CHECK(f.run() == RunResult::complete);
  CHECK(f.records().size() == 600);
  CHECK(f.posts().size() == 600);
  CHECK(f.bodies().back()["pageSize"] == 93);
}

TEST_CASE("a page that becomes too slow in the middle is gone on from the very row") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}, {"page_size", 75}});
  f.fill("2026-02-26", 400);
  const ScriptedAnswer late = answer("", 504);
  f.vendor.instead = {{4, late}, {5, late}};
  CHECK(f.run() == RunResult::complete);
  CHECK(f.records().size() == 400);
  CHECK(f.posts().size() == 400);
}

TEST_CASE("one slow page is only asked for again") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}});
  f.fill("2026-02-26", 10);
  f.vendor.instead = {{0, answer("", 504)}};
  CHECK(f.run() == RunResult::complete);
  CHECK(f.bodies().at(1)["pageSize"] == 100);
  CHECK(f.records().size() == 10);
}

TEST_CASE("a page that comes a second time once is asked for again") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}});
  f.fill("2026-02-26", 250);
  f.vendor.instead = {{2, [&] {
                         Vendor same = f.vendor;
                         http::Request request;
                         request.body = R"({"pageSize":100,"page":0,"startTime":0,"endTime":9999999999999})";
                         return same(request);
                       }()}};
  CHECK(f.run() == RunResult::complete);
  CHECK(f.records().size() == 250);
  CHECK(f.posts().size() == 250);
}

TEST_CASE("a last page that comes again and again is the end, with a warning") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}});
  f.fill("2026-02-26", 200);
  f.vendor.says_more = false;
  const auto last = [&](std::size_t page) {
    Vendor same = f.vendor;
    http::Request request;
    request.body = Json{{"pageSize", 100}, {"page", page}, {"startTime", 0}, {"endTime", 9999999999999}}.dump();
    return same(request);
  };
  f.vendor.instead = {{3, last(1)}, {4, last(1)}};
  CHECK(f.run() == RunResult::complete);
  CHECK(f.records().size() == 200);
  CHECK(f.logs("WARN").size() == 1);
  CHECK(f.clock.waits() == std::vector<std::chrono::milliseconds>{1s});
}

TEST_CASE("an empty page that promises more is passed") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}});
  f.fill("2026-02-26", 250);
  f.vendor.instead = {{2, answer(R"({"data":{"data":[],"hasMore":true},"errors":[]})")}};
  CHECK(f.run() == RunResult::complete);
  CHECK(f.posts().size() == 150);
  CHECK(f.bodies().back()["page"] == 2);
}

TEST_CASE("a 200 that carries errors is a failure and nothing of it is delivered") {
  ReportFixture f;
  f.client.script({});
  f.vendor.instead = {{0, answer(R"({"data":{"data":[{"POST_ID_0":"x"}]},"errors":[{"message":"Something broke"}]})")}};
  CHECK(f.run() == RunResult::failed);
  CHECK(f.records().empty());
  CHECK(has(f.errors(), "Something broke"));
}

TEST_CASE("headings that come twice in an answer are a configuration error") {
  ReportFixture f(Json{{"reports", {{{"name", "insights"}, {"widget_id", "66"}}}}});
  f.vendor.instead = {{0, answer(R"({"data":{"headings":["A","A"],"rows":[["x",1.0]]},"errors":[]})")}};
  CHECK(f.run() == RunResult::failed);
  CHECK(has(f.errors(), "the heading \"A\" twice"));
}

TEST_CASE("rows of v1 have the payload's columns, and others are refused") {
  const Json report = report_json(payload_json(), {{"api_version", "v1"}});
  ReportFixture f(Json{{"end_date", "2026-02-26"}, {"reports", {report}}});
  f.vendor.instead = {{0, answer(R"({"rows":[["p","1772064000000",226985.0],[null,"1772064000000",null]]})")}};
  CHECK(f.run() == RunResult::complete);
  REQUIRE(f.records().size() == 2);
  CHECK(f.records()[0]["M_LIKES_0"] == 226985.0);
  CHECK(f.records()[1]["POST_ID_0"] == nullptr);

  ReportFixture wrong(Json{{"end_date", "2026-02-26"}, {"reports", {report}}});
  wrong.vendor.instead = {{0, answer(R"({"rows":[["p",1.0]]})")}};
  CHECK(wrong.run() == RunResult::failed);
  CHECK(has(wrong.errors(), "2 values where the payload has 3 headings"));
}

TEST_CASE("an interrupted full refresh goes on behind its last window") {
  ReportFixture f;
  f.fill("2026-02-26", 2);
  f.fill("2026-02-27", 3);
  f.run(std::nullopt, protocol::SyncMode::full_refresh);
  const auto states = f.states();
  REQUIRE(states.size() == 2);
  CHECK(states.back()["finished"] == true);
  const auto before = f.records().size();
  f.run(states.front(), protocol::SyncMode::full_refresh);
  CHECK(f.records().size() == before + 3);
  f.run(states.back(), protocol::SyncMode::full_refresh);
  CHECK(f.records().size() == before + 3 + 5);
}

TEST_CASE("a backfill reads just its days and hands the state back") {
  ReportFixture f;
  f.backfill = engine::Backfill{day("2026-01-05"), day("2026-01-06")};
  f.fill("2026-01-05", 2);
  const Json state{{"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-26"}};
  CHECK(f.run(state) == RunResult::complete);
  CHECK(f.bodies().size() == 2);
  CHECK(f.records().size() == 2);
  CHECK(f.states() == std::vector<Json>{state});
}

TEST_CASE("rows that share a key are warned of, once for each kind") {
  ReportFixture f(Json{{"end_date", "2026-02-26"}});
  f.vendor.instead = {{0, answer(R"({"data":{"data":[{"POST_ID_0":"Access Denied","DATE_1":"1","M_LIKES_0":1.0},
    {"POST_ID_0":"Access Denied","DATE_1":"1","M_LIKES_0":2.0},{"POST_ID_0":"x","DATE_1":"1","M_LIKES_0":1.0},
    {"POST_ID_0":"x","DATE_1":"1","M_LIKES_0":1.0}],"hasMore":false},"errors":[]})")}};
  CHECK(f.run() == RunResult::complete);
  CHECK(f.records().size() == 4);
  const auto warnings = f.logs("WARN");
  REQUIRE(warnings.size() == 2);
  CHECK(has(warnings[0], "Access Denied"));
  CHECK(has(warnings[1], "twice"));
}

TEST_CASE("a quota that comes back too late ends the sync after a checkpoint, and soon enough is waited for") {
  ReportFixture f(Json{{"requests_per_hour", 1}});
  f.fill("2026-02-26", 2);
  CHECK(f.run() == RunResult::failed);
  CHECK(f.records().size() == 2);
  REQUIRE(f.states().size() == 1);
  CHECK(has(f.errors(), "quota"));
  ReportFixture patient(Json{{"requests_per_hour", 1}, {"max_wait_seconds", 3600}});
  patient.fill("2026-02-27", 2);
  CHECK(patient.run() == RunResult::complete);
  CHECK(patient.clock.waited() == 1h);
  const auto kinds = patient.kinds();
  CHECK(std::count(kinds.begin(), kinds.end(), "RATE_LIMITED") == 1);
}

TEST_CASE("the gateway's refusals of a rate are waited out in whatever they are written") {
  for (const char* words : {"<h1>Developer Over Qps</h1>", R"({"message":"Developer Over Rate"})"}) {
    ReportFixture f(Json{{"end_date", "2026-02-26"}});
    f.fill("2026-02-26", 1);
    f.vendor.instead = {{0, answer(words, 403, {{"Retry-After", "7"}})}};
    CHECK(f.run() == RunResult::complete);
    CHECK(f.clock.waited() == 7s);
    CHECK(f.records().size() == 1);
  }
}

TEST_CASE("a missing permission is named and costs only this stream") {
  for (const auto& refused : {answer("{\"message\":\"Forbidden\"}", 403),
                              answer(R"({"errors":[{"message":"Access to resource is forbidden"}]})", 400)}) {
    ReportFixture f;
    f.vendor.instead = {{0, refused}};
    CHECK(f.run() == RunResult::failed);
    CHECK(has(f.errors(), "lacks a permission"));
    CHECK(has(f.errors(), "Generate API Token"));
  }
}

}  // namespace
}  // namespace engagement::sprinklr
