#include "sources/sprinklr/report_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;

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
  for (std::size_t request = 3; request < 20; ++request) f.vendor.instead[request] = last(1);
  CHECK(f.run() == RunResult::complete);
  CHECK(f.records().size() == 200);
  CHECK(f.logs("WARN").size() == 1);
  CHECK(f.clock.waits() == std::vector<std::chrono::milliseconds>{1s});
}

TEST_CASE("pages of equal rows are no end where others follow, and every row of theirs comes") {
  const Json denied{{"POST_ID_0", "Access Denied"}, {"DATE_1", "1"}, {"M_LIKES_0", 0.0}};
  for (const bool says_more : {true, false}) {
    for (const int equal : {3, 4, 6, 41, 60}) {
      for (const int others : {0, 1, 6}) {
        ReportFixture f(Json{{"end_date", "2026-02-26"}, {"page_size", 2}});
        Json rows = Json::array();
        for (int at = 0; at < equal; ++at) rows.push_back(denied);
        for (int at = 0; at < others; ++at) {
          rows.push_back({{"POST_ID_0", "p" + std::to_string(at)}, {"DATE_1", "1"}, {"M_LIKES_0", 0.0}});
        }
        f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
          const Json body = Json::parse(request.body);
          const auto begin = body["page"].get<std::size_t>() * 2;
          Json data = Json::object();
          for (auto row = begin; row < std::min(begin + 2, rows.size()); ++row) data["data"].push_back(rows[row]);
          if (says_more) data["hasMore"] = begin + 2 < rows.size();
          return answer(Json{{"data", data}}.dump());
        });
        INFO(says_more << " " << equal << " " << others << " " << f.errors());
        CHECK(f.run() == RunResult::complete);
        CHECK(f.records().size() == rows.size());
      }
    }
  }
}

TEST_CASE("one page for ever that promises more is a transient failure, and no state passes it") {
  ReportFixture f;
  f.fill("2026-02-26", 1);
  f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
    if (Json::parse(request.body)["startTime"] == 1772064000000) return f.vendor(request);
    return answer(R"({"data":{"data":[{"POST_ID_0":"a","DATE_1":"1","M_LIKES_0":1.0}],"hasMore":true},"errors":[]})");
  });
  CHECK(f.run() == RunResult::failed);
  CHECK(has(f.errors(), "the same page"));
  REQUIRE(f.states().size() == 1);
  CHECK(f.states()[0]["through"] == "2026-02-27T00:00:00Z");
  CHECK(f.client.requests().size() < 20);
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
