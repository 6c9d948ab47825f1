#include <mutex>

#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using test::answer;

Json query(const std::string& name, const std::string& kind, const std::string& text) {
  return {{"name", name}, {"kind", kind}, {"query", text}};
}

struct CheckFixture : SyncFixture {
  CheckFixture() {
    client.answer_with([](const http::Request& request, const std::stop_token&) {
      if (has(request.url, "/getSchema")) return answer(R"({"status":"success","events":[{"name":"Charged"}]})");
      if (has(request.body, "Nobody")) {
        return answer(R"({"status":"fail","error":"[\"Invalid event : Nobody\"]","code":400})");
      }
      if (has(request.body, "Odd")) return answer(R"({"status":"fail","error":"Unsupported operator between"})");
      if (has(request.body, "Usage")) return answer(R"({"status":"fail","error":"Incorrect Usage","code":3})");
      if (has(request.body, "Strange")) return answer(R"({"status":"partial"})");
      if (has(request.body, "Slow") || has(request.url, "req_id=9"))
        return answer(R"({"req_id":9,"status":"partial"})");
      if (has(request.url, "/counts/")) return answer(R"({"status":"success","count":1})");
      if (request.method == http::Method::post) return answer(R"({"status":"success","cursor":"c"})");
      return answer(R"({"status":"success"})");
    });
    environment.deadline = clock.steady_now() + std::chrono::seconds(60);
  }
};

TEST_CASE("check sends each query once, for the last complete day") {
  CheckFixture f;
  const Json queries{query("a", "event_count", R"({"event_name":"A"})"), query("b", "events", R"({"event_name":"B"})"),
                     query("c", "profiles", R"({"common_profile_properties":{}})")};
  CHECK(f.check({{"queries", queries}}).remarks.empty());
  REQUIRE(f.posted("/1/counts/events.json").size() == 1);
  CHECK(f.posted("/1/counts/events.json")[0].dump() == R"({"event_name":"A","from":20260228,"to":20260228})");
  REQUIRE(f.posted("/1/events.json").size() == 1);
  CHECK(f.posted("/1/events.json")[0]["to"] == 20260228);
  CHECK(f.posted("/1/profiles.json")[0].dump() == R"({"common_profile_properties":{}})");
}

TEST_CASE("check names all broken queries with CleverTap's own words") {
  CheckFixture f;
  const Json queries{query("a", "event_count", R"({"event_name":"Nobody"})"),
                     query("b", "events", R"({"event_name":"Nobody"})"), query("c", "trends", "{\n]"),
                     query("d", "event_count", R"({"event_name":"A"})")};
  const auto message = message_of([&] { f.check({{"queries", queries}}); });
  CHECK(has(message, "config_error: Queries (queries):"));
  CHECK(has(message, R"("a": CleverTap does not accept the query: "Invalid event : Nobody".)"));
  CHECK(has(message, R"("b": CleverTap does not accept the query: "Invalid event : Nobody".)"));
  CHECK(has(message, R"("c": The query of "c" is not valid JSON: line 2, column 1)"));
  CHECK_FALSE(has(message, R"("d")"));
}

TEST_CASE("a query that is not answered in time is named as unchecked and is no failure") {
  CheckFixture f;
  const auto queries = Json::array({query("slow", "event_count", R"({"event_name":"Slow"})")});
  const auto report = f.check({{"queries", queries}});
  REQUIRE(report.remarks.size() == 1);
  CHECK(has(report.remarks[0], "The query \"slow\" could not be checked: "));
}

TEST_CASE("check takes whatever CleverTap finds wrong with a query for a broken one, of each kind") {
  for (const char* kind : {"event_count", "events", "profiles"}) {
    for (const char* event : {"Odd", "Usage", "Strange"}) {
      if (std::string(event) == "Strange" && std::string(kind) != "event_count") continue;
      INFO(kind << " " << event);
      CheckFixture f;
      const auto queries = Json::array({query("a", kind, R"({"event_name":")" + std::string(event) + "\"}")});
      const auto message = message_of([&] { f.check({{"queries", queries}}); });
      CHECK(has(message, "config_error: Queries (queries): \"a\": "));
    }
  }
}

}  // namespace
}  // namespace engagement::clevertap
