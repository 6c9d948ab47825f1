#include <mutex>

#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using engine::RunResult;
using protocol::Json;
using protocol::SyncMode;
using test::answer;
using test::ScriptedAnswer;

// Campaigns with the status and the answer that a test gives them, all in the first window.
struct Results : SyncFixture {
  Results() {
    client.answer_with([this](const http::Request& request, const std::stop_token&) {
      const Json body = Json::parse(request.body);
      const std::lock_guard lock(mutex);
      if (has(request.url, "/list.json")) return body["from"] == 20260201 ? answer(list) : answer(empty);
      asked.push_back(body["id"].get<int>());
      const auto found = results.find(body["id"].get<int>());
      return found == results.end() ? answer(R"({"result":{"sent":82},"status":"success"})") : found->second;
    });
  }
  std::string list = R"({"status":"success","targets":[{"id":1,"status":"completed","scheduled_on":202602051030},)"
                     R"({"id":2,"status":"running","scheduled_on":"202602280930"},{"id":3,"status":"scheduled"}]})";
  std::string empty = R"({"status":"success","targets":[]})";
  std::mutex mutex;
  std::vector<int> asked;
  std::map<int, ScriptedAnswer> results;
};

TEST_CASE("every campaign that has started is asked for its result") {
  Results f;
  CHECK(f.read({"campaign_results"}, Json::object()) == RunResult::complete);
  CHECK(f.asked == std::vector<int>{1, 2});
  REQUIRE(f.records().size() == 2);
  CHECK(f.records()[0].dump() == R"({"campaign_id":"1","fetched_at":"2026-03-01T00:00:00Z","result":{"sent":82}})");
}

TEST_CASE("each way of saying that there is no result yet passes the campaign over until the next sync") {
  const std::vector<ScriptedAnswer> ways = {
      answer(R"({"status":"fail","error":"Campaign not completed","code":409})", 409),
      answer(R"({"status":"fail","error":"This target has no result as of yet","code":500})", 500),
      answer(R"({"status":"success","error":"This target hasn't been completed","code":200})"),
      answer(R"({"status":"fail","error":"This target hasn't been completed"})")};
  for (const auto& way : ways) {
    INFO(way.body);
    Results first;
    first.results[2] = way;
    CHECK(first.read({"campaign_results"}, Json::object(), SyncMode::incremental) == RunResult::complete);
    CHECK(first.records().size() == 1);
    const Json state = first.states().back();
    CHECK(state["open"] == Json{{"2", {"2026-02-01", "2026-03-01"}}, {"3", {"2026-02-01", "2026-03-01"}}});

    Results second;
    second.list = R"({"status":"success","targets":[{"id":2,"status":"completed"},{"id":3,"status":"stopped"}]})";
    CHECK(second.read({"campaign_results"}, Json::object(), SyncMode::incremental, state) == RunResult::complete);
    CHECK(second.asked == std::vector<int>{2, 3, 1});
    CHECK(second.records().size() == 3);
    CHECK(second.states().back()["open"] == Json::object());
    CHECK(second.states().back()["recent"] == Json{{"1", "2026-03-01"}, {"2", "2026-03-01"}, {"3", "2026-03-01"}});
  }
}

TEST_CASE("any other 500 is repeated") {
  Results f;
  int failures = 0;
  f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "/list.json"))
      return answer(R"({"status":"success","targets":[{"id":1,"status":"completed"}]})");
    if (failures++ < 2) return answer(R"({"status":"fail","error":"An unknown error occurred","code":500})", 500);
    return answer(R"({"result":{"sent":1},"status":"success"})");
  });
  CHECK(f.read({"campaign_results"}, Json::object()) == RunResult::complete);
  CHECK(f.records().size() == 1);
  CHECK(f.client.requests().size() == 4);
}

TEST_CASE("results of campaigns that ended within the look-back are read again, older ones are not") {
  const auto asked = [](const std::string& ended) {
    Results f;
    const Json state{
        {"version", 1},          {"sync_mode", "incremental"}, {"start_date", "2026-02-01"}, {"through", "2026-02-28"},
        {"open", Json::array()}, {"recent", {{"9", ended}}}};
    CHECK(f.read({"campaign_results"}, Json::object(), SyncMode::incremental, state) == RunResult::complete);
    return f.asked;
  };
  CHECK(asked("2026-02-27") == std::vector<int>{9});
  CHECK(asked("2026-02-26").empty());
}

TEST_CASE("an answer with neither a result nor a word is not taken for one") {
  Results f;
  f.results[1] = answer(R"({"status":"success"})");
  CHECK(f.read({"campaign_results"}, Json::object()) == RunResult::complete);
  CHECK(f.records().size() == 1);
}

TEST_CASE("a state with something else than campaigns in it is a config error that says how to reset it") {
  Results f;
  const Json state{{"version", 1},
                   {"sync_mode", "incremental"},
                   {"start_date", "2026-02-01"},
                   {"through", "2026-02-28"},
                   {"open", 7}};
  CHECK(f.read({"campaign_results"}, Json::object(), SyncMode::incremental, state) == RunResult::failed);
  CHECK(has(f.failures().at("campaign_results"), "Clear data"));
}

TEST_CASE("a campaign that is first seen completed may have ended today, and is read again within the look-back") {
  Results f;
  CHECK(f.read({"campaign_results"}, Json::object(), SyncMode::incremental) == RunResult::complete);
  CHECK(f.states().back()["recent"]["1"] == "2026-03-01");
}

TEST_CASE("a result of a campaign that still runs is not its last one") {
  Results first;
  CHECK(first.read({"campaign_results"}, Json::object(), SyncMode::incremental) == RunResult::complete);
  CHECK(first.records().size() == 2);
  CHECK(first.states().back()["open"].contains("2"));
  CHECK_FALSE(first.states().back()["recent"].contains("2"));

  Results second;
  CHECK(second.read({"campaign_results"}, Json::object(), SyncMode::incremental, first.states().back()) ==
        RunResult::complete);
  CHECK(second.states().back()["open"].contains("2"));

  Results third;
  third.list = R"({"status":"success","targets":[{"id":2,"status":"completed"}]})";
  CHECK(third.read({"campaign_results"}, Json::object(), SyncMode::incremental, second.states().back()) ==
        RunResult::complete);
  CHECK_FALSE(third.states().back()["open"].contains("2"));
  CHECK(third.states().back()["recent"]["2"] == "2026-03-01");
}

TEST_CASE("a campaign that is deleted is passed over with a warning and forgotten, the others are read") {
  for (const auto& gone : {answer(R"({"status":"fail","error":"no such target","code":404})", 404),
                           answer(R"({"status":"fail","error":"Invalid target id","code":400})", 400)}) {
    Results f;
    f.results[7] = gone;
    const Json state{
        {"version", 1},  {"sync_mode", "incremental"},     {"start_date", "2026-02-01"}, {"through", "2026-02-28"},
        {"open", {"7"}}, {"recent", {{"9", "2026-02-28"}}}};
    CHECK(f.read({"campaign_results"}, Json::object(), SyncMode::incremental, state) == RunResult::complete);
    CHECK(f.asked == std::vector<int>{7, 9});
    CHECK(f.states().back()["open"] == Json::object());
    REQUIRE(f.logs("WARN").size() == 1);
    CHECK(has(f.logs("WARN")[0], "campaign 7 is passed over"));
  }
}

TEST_CASE("a campaign is asked for again by its id as CleverTap wrote it") {
  const auto ids_asked = [](const std::string& id) {
    std::vector<std::string> asked;
    std::optional<Json> state;
    for (int sync = 0; sync < 2; ++sync) {
      SyncFixture f;
      f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
        if (has(request.url, "/list.json")) {
          const bool first = has(request.body, "\"from\":20260201");
          return answer(R"({"status":"success","targets":[)" +
                        (first ? R"({"id":)" + id + R"(,"status":"running"})" : "") + "]}");
        }
        asked.push_back(request.body);
        return answer(R"({"status":"fail","error":"not yet","code":409})", 409);
      });
      CHECK(f.read({"campaign_results"}, Json::object(), SyncMode::incremental, state) == RunResult::complete);
      state = f.states().back();
    }
    return asked;
  };
  for (const char* id : {"5", "1234567890123456789012", R"("0123")", R"("a\"b")"}) {
    const auto body = R"({"id":)" + std::string(id) + "}";
    CHECK(ids_asked(id) == std::vector<std::string>{body, body});
  }
}

}  // namespace
}  // namespace engagement::clevertap
