#include <map>

#include "engine/command_context.hpp"
#include "engine/runner.hpp"
#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"
#include "support/protocol_schema.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using protocol::SyncMode;
using test::answer;
using test::ScriptedAnswer;

// A CleverTap in a function: each event has its own two pages; events named "Refused" are not exported.
struct Vendor {
  ScriptedAnswer operator()(const http::Request& request, const std::stop_token&) {
    const std::lock_guard lock(mutex);
    if (has(request.url, "/getSchema"))
      return answer(R"({"status":"success","events":[{"name":"Charged"},{"name":"Refused"},{"name":"App Launched"}]})");
    if (request.method == http::Method::post) {
      const auto query = Json::parse(request.body);
      queries.push_back(query);
      urls.push_back(request.url);
      if (query["event_name"] == "Refused") {
        return answer(R"({"status":"fail","error":"Export not allowed for this event","code":400})", 400);
      }
      return answer(R"({"status":"success","cursor":"c)" + std::to_string(queries.size()) + "%3D\"}");
    }
    const auto cursor = request.url.substr(request.url.find("cursor=") + 7);
    if (has(cursor, "-end")) return answer(R"({"status":"success"})");
    return answer(R"({"status":"success","next_cursor":")" + cursor + R"(-end","records":[)" + record + "]}");
  }
  std::string record = R"({"profile":{"objectId":"-1a","identity":"p1"},"ts":20260830010145,"event_props":{"a":1}})";
  std::mutex mutex;
  std::vector<Json> queries;
  std::vector<std::string> urls;
};

struct SourceFixture : test::StreamFixture {
  SourceFixture() {
    client.answer_with([this](const http::Request& r, const std::stop_token& s) { return vendor(r, s); });
  }

  engine::CheckReport check(const Json& changes) {
    engine::CommandContext context(environment, logger);
    return source->check(config_json(changes), context, {});
  }

  engine::RunResult read(const std::string& stream, const Json& changes, SyncMode mode = SyncMode::full_refresh,
                         const std::optional<Json>& state = std::nullopt, std::size_t workers = 1) {
    engine::CommandContext command(environment, logger);
    streams = source->streams(config_json(changes), {stream}, command, {});
    catalog.streams = {test::configured(stream, mode)};
    for (const auto& one : streams) {
      if (one->description().name == stream) catalog.streams[0].json_schema = one->description().json_schema;
    }
    protocol::StateInput input;
    if (state) input.set({stream, std::nullopt}, *state);
    engine::Runner runner(environment, logger, writer, {workers, true, std::nullopt});
    runner.add_streams(catalog, streams, input);
    return runner.run(stop.get_token());
  }

  std::unique_ptr<engine::Source> source = make_clevertap_source();
  Vendor vendor;
  std::vector<std::unique_ptr<engine::Stream>> streams;
  protocol::ConfiguredCatalog catalog;
};

TEST_CASE("the source has two streams with keys, cursors and resumable full refresh") {
  const auto source = make_clevertap_source();
  CHECK(source->name() == "clevertap");
  const auto streams = source->documented_streams();
  REQUIRE(streams.size() == 11);
  CHECK(streams[0].name == "events");
  CHECK(streams[0].primary_key == std::vector<std::vector<std::string>>{{"event_id"}});
  CHECK(streams[0].cursor == std::vector<std::string>{"event_time"});
  CHECK(streams[1].name == "profiles");
  CHECK(streams[1].primary_key == std::vector<std::vector<std::string>>{{"profile_id"}});
  CHECK(streams[1].cursor == std::vector<std::string>{"exported_at"});
  CHECK(streams[0].resumable);
  CHECK(streams[1].resumable);
  for (const auto& stream : streams) CHECK(stream.json_schema["additionalProperties"] == true);
  CHECK(source->workers(config_json({{"num_workers", 3}})) == 3);
}

TEST_CASE("a full refresh of events reads every window and every message of it is legal") {
  SourceFixture f;
  CHECK(f.read("events", {{"event_name", "Charged"}, {"end_date", 20260210}}) == engine::RunResult::complete);
  REQUIRE(f.vendor.queries.size() == 2);
  CHECK(f.vendor.queries[0] == Json{{"event_name", "Charged"}, {"from", 20260201}, {"to", 20260207}});
  CHECK(f.vendor.queries[1] == Json{{"event_name", "Charged"}, {"from", 20260208}, {"to", 20260210}});
  CHECK(has(f.vendor.urls[0], "/1/events.json?batch_size=4991&app=true&events=false&profile=true"));
  CHECK(f.client.urls()[1] == "https://api.clevertap.com/1/events.json?cursor=c1%3D");
  CHECK(f.records().size() == 2);
  CHECK(f.states().back() == Json{{"version", 1},
                                  {"sync_mode", "full_refresh"},
                                  {"start_date", "2026-02-01"},
                                  {"finished", true},
                                  {"events", {{"Charged", "2026-02-10"}}}});
  const auto violation = test::protocol_violation_in_lines(f.sink.text());
  INFO(violation.value_or(""));
  CHECK_FALSE(violation.has_value());
}

TEST_CASE("profiles are one export for each event, each person once") {
  SourceFixture f;
  f.vendor.record = R"({"identity":"p1"},{"identity":"p2"})";
  CHECK(f.read("profiles", {{"event_names", {"A", "B"}},
                            {"include_app_fields", false},
                            {"batch_size", 46},
                            {"include_profile_properties", false}}) == engine::RunResult::complete);
  REQUIRE(f.vendor.queries.size() == 2);
  CHECK(f.vendor.queries[0] == Json{{"event_name", "A"}, {"from", 20260201}, {"to", 20260301}});
  CHECK(has(f.vendor.urls[0], "/1/profiles.json?batch_size=46&app=false&events=true&profile=false"));
  CHECK(f.records().size() == 2);
  CHECK_FALSE(test::protocol_violation_in_lines(f.sink.text()).has_value());
}

TEST_CASE("the summary of events can be left out of profiles") {
  SourceFixture f;
  f.vendor.record = R"({"identity":"p1"})";
  f.read("profiles", {{"event_name", "A"}, {"include_event_summary", false}});
  CHECK(has(f.vendor.urls.at(0), "&events=false&"));
}

TEST_CASE("without names every event of the project is read, and a refused one is skipped with one warning") {
  for (const std::size_t workers : {std::size_t{1}, std::size_t{3}}) {
    SourceFixture f;
    CHECK(f.read("events", Json::object(), SyncMode::incremental, std::nullopt, workers) ==
          engine::RunResult::complete);
    const auto state = f.states().back();
    CHECK(state["events"] == Json{{"App Launched", "2026-02-28"}, {"Charged", "2026-02-28"}});
    int warnings = 0;
    for (const auto& text : f.logs("WARN")) warnings += has(text, "Refused") ? 1 : 0;
    CHECK(warnings == 1);
    CHECK(f.kinds().back() == "COMPLETE");
  }
}

TEST_CASE("an incremental sync goes on from its state with the look-back") {
  SourceFixture f;
  const Json state{{"version", 1},
                   {"sync_mode", "incremental"},
                   {"start_date", "2026-02-01"},
                   {"events", {{"Charged", "2026-02-26"}}}};
  CHECK(f.read("events", {{"event_name", "Charged"}}, SyncMode::incremental, state) == engine::RunResult::complete);
  REQUIRE(f.vendor.queries.size() == 1);
  CHECK(f.vendor.queries[0]["from"] == 20260225);
  CHECK(f.vendor.queries[0]["to"] == 20260301);
  CHECK(f.states().back()["events"] == Json{{"Charged", "2026-02-28"}});
}

TEST_CASE("a state of the future leaves nothing to read and still ends with a state") {
  SourceFixture f;
  const Json state{{"version", 1},
                   {"sync_mode", "incremental"},
                   {"start_date", "2026-02-01"},
                   {"events", {{"Charged", "2027-01-01"}}}};
  CHECK(f.read("events", {{"event_name", "Charged"}}, SyncMode::incremental, state) == engine::RunResult::complete);
  CHECK(f.vendor.queries.empty());
  CHECK(f.states() == std::vector<Json>{state});
}

TEST_CASE("a mangled state fails the stream as a config error before any request") {
  SourceFixture f;
  CHECK(f.read("events", {{"event_name", "Charged"}}, SyncMode::incremental, Json{{"bookmark", 1}}) ==
        engine::RunResult::failed);
  CHECK(f.client.requests().empty());
  CHECK(f.states().empty());
  CHECK(f.sink.messages("TRACE").back()["trace"]["error"]["failure_type"] == "config_error");
}

TEST_CASE("a project without events is read with a warning and a state") {
  SourceFixture f;
  f.client.answer_with([](const auto&, const auto&) { return answer(R"({"status":"success","events":[]})"); });
  CHECK(f.read("events", Json::object()) == engine::RunResult::complete);
  CHECK(f.states().size() == 1);
  CHECK(f.logs("WARN").size() == 1);
}

TEST_CASE("an end in the future is read up to today, with a warning") {
  SourceFixture f;
  CHECK(f.read("events", {{"event_name", "Charged"}, {"start_date", 20260228}, {"end_date", 20990101}}) ==
        engine::RunResult::complete);
  CHECK(f.vendor.queries.at(0)["to"] == 20260301);
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "2026-03-01"));
}

TEST_CASE("a field that the schema lacks is reported at the end of the stream") {
  SourceFixture f;
  f.vendor.record = R"({"ts":20260830010145,"brand_new":1})";
  f.read("events", {{"event_name", "Charged"}, {"start_date", 20260228}});
  bool reported = false;
  for (const auto& text : f.logs("WARN")) reported = reported || has(text, "brand_new");
  CHECK(reported);
}

TEST_CASE("check proves the credentials and the names of events by one request") {
  SourceFixture f;
  CHECK(f.check({{"event_names", {"Charged", "App Launched"}}}).remarks.empty());
  CHECK(f.client.urls() == std::vector<std::string>{"https://api.clevertap.com/getSchema?type=events"});
}

TEST_CASE("check names the events that CleverTap does not know with the nearest that it does") {
  SourceFixture f;
  const auto text = message_of([&] { f.check({{"event_names", {"charged", "Xyzzy Foo Bar", "Charged"}}}); });
  CHECK(has(text, "config_error: Event Names (event_names)"));
  CHECK(has(text, R"("charged": did you mean "Charged"?)"));
  CHECK(has(text, "Xyzzy Foo Bar"));
}

TEST_CASE("check finds impossible dates and zones without a request") {
  SourceFixture f;
  for (const Json& changes : {Json{{"start_date", 20260231}}, Json{{"end_date", 20260101}}, Json{{"timezone", "Mars"}},
                              Json{{"start_date", 20990101}}}) {
    CHECK(has(message_of([&] { f.check(changes); }), "config_error"));
  }
  CHECK(f.client.requests().empty());
}

TEST_CASE("check remarks an end in the future and succeeds") {
  SourceFixture f;
  const auto report = f.check({{"end_date", 20990101}});
  REQUIRE(report.remarks.size() == 1);
  CHECK(has(report.remarks[0], "2026-03-01"));
}

TEST_CASE("check falls back to another cheap call where the schema may not be read, and says so") {
  SourceFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "/getSchema")) return answer(R"({"status":"fail","error":"Forbidden","code":403})", 403);
    return answer(R"({"status":"success","count":1})");
  });
  const auto report = f.check({{"event_name", "Charged"}});
  REQUIRE(report.remarks.size() == 1);
  CHECK(has(report.remarks[0], "could not be checked"));
}

TEST_CASE("check fails for bad credentials as a config error and for an absent vendor as transient") {
  SourceFixture f;
  f.client.answer_with([](const auto&, const auto&) {
    return answer(R"({"status":"fail","error":"Invalid Credentials","code":401})", 401);
  });
  CHECK(has(message_of([&] { f.check(Json::object()); }), "config_error"));
  f.client.answer_with([](const auto&, const auto&) { return answer("", 503); });
  CHECK(has(message_of([&] { f.check(Json::object()); }), "transient_error"));
}

TEST_CASE("check fails where neither events are named nor their list can be read, and names the field") {
  SourceFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "/getSchema")) return answer(R"({"status":"fail","error":"Forbidden","code":403})", 403);
    return answer(R"({"status":"success","count":1})");
  });
  const auto text = message_of([&] { f.check(Json::object()); });
  CHECK(has(text, "config_error: Event Names (event_names): none is given"));
  CHECK(has(text, "HTTP 403"));
}

TEST_CASE("check takes bad credentials at the schema for what they are, though another call succeeds") {
  SourceFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "/getSchema")) return answer(R"({"status":"fail","error":"Invalid Credentials","code":401})");
    return answer(R"({"status":"success","count":1})");
  });
  CHECK(has(message_of([&] { f.check({{"event_name", "Charged"}}); }), "Invalid Credentials"));
}

TEST_CASE("a stream of exports that the passcode may not read names itself and its endpoint") {
  for (const char* stream : {"events", "profiles"}) {
    SourceFixture f;
    f.client.answer_with(
        [](const auto&, const auto&) { return answer(R"({"status":"fail","error":"Forbidden","code":403})", 403); });
    f.read(stream, {{"event_name", "Charged"}});
    const auto message = f.sink.messages("TRACE").back()["trace"]["error"]["message"].get<std::string>();
    CHECK(has(message, "The stream \"" + std::string(stream) + "\" (/1/" + stream + ".json) cannot be read"));
  }
}

}  // namespace
}  // namespace engagement::clevertap
