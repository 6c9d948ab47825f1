#include "sources/clevertap/queries/group_stream.hpp"

#include "sources/clevertap/queries/group_results.hpp"
#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using engine::RunResult;
using protocol::Json;
using test::answer;

const char* const kTrend =
    R"({"event_name":"A","groups":{"by day":{"trend_type":"daily"},"w":{"trend_type":"weekly"}}})";

std::vector<std::pair<int, int>> numbers(const std::vector<DaySpan>& spans) {
  std::vector<std::pair<int, int>> all;
  for (const auto& span : spans) all.emplace_back(day_to_number(span.first), day_to_number(span.last));
  return all;
}

TEST_CASE("a trend of a year or less is one request") {
  CHECK(numbers(trend_requests(day(20260101), day(20261231))) ==
        std::vector<std::pair<int, int>>{{20260101, 20261231}});
  CHECK(numbers(trend_requests(day(20260115), day(20260115))) ==
        std::vector<std::pair<int, int>>{{20260115, 20260115}});
}

TEST_CASE("a longer trend is cut at month ends, without gap or overlap") {
  CHECK(numbers(trend_requests(day(20240115), day(20260210))) ==
        std::vector<std::pair<int, int>>{{20240115, 20241231}, {20250101, 20251231}, {20260101, 20260210}});
  CHECK(numbers(trend_requests(day(20240229), day(20250228))) ==
        std::vector<std::pair<int, int>>{{20240229, 20250131}, {20250201, 20250228}});
}

TEST_CASE("a trend is one record for each group and bucket") {
  SyncFixture f;
  f.client.script({answer(R"({"req_id":1,"status":"partial"})"),
                   answer(R"({"status":"success","by day":{"20260201":10,"20260202":0},"w":{"202605":10.5}})")});
  CHECK(f.read({"q"}, one_query("trends", kTrend)) == RunResult::complete);
  const auto records = f.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0].dump() == R"({"query_name":"q","context":{},"group":"by day","trend_type":"daily",)"
                             R"("bucket":"20260201","count":10,"counted_at":"2026-03-01T00:00:01Z"})");
  CHECK(records[2]["trend_type"] == "weekly");
  CHECK(records[2]["count"] == 10.5);
  const auto posted = f.posted("/1/counts/trends.json");
  REQUIRE(posted.size() == 1);
  CHECK(posted[0]["from"] == 20260201);
  CHECK(posted[0]["to"] == 20260301);
}

TEST_CASE("a week that two requests of a trend share is added up") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","w":{"202501":3,"202505":1}})"),
                   answer(R"({"status":"success","w":{"202505":4,"202506":2}})")});
  const Json config{{"start_date", 20250215}, {"queries", one_query("trends", kTrend)["queries"]}};
  CHECK(f.read({"q"}, config) == RunResult::complete);
  const auto records = f.records();
  REQUIRE(records.size() == 3);
  CHECK(records[1]["bucket"] == "202505");
  CHECK(records[1]["count"] == 5);
  for (const auto& warning : f.logs("WARN")) CHECK_FALSE(has(warning, "counted twice"));
}

TEST_CASE("people in a week that two requests share may be counted twice, which is said") {
  SyncFixture f;
  f.client.script(
      {answer(R"({"status":"success","w":{"202505":1}})"), answer(R"({"status":"success","w":{"202505":4}})")});
  const auto query = one_query("trends", R"({"event_name":"A","unique":true,"groups":{"w":{"trend_type":"weekly"}}})");
  CHECK(f.read({"q"}, {{"start_date", 20250215}, {"queries", query["queries"]}}) == RunResult::complete);
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "counted twice"));
}

TEST_CASE("top values are one record for each value, as text, whatever letters it has") {
  SyncFixture f;
  f.client.script(
      {answer("{\"status\":\"success\",\"foo\":{\"NUMBER\":{\"0-100\":10},\"STR\":{\"Gold \\\"1\\\"\":5,"
              "\"\\ud800\":2,\"\":1}}}")});
  CHECK(f.read({"q"}, one_query("top_property_values", R"({"event_name":"A","groups":{"foo":{}}})")) ==
        RunResult::complete);
  const auto records = f.records();
  REQUIRE(records.size() == 4);
  CHECK(records[0]["value_type"] == "NUMBER");
  CHECK(records[0]["value"] == "0-100");
  CHECK(records[0]["count"] == 10);
  CHECK(records[1]["value"] == "Gold \"1\"");
  CHECK(records[2]["value"] == "\xEF\xBF\xBD");
  CHECK(records[3]["value"] == "");
  CHECK(f.posted("/1/counts/top.json").size() == 1);
}

TEST_CASE("an answer of another form is no answer") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","foo":{"STR":[1,2]}})")});
  CHECK(f.read({"q"}, one_query("top_property_values", R"({"event_name":"A","groups":{"foo":{}}})")) ==
        RunResult::failed);
  CHECK(has(f.failures().at("q"), "system_error: CleverTap answered a query in a form"));
  CHECK(f.records().empty());
}

TEST_CASE("a group that CleverTap does not know is a config error in its words") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"fail","error":"[\"Invalid group\"]","code":400})")});
  CHECK(f.read({"q"}, one_query("trends", kTrend)) == RunResult::failed);
  CHECK(has(f.failures().at("q"), "CleverTap answered HTTP 200 (\"Invalid group\")"));
}

TEST_CASE("sums of whole numbers are whole") {
  CHECK(sum_of("3", "4") == "7");
  CHECK(sum_of("0.5", "4") == "4.5");
}

TEST_CASE("a number that is sent as text is one only in JSON's grammar, its leading zeros aside") {
  const auto read = [](const std::string& number) {
    SyncFixture f;
    f.client.script({answer(R"({"status":"success","foo":{"STR":{"Gold":)" + number + "}}}")});
    f.read({"q"}, one_query("top_property_values", R"({"event_name":"A","groups":{"foo":{}}})"));
    const auto records = f.records();
    return records.empty() ? f.failures().at("q") : records[0]["count"].dump();
  };
  CHECK(read(R"("007")") == "7");
  CHECK(read(R"("1.5")") == "1.5");
  CHECK(read("-3") == "-3");
  for (const char* none : {R"("NaN")", R"("inf")", R"(".5")", R"("1.")", R"("0x1")", R"("")", "null", "true"}) {
    INFO(none);
    CHECK(has(read(none),
              "system_error: CleverTap answered a query in a form that the connector does not know: \"Gold\" "
              "of \"foo\" is " +
                  std::string(none)));
  }
}

TEST_CASE("values that are the same once their broken letters are repaired are one record, and the repair is told") {
  SyncFixture f;
  f.client.script(
      {answer("{\"status\":\"success\",\"foo\":{\"STR\":{\"a\\ud800\":1,\"a\\ud801\":2,\"b\":3,\"\\u0062\":4}}}")});
  CHECK(f.read({"q"}, one_query("top_property_values", R"({"event_name":"A","groups":{"foo":{}}})")) ==
        RunResult::complete);
  const auto records = f.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0]["count"] == 3);
  CHECK(records[1]["count"] == 7);
  CHECK(f.logs("WARN").size() == 1);
}

TEST_CASE("a group that the answer does not have is warned of") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","w":{"202605":1}})")});
  CHECK(f.read({"q"}, one_query("trends", kTrend)) == RunResult::complete);
  CHECK(f.records().size() == 1);
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "no group \"by day\""));
}

TEST_CASE("a sum that no number can hold is no record") {
  CHECK(sum_of("9223372036854775807", "1") == "9.223372036854776e+18");
  CHECK(has(message_of([] { sum_of("1e308", "1e308"); }), "system_error"));
}

}  // namespace
}  // namespace engagement::clevertap
