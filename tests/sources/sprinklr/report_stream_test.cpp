#include "sources/sprinklr/report_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;

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

TEST_CASE("nothing of a window that is read in halves came before, whichever row of a page counts for the cap") {
  using Counts = Vendor::Counts;
  for (const auto counts : {Counts::last_row, Counts::first_row, Counts::rows_before}) {
    for (const int size : {1000, 700, 333}) {
      INFO(static_cast<int>(counts) << " " << size);
      ReportFixture f(Json{{"end_date", "2026-02-26"}, {"page_size", size}});
      f.vendor.cap_counts = counts;
      f.fill("2026-02-26", 13'000);
      CHECK(f.run() == RunResult::complete);
      CHECK(f.records().size() == 13'000);
      CHECK(f.posts().size() == 13'000);
      CHECK(f.logs("WARN").empty());
    }
  }
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

}  // namespace
}  // namespace engagement::sprinklr
