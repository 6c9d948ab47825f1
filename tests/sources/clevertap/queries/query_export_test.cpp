#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using engine::RunResult;
using protocol::Json;
using protocol::SyncMode;
using test::answer;

const char* const kPage =
    R"({"status":"success","records":[{"profile":{"objectId":"-1a","identity":"p1"},"ts":20260205010145,)"
    R"("event_props":{"a":1},"context":"theirs"}]})";
const char* const kPeople = R"({"status":"success","records":[{"identity":"p1","profileData":{"points":5}}]})";

struct QueryExportFixture : SyncFixture {
  explicit QueryExportFixture(std::string page) {
    client.answer_with([page = std::move(page)](const http::Request& request, const std::stop_token&) {
      return answer(request.method == http::Method::post ? R"({"status":"success","cursor":"c%3D"})" : page);
    });
  }
};

TEST_CASE("a query of events is merged into the export's body and carries its name and context") {
  QueryExportFixture f(kPage);
  auto config = one_query("events",
                          R"({"event_name":"Charged","from":20260201,"to":20260207,)"
                          R"("event_properties":[{"name":"Amount","operator":"greater_than","value":5}]})",
                          {{"context", R"({"batch":7,"note":"a b"})"}});
  CHECK(f.read({"q"}, config, SyncMode::incremental) == RunResult::complete);
  const auto posted = f.posted("/1/events.json");
  REQUIRE(posted.size() == 1);
  CHECK(posted[0].dump() ==
        R"({"event_name":"Charged","event_properties":[{"name":"Amount","operator":"greater_than","value":5}],)"
        R"("from":20260201,"to":20260207})");
  REQUIRE(f.records().size() == 1);
  const Json record = f.records()[0];
  CHECK(record["query_name"] == "q");
  CHECK(record["context"] == Json{{"batch", 7}, {"note", "a b"}});
  CHECK(record["event_name"] == "Charged");
  CHECK(record["event_id"].get<std::string>().size() == 32);
  CHECK(f.states().back()["events"]["Charged"] == "2026-02-07");
  CHECK(f.states().back().contains("query_hash"));
}

TEST_CASE("a query's events have the ids that the stream of all events gives them") {
  QueryExportFixture all(kPage);
  all.read({"events"}, {{"event_names", {"Charged"}}, {"end_date", 20260207}});
  QueryExportFixture query(kPage);
  query.read({"q"}, one_query("events", R"({"event_name":"Charged","to":20260207})"));
  REQUIRE(all.records().size() == 1);
  REQUIRE(query.records().size() == 1);
  CHECK(all.records()[0]["event_id"] == query.records()[0]["event_id"]);
  CHECK(all.records()[0]["context"] == "theirs");
}

TEST_CASE("a query of profiles without an event is sent without a period") {
  QueryExportFixture f(kPeople);
  const std::string text = R"({"common_profile_properties":{"profile_fields":[{"name":"points","value":5}]}})";
  CHECK(f.read({"q"}, one_query("profiles", text), SyncMode::incremental) == RunResult::complete);
  const auto posted = f.posted("/1/profiles.json");
  REQUIRE(posted.size() == 1);
  CHECK(posted[0].dump() == text);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0]["profile_id"] == "p1");
  CHECK(f.records()[0]["query_name"] == "q");
  CHECK(f.states().back()["sync_mode"] == "full_refresh");
}

TEST_CASE("a query of profiles with an event has the period of the sync") {
  QueryExportFixture f(kPeople);
  CHECK(f.read({"q"}, one_query("profiles", R"({"event_name":"Charged"})")) == RunResult::complete);
  const auto posted = f.posted("/1/profiles.json");
  REQUIRE(posted.size() == 1);
  CHECK(posted[0]["from"] == 20260201);
  CHECK(posted[0]["to"] == 20260301);
}

TEST_CASE("an event that CleverTap does not export makes its query a config error") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"fail","error":"Export not allowed for this event","code":400})", 400)});
  CHECK(f.read({"q"}, one_query("events", R"({"event_name":"Notification Sent"})")) == RunResult::failed);
  CHECK(f.failures().at("q") ==
        "config_error: The stream \"q\" (/1/events.json) cannot be read: CleverTap does not accept the query: \"Export "
        "not allowed for this event\".");
}

TEST_CASE("a changed query of events is read again from the start") {
  QueryExportFixture f(kPage);
  const Json state{{"version", 1},
                   {"sync_mode", "incremental"},
                   {"start_date", "2026-02-01"},
                   {"events", {{"Charged", "2026-02-20"}}},
                   {"query_hash", std::string(32, '0')}};
  CHECK(f.read({"q"}, one_query("events", R"({"event_name":"Charged"})"), SyncMode::incremental, state) ==
        RunResult::complete);
  CHECK(f.posted("/1/events.json")[0]["from"] == 20260201);
  REQUIRE(f.logs("WARN").size() >= 1);
  CHECK(has(f.logs("WARN")[0], "the query has changed"));
}

TEST_CASE("the schema of a query's export is the built-in one and what the query adds") {
  SyncFixture f;
  engine::CommandContext command(f.environment, f.logger);
  const auto streams = f.source->streams(config_json(one_query("events", R"({"event_name":"A"})")), {"q"}, command, {});
  const auto& description = streams.back()->description();
  CHECK(description.name == "q");
  CHECK(description.primary_key == std::vector<std::vector<std::string>>{{"event_id"}});
  CHECK(description.json_schema["properties"].contains("event_props"));
  CHECK(description.json_schema["properties"].contains("query_name"));
  CHECK(description.json_schema["properties"].contains("context"));
  CHECK(description.time_bound);
}

TEST_CASE("an export that CleverTap does not begin for what is in its query is the user's to mend") {
  for (const char* words : {R"({"status":"fail","error":"Incorrect Usage","code":3})",
                            R"({"status":"fail","error":"Unsupported operator between"})"}) {
    SyncFixture f;
    f.client.script({answer(words)});
    CHECK(f.read({"q"}, one_query("events", R"({"event_name":"Charged"})")) == RunResult::failed);
    CHECK(has(f.failures().at("q"), "config_error: The stream \"q\""));
  }
}

}  // namespace
}  // namespace engagement::clevertap
