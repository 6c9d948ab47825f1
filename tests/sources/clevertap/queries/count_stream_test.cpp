#include <mutex>

#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using engine::RunResult;
using protocol::Json;
using protocol::SyncMode;
using std::chrono::seconds;
using test::answer;
using test::ScriptedAnswer;

const char* const kCharged = R"({"event_name":"Charged"})";

// Counts: the day's number; each question is answered `partial` so often before.
struct Counter {
  ScriptedAnswer operator()(const http::Request& request, const std::stop_token&) {
    const std::lock_guard lock(mutex);
    if (request.method == http::Method::post) {
      const Json body = Json::parse(request.body);
      const int id = static_cast<int>(counts.size());
      counts.push_back(body["from"].get<int>());
      polls.push_back(0);
      if (partials == 0) return answer(number(id));
      return answer(R"({"req_id":)" + std::to_string(id) + R"(,"status":"partial"})");
    }
    const int id = std::stoi(request.url.substr(request.url.find("req_id=") + 7));
    const auto at = static_cast<std::size_t>(id);
    if (++polls[at] < partials) return answer(R"({"status":"partial"})");
    return answer(number(id));
  }
  std::string number(int id) const {
    return R"({"status":"success","count":)" + std::to_string(counts[static_cast<std::size_t>(id)]) + "}";
  }
  int partials = 0;
  std::mutex mutex;
  std::vector<int> counts;
  std::vector<int> polls;
};

struct CountFixture : SyncFixture {
  CountFixture() {
    client.answer_with([this](const http::Request& r, const std::stop_token& s) { return counter(r, s); });
  }
  Counter counter;
};

const Json kThreeDays = {{"start_date", 20260201}, {"end_date", 20260203}};

Json with(Json one, const Json& more) {
  one.update(more);
  return one;
}

TEST_CASE("a count is one record for each day of the period") {
  CountFixture f;
  CHECK(f.read({"q"}, with(one_query("event_count", kCharged, {{"context", R"({"owner":"Ana"})"}}), kThreeDays)) ==
        RunResult::complete);
  const auto records = f.records();
  REQUIRE(records.size() == 3);
  CHECK(records[1].dump() ==
        R"({"query_name":"q","context":{"owner":"Ana"},"from":"2026-02-02","to":"2026-02-02","count":20260202,)"
        R"("counted_at":"2026-03-01T00:00:00Z"})");
  const auto posted = f.posted("/1/counts/events.json");
  REQUIRE(posted.size() == 3);
  CHECK(posted[2].dump() == R"({"event_name":"Charged","from":20260203,"to":20260203})");
}

TEST_CASE("people are counted at their own endpoint") {
  CountFixture f;
  CHECK(f.read({"q"}, with(one_query("profile_count", kCharged), kThreeDays)) == RunResult::complete);
  CHECK(f.posted("/1/counts/profiles.json").size() == 3);
}

TEST_CASE("a count of the range is one record of the whole period") {
  CountFixture f;
  const auto config = with(one_query("event_count", kCharged, {{"granularity", "range"}}), kThreeDays);
  CHECK(f.read({"q"}, config, SyncMode::incremental) == RunResult::complete);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0]["from"] == "2026-02-01");
  CHECK(f.records()[0]["to"] == "2026-02-03");
  CHECK(f.states().back()["sync_mode"] == "full_refresh");
}

TEST_CASE("a count that is still computed is asked for again after growing pauses and yields its one record") {
  CountFixture f;
  f.counter.partials = 5;
  const auto config = one_query("event_count", R"({"event_name":"A","from":20260210,"to":20260210})");
  CHECK(f.read({"q"}, config) == RunResult::complete);
  CHECK(f.records().size() == 1);
  CHECK(f.clock.waits() ==
        std::vector<std::chrono::milliseconds>{seconds(1), seconds(2), seconds(4), seconds(8), seconds(16)});
  CHECK(f.client.urls().back() == "https://api.clevertap.com/1/counts/events.json?req_id=0");
  for (const auto& request : f.client.requests()) {
    if (request.method == http::Method::get) CHECK(request.body.empty());
  }
}

TEST_CASE("while one count is computed others are asked for") {
  CountFixture f;
  f.counter.partials = 2;
  CHECK(f.read({"q"}, with(one_query("event_count", kCharged), kThreeDays)) == RunResult::complete);
  const auto requests = f.client.requests();
  REQUIRE(requests.size() == 9);
  for (std::size_t at = 0; at < 3; ++at) CHECK(requests[at].method == http::Method::post);
  CHECK(f.clock.waited() == seconds(3));
  CHECK(f.records().size() == 3);
}

TEST_CASE("a request id that CleverTap has forgotten is asked for anew") {
  CountFixture f;
  f.client.script({answer(R"({"req_id":7,"status":"partial"})"),
                   answer(R"({"status":"fail","error":"Invalid request id","code":400})"),
                   answer(R"({"req_id":8,"status":"partial"})"), answer(R"({"status":"success","count":5})")});
  f.client.answer_with(nullptr);
  const auto config = one_query("event_count", R"({"event_name":"A","from":20260210,"to":20260210})");
  CHECK(f.read({"q"}, config) == RunResult::complete);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0]["count"] == 5);
  const auto urls = f.client.urls();
  REQUIRE(urls.size() == 4);
  CHECK(has(urls[1], "req_id=7"));
  CHECK(f.client.requests()[2].method == http::Method::post);
  CHECK(has(urls[3], "req_id=8"));
}

TEST_CASE("a request id that is forgotten again and again fails the stream as something that may pass") {
  CountFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    return request.method == http::Method::post
               ? answer(R"({"req_id":7,"status":"partial"})")
               : answer(R"({"status":"fail","error":"Invalid request id","code":400})");
  });
  CHECK(f.read({"q"}, with(one_query("event_count", kCharged), kThreeDays)) == RunResult::failed);
  CHECK(has(f.failures().at("q"), "transient_error: CleverTap forgot a count 6 times"));
  CHECK(f.records().empty());
}

TEST_CASE("a 429 in the middle of a count is waited out") {
  CountFixture f;
  f.client.script({answer(R"({"req_id":7,"status":"partial"})"),
                   answer(R"({"status":"fail","error":"Too many concurrent requests","code":429})", 429),
                   answer(R"({"status":"success","count":5})")});
  f.client.answer_with(nullptr);
  const auto config = one_query("event_count", R"({"event_name":"A","from":20260210,"to":20260210})");
  CHECK(f.read({"q"}, config) == RunResult::complete);
  CHECK(f.records().size() == 1);
}

TEST_CASE("a count that is never finished yields no record and ends after two hours") {
  CountFixture f;
  f.counter.partials = 1'000'000;
  const auto config = one_query("event_count", R"({"event_name":"A","from":20260210,"to":20260210})");
  CHECK(f.read({"q"}, config) == RunResult::failed);
  CHECK(f.records().empty());
  CHECK(has(f.failures().at("q"), "transient_error: CleverTap was still counting after two hours"));
  CHECK(f.clock.waited() >= std::chrono::hours(2));
  CHECK(f.clock.waits().back() == seconds(30));
}

TEST_CASE("a query that CleverTap refuses ends its stream alone, with CleverTap's words") {
  CountFixture f;
  f.client.answer_with([&](const http::Request& request, const std::stop_token& stop) {
    if (has(request.body, "Nobody")) {
      return answer(R"({"status":"fail","error":"[\"Invalid event : Nobody\"]","code":400})");
    }
    return f.counter(request, stop);
  });
  const Json config = with(
      {{"queries", Json::array({{{"name", "bad"}, {"kind", "event_count"}, {"query", R"({"event_name":"Nobody"})"}},
                                {{"name", "worse"}, {"kind", "event_count"}, {"query", "{"}},
                                {{"name", "good"}, {"kind", "event_count"}, {"query", kCharged}}})}},
      kThreeDays);
  CHECK(f.read({"bad", "worse", "good"}, config) == RunResult::failed);
  const auto failures = f.failures();
  CHECK(failures.size() == 2);
  CHECK(has(failures.at("bad"), "config_error: "));
  CHECK(has(failures.at("bad"), "\"Invalid event : Nobody\""));
  CHECK(has(failures.at("worse"), "query of \"worse\" is not valid JSON: line 1, column 2"));
  CHECK(f.kinds("bad").back() == "ERROR");
  CHECK(f.kinds("good").back() == "COMPLETE");
  CHECK(f.records().size() == 3);
}

TEST_CASE("a second incremental sync counts the recent days again and those after them") {
  CountFixture f;
  const Json state{
      {"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-01"}, {"through", "2026-02-10"}};
  const auto config = one_query("event_count", R"({"event_name":"Charged","to":20260213})", Json::object());
  CHECK(f.read({"q"}, config, SyncMode::incremental, state) == RunResult::complete);
  std::vector<std::string> counted;
  for (const auto& record : f.records()) counted.push_back(record["from"]);
  CHECK(counted == std::vector<std::string>{"2026-02-09", "2026-02-10", "2026-02-11", "2026-02-12", "2026-02-13"});
  CHECK(f.states().back()["through"] == "2026-02-13");
}

TEST_CASE("today is counted and never complete") {
  CountFixture f;
  CHECK(f.read({"q"}, with(one_query("event_count", kCharged), {{"start_date", 20260227}}), SyncMode::incremental) ==
        RunResult::complete);
  CHECK(f.records().back()["from"] == "2026-03-01");
  CHECK(f.states().back()["through"] == "2026-02-28");
}

TEST_CASE("a changed query starts over and says so, a changed context does not") {
  const auto sync = [](const std::string& query, const std::string& context, const std::optional<Json>& state) {
    auto f = std::make_unique<CountFixture>();
    f->read({"q"}, with(one_query("event_count", query, {{"context", context}}), kThreeDays), SyncMode::incremental,
            state);
    return f;
  };
  const auto first = sync(kCharged, "{}", std::nullopt);
  const Json state = first->states().back();
  CHECK(state["query_hash"].get<std::string>().size() == 32);
  CHECK(sync(kCharged, "{}", state)->records().size() == 2);
  CHECK(sync(kCharged, R"({"owner":"Ana"})", state)->records().size() == 2);
  const auto changed = sync(R"({"event_name":"Refunded"})", "{}", state);
  CHECK(changed->records().size() == 3);
  const auto warnings = changed->logs("WARN");
  REQUIRE(warnings.size() == 1);
  CHECK(has(warnings[0], "q: the query has changed since the last sync"));
}

TEST_CASE("an unfinished full refresh goes on where it stopped") {
  CountFixture f;
  const Json state{{"version", 1},
                   {"sync_mode", "full_refresh"},
                   {"start_date", "2026-02-01"},
                   {"through", "2026-02-02"},
                   {"finished", false}};
  CHECK(f.read({"q"}, with(one_query("event_count", kCharged), kThreeDays), SyncMode::full_refresh, state) ==
        RunResult::complete);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0]["from"] == "2026-02-03");
}

TEST_CASE("a backfill counts just its days and hands the state back") {
  CountFixture f;
  const Json state{
      {"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-01"}, {"through", "2026-02-20"}};
  const engine::Backfill backfill{day(20260204), day(20260205)};
  CHECK(f.read({"q"}, one_query("event_count", kCharged), SyncMode::incremental, state, 1, backfill) ==
        RunResult::complete);
  CHECK(f.records().size() == 2);
  CHECK(f.states().back() == state);
}

TEST_CASE("a query whose days lie outside of the period is a config error that shows both") {
  CountFixture f;
  CHECK(f.read({"q"}, one_query("event_count", R"({"event_name":"A","to":20250101})")) == RunResult::failed);
  CHECK(has(f.failures().at("q"), "config_error: The query \"q\" asks for days from the start to 2025-01-01"));
}

TEST_CASE("many counts at once keep the limit of concurrent requests and lose none") {
  CountFixture f;
  f.counter.partials = 2;
  std::atomic<int> in_flight = 0;
  std::atomic<int> most = 0;
  f.client.answer_with([&](const http::Request& request, const std::stop_token& stop) {
    const int now = ++in_flight;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    auto reply = f.counter(request, stop);
    --in_flight;
    return reply;
  });
  const Json config = with(one_query("event_count", kCharged), {{"start_date", 20250301}, {"num_workers", 3}});
  CHECK(f.read({"q"}, config, SyncMode::incremental, std::nullopt, 3) == RunResult::complete);
  CHECK(f.records().size() == 366);
  CHECK(f.client.requests().size() == 3 * 366);
  CHECK(most <= 3);
  CHECK(f.states().back()["through"] == "2026-02-28");
}

TEST_CASE("a count is a whole number however it is written, and anything else is an error that shows it") {
  const auto read = [](const std::string& count) {
    SyncFixture f;
    f.client.script({answer(R"({"status":"success","count":)" + count + "}")});
    f.read({"q"}, one_query("event_count", kCharged, {{"granularity", "range"}}));
    const auto records = f.records();
    return records.empty() ? f.failures().at("q") : f.sink.text();
  };
  CHECK(has(read(R"("007")"), R"("count":7,)"));
  CHECK(has(read("12.0"), R"("count":12,)"));
  CHECK(has(read("1e3"), R"("count":1000,)"));
  CHECK(has(read("0.0"), R"("count":0,)"));
  CHECK(has(read("123456789012345678901234"), R"("count":123456789012345678901234,)"));
  for (const char* none : {R"("NaN")", "1.5", "-1", "null", R"("1e")", "true"}) {
    CHECK(has(read(none), "system_error: CleverTap answered a count with " + std::string(none)));
  }
}

TEST_CASE("numbers of a query and of its context stay as they are written") {
  CountFixture f;
  const std::string numbers = R"("n":[12345678901234567890123,0.123456789012345678,1.10])";
  const auto config =
      one_query("event_count", "{\n\t\"event_name\": \"Charged\", \"from\": 20260201,\n" + numbers + "}",
                {{"context", "{" + numbers + ",\n\"note\": \"a\u2028 b\"}"}, {"granularity", "range"}});
  CHECK(f.read({"q"}, config) == RunResult::complete);
  REQUIRE(f.client.requests().size() == 1);
  CHECK(f.client.requests()[0].body == R"({"event_name":"Charged",)" + numbers + R"(,"from":20260201,"to":20260301})");
  CHECK(has(f.sink.text(), R"("context":{)" + numbers + R"(,"note":"a\u2028 b"})"));
}

TEST_CASE("a count that CleverTap is not ready to take or to give holds no worker") {
  for (const char* busy : {R"({"status":"fail","error":"Request still in progress, please retry later","code":2})",
                           R"({"status":"fail","error":"Request Throttled","code":1})"}) {
    INFO(busy);
    SyncFixture f;
    int refusals = 0;
    f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
      if (has(request.url, "profiles.json")) return answer(R"({"status":"success","count":2})");
      return refusals++ < 3 ? answer(busy) : answer(R"({"status":"success","count":1})");
    });
    const Json config{
        {"queries",
         Json::array({{{"name", "busy"}, {"kind", "event_count"}, {"query", kCharged}, {"granularity", "range"}},
                      {{"name", "free"}, {"kind", "profile_count"}, {"query", kCharged}, {"granularity", "range"}}})}};
    CHECK(f.read({"busy", "free"}, config) == RunResult::complete);
    REQUIRE(f.records().size() == 2);
    CHECK(f.records()[0]["query_name"] == "free");
  }
}

TEST_CASE("a count that CleverTap throttles for the whole retry time fails as something that may pass") {
  SyncFixture f;
  f.client.answer_with(
      [](const auto&, const auto&) { return answer(R"({"status":"fail","error":"Request Throttled","code":1})"); });
  CHECK(f.read({"q"}, one_query("event_count", kCharged, {{"granularity", "range"}})) == RunResult::failed);
  CHECK(has(f.failures().at("q"), "transient_error: CleverTap took no more requests"));
}

TEST_CASE("a request id that could not stand in an address is encoded") {
  SyncFixture f;
  f.client.script({answer(R"({"req_id":"a+b/c==","status":"partial"})"), answer(R"({"status":"success","count":5})")});
  CHECK(f.read({"q"}, one_query("event_count", kCharged, {{"granularity", "range"}})) == RunResult::complete);
  CHECK(has(f.client.urls().back(), "req_id=a%2Bb%2Fc%3D%3D"));
}

TEST_CASE("a query that CleverTap fails in unknown words is a config error that names stream and endpoint") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"fail","error":"Unsupported operator between"})")});
  CHECK(f.read({"q"}, one_query("event_count", kCharged)) == RunResult::failed);
  CHECK(has(f.failures().at("q"),
            "config_error: The stream \"q\" (/1/counts/events.json) cannot be read: CleverTap "
            "answered HTTP 200 (\"Unsupported operator between\")"));
}

}  // namespace
}  // namespace engagement::clevertap
