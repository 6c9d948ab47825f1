#include <algorithm>

#include "sources/clevertap/account_schema.hpp"
#include "sources/clevertap/built_in_streams.hpp"
#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using test::answer;
using test::ScriptedAnswer;

const char* const kEvents =
    R"({"status":"success","events":[{"name":"Charged","properties":[{"name":"Amount","type":"Number"},)"
    R"({"name":"Items","type":"Array"}]},{"name":"B","properties":[{"name":"Amount","dataType":"STRING"},)"
    R"({"name":"Delivered On","type":"Date"},{"name":"odd","type":"Geo"},{"type":"String"}]}]})";
const char* const kProperties =
    R"({"status":"success","userProperties":[{"name":"vip","dataType":"Boolean"},{"name":"address","type":"Object"}]})";

struct DiscoverFixture : SyncFixture {
  DiscoverFixture() {
    client.answer_with([this](const http::Request& request, const std::stop_token&) -> ScriptedAnswer {
      for (const auto& [path, refusal] : refusals) {
        if (has(request.url, path)) return refusal;
      }
      if (has(request.url, "type=events")) return answer(kEvents);
      if (has(request.url, "type=userProperties")) return answer(kProperties);
      if (has(request.url, "result.json") || has(request.url, "profile.json")) {
        return answer(R"({"status":"fail","error":"id is mandatory","code":400})", 400);
      }
      return answer(R"({"status":"success"})");
    });
  }

  std::vector<std::string> names(const Json& changes = Json::object()) {
    std::vector<std::string> all;
    for (const auto& description : discover(changes)) all.push_back(description.name);
    return all;
  }

  std::map<std::string, ScriptedAnswer> refusals;
};

TEST_CASE("discover lists every stream that the passcode may read, then the queries") {
  DiscoverFixture f;
  auto wanted = built_in_names();
  CHECK(wanted.size() == 11);
  wanted.emplace_back("q");
  CHECK(f.names(one_query("event_count", "no JSON")) == wanted);
  CHECK(f.logs("WARN").empty());
}

TEST_CASE("an endpoint that answers 401, 403 or 404 costs its stream alone, with a warning") {
  DiscoverFixture f;
  f.refusals = {{"targets/list.json", answer(R"({"status":"fail","error":"Forbidden","code":403})", 403)},
                {"category-groups", answer("<html><title>no</title></html>", 404)},
                {"contentBlock", answer(R"({"status":"fail","error":"Unauthorised","code":401})", 401)},
                {"report.json", answer(R"({"status":"fail","error":"Internal","code":500})", 500)}};
  const auto names = f.names();
  const auto lists = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  CHECK_FALSE(lists("campaigns"));
  CHECK_FALSE(lists("subscription_groups"));
  CHECK_FALSE(lists("content_blocks"));
  CHECK(lists("message_reports"));
  CHECK(lists("campaign_results"));
  CHECK(names.size() == 8);
  const auto warnings = f.logs("WARN");
  CHECK(warnings.size() == 3);
  CHECK(std::any_of(warnings.begin(), warnings.end(), [](const auto& text) {
    return has(text, "\"campaigns\" is left out: CleverTap answered POST /1/targets/list.json with HTTP 403");
  }));
}

TEST_CASE("each optional endpoint is asked once, for one day, and never twice") {
  DiscoverFixture f;
  f.refusals = {{"report.json", answer(R"({"status":"fail","error":"An unknown error occurred","code":500})", 500)}};
  f.names();
  CHECK(f.client.requests().size() == 9);
  CHECK(f.clock.waits().empty());
  REQUIRE(f.posted("/1/targets/list.json").size() == 1);
  CHECK(f.posted("/1/targets/list.json")[0].dump() == R"({"from":20260228,"to":20260228})");
}

TEST_CASE("discover fails with credentials that are none, before anything else is asked") {
  DiscoverFixture f;
  f.client.answer_with([](const http::Request&, const std::stop_token&) {
    return answer(R"({"status":"fail","error":"Invalid Credentials","code":401})", 401);
  });
  CHECK(has(message_of([&] { f.discover(); }), "config_error: CleverTap answered HTTP 401 (\"Invalid Credentials\")"));
  CHECK(f.client.requests().size() == 1);
}

TEST_CASE("schemas show the project's own properties, typed as far as every value fits") {
  DiscoverFixture f;
  const auto streams = f.discover(one_query("profiles", R"({"event_name":"A"})"));
  const auto properties_of = [&](const std::string& stream, const std::string& path) {
    const auto found = std::find_if(streams.begin(), streams.end(), [&](const auto& s) { return s.name == stream; });
    REQUIRE(found != streams.end());
    return found->json_schema.at(Json::json_pointer(path)).value("properties", Json::object());
  };
  const Json single{{"type", {"null", "string", "number", "boolean"}}};
  const Json of_events{
      {"Amount", single}, {"Items", Json::object()}, {"Delivered On", single}, {"odd", Json::object()}};
  const Json of_people{{"vip", single}, {"address", Json::object()}};
  CHECK(properties_of("events", "/properties/event_props") == of_events);
  CHECK(properties_of("events", "/properties/profile/properties/profileData") == of_people);
  CHECK(properties_of("profiles", "/properties/profileData") == of_people);
  CHECK(properties_of("profile_lookups", "/properties/profileData") == of_people);
  CHECK(properties_of("q", "/properties/profileData") == of_people);
}

TEST_CASE("with the catalogue out of reach the open schemas stay") {
  DiscoverFixture f;
  f.refusals = {{"getSchema", answer(R"({"status":"fail","error":"Forbidden","code":403})", 403)}};
  const auto streams = f.discover();
  CHECK(streams.size() == 9);
  CHECK_FALSE(streams[0].json_schema["properties"]["event_props"].contains("properties"));
}

TEST_CASE("a property that is single in one event and nested in another is left open") {
  const auto schemas =
      event_property_schemas(Json::parse(R"({"events":[{"properties":[{"name":"a","type":"String"}]},)"
                                         R"({"properties":[{"name":"a","type":"Array"}]},{"name":"without"},7]})"));
  CHECK(schemas == Json{{"a", Json::object()}});
}

TEST_CASE("discover fails where the catalogue says that the credentials are none, whatever another call says") {
  DiscoverFixture f;
  f.refusals = {{"getSchema", answer(R"({"status":"fail","error":"Invalid Credentials","code":401})", 401)}};
  CHECK(has(message_of([&] { f.discover(); }), "config_error: CleverTap answered HTTP 401"));
}

TEST_CASE("a passcode that may only export is a good one") {
  DiscoverFixture f;
  const auto forbidden = answer(R"({"status":"fail","error":"Forbidden","code":403})", 403);
  for (const char* path :
       {"getSchema", "now.json", "targets", "report.json", "category-groups", "contentBlock", "profile.json"}) {
    f.refusals[path] = forbidden;
  }
  CHECK(f.names() == std::vector<std::string>{"events", "profiles"});
  CHECK(f.check({{"event_name", "Charged"}}).remarks.size() == 1);
}

TEST_CASE("nobody found by a request that names nobody leaves the stream listed") {
  DiscoverFixture f;
  f.refusals = {{"profile.json", answer(R"({"status":"fail","error":"Profile not found","code":404})", 404)},
                {"result.json", answer(R"({"status":"fail","error":"Target not found","code":404})", 404)}};
  CHECK(f.names() == built_in_names());
}

}  // namespace
}  // namespace engagement::clevertap
