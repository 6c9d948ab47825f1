#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using engine::RunResult;
using protocol::Json;
using protocol::SyncMode;
using test::answer;

TEST_CASE("campaigns are listed from the start to 62 days after today, whatever the end date, a month at a time") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","targets":[{"id":1457432766,"name":"Spring","status":"running"}]})"),
                   answer(R"({"status":"success","targets":[]})")});
  CHECK(f.read({"campaigns"}, {{"end_date", 20260210}}, SyncMode::incremental) == RunResult::complete);
  const auto posted = f.posted("/1/targets/list.json");
  REQUIRE(posted.size() == 3);
  CHECK(posted[0].dump() == R"({"from":20260201,"to":20260303})");
  CHECK(posted[1].dump() == R"({"from":20260304,"to":20260403})");
  CHECK(posted[2].dump() == R"({"from":20260404,"to":20260502})");
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0].dump() ==
        R"({"id":"1457432766","fetched_at":"2026-03-01T00:00:00Z","name":"Spring","status":"running"})");
  CHECK(f.states().back()["through"] == "2026-02-28");
}

TEST_CASE("a second sync of campaigns lists the look-back and what is to come") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","targets":[]})")});
  const Json state{
      {"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-01"}, {"through", "2026-02-27"}};
  CHECK(f.read({"campaigns"}, Json::object(), SyncMode::incremental, state) == RunResult::complete);
  CHECK(f.posted("/1/targets/list.json").front()["from"] == 20260226);
}

TEST_CASE("message reports are read two weeks at a time, with the filters as configured") {
  SyncFixture f;
  f.client.script(
      {answer(R"({"status":"success","total_results":1,"messages":[{"message id":77,"message_name":"n","sent":1}]})"),
       answer(R"({"status":"success","total_results":0,"messages":[]})")});
  const Json config{{"message_report_filters", {{"channel", {"push", "email"}}, {"label", Json::array()}}}};
  CHECK(f.read({"message_reports"}, config, SyncMode::incremental) == RunResult::complete);
  const auto posted = f.posted("/1/message/report.json");
  REQUIRE(posted.size() == 3);
  CHECK(posted[0].dump() == R"({"from":"20260201","to":"20260214","channel":["push","email"]})");
  CHECK(posted[2]["to"] == "20260301");
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0].dump() ==
        R"({"message_id":"77","fetched_at":"2026-03-01T00:00:00Z","message_name":"n","sent":1})");
}

TEST_CASE("a stream that the passcode may not read is a config error that names it and its endpoint") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"fail","error":"Forbidden","code":403})", 403)});
  CHECK(f.read({"campaigns"}, Json::object()) == RunResult::failed);
  CHECK(
      has(f.failures().at("campaigns"),
          "config_error: The stream \"campaigns\" (POST /1/targets/list.json) cannot be read: CleverTap answered HTTP "
          "403 (\"Forbidden\")"));
}

TEST_CASE("a backfill of campaigns lists its days alone, those to come too") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","targets":[]})")});
  CHECK(f.read({"campaigns"}, Json::object(), SyncMode::incremental, std::nullopt, 1,
               engine::Backfill{day(20260220), day(20260310)}) == RunResult::complete);
  const auto posted = f.posted("/1/targets/list.json");
  REQUIRE(posted.size() == 1);
  CHECK(posted[0].dump() == R"({"from":20260220,"to":20260310})");
}

TEST_CASE(
    "a message whose id has no blank in its name keeps it, and records that are announced and absent are warned of") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","total_results":500,"messages":[{"message_id":78,"sent":1}]})"),
                   answer(R"({"status":"success","total_results":0,"messages":[]})")});
  CHECK(f.read({"message_reports"}, Json::object()) == RunResult::complete);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0].dump() == R"({"message_id":"78","fetched_at":"2026-03-01T00:00:00Z","sent":1})");
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "announces 500 records and sends 1"));
}

}  // namespace
}  // namespace engagement::clevertap
