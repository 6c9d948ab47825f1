#include "rest/list_stream.hpp"

#include "engine/runner.hpp"
#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::rest {
namespace {

using namespace std::chrono_literals;
using protocol::Json;
using protocol::SyncMode;
using test::answer;

class OnePage final : public PageSequence {
 public:
  std::optional<http::Request> next(const Page* last) override {
    if (last != nullptr) return std::nullopt;
    http::Request request;
    request.url = "https://vendor.test/users";
    return request;
  }
};

constexpr std::array kNoUsers = {Rule{.name = "none", .statuses = 404, .text = "no users", .action = Action::skip}};

struct ListFixture : test::StreamFixture {
  ListFixture() {
    plan.description.name = "users";
    plan.description.cursor = {"updated_at"};
    plan.what = "GET /users";
    plan.caller = &caller;
    plan.shape = {{"data"}, {"error"}};
    plan.judge = [](const Page& page) {
      Answer judged;
      judged.status = page.response.status;
      judged.succeeded = page.response.status == 200 && page.malformed().empty();
      judged.text = page.text("error").value_or("");
      return judged;
    };
    plan.pages = [] { return std::make_unique<OnePage>(); };
    plan.records = [](engine::StreamContext&) { return std::make_unique<VerbatimRecords>(); };
    plan.changed_path = "attributes.updatedAt";
  }

  engine::RunResult read(SyncMode mode, const std::optional<Json>& state = std::nullopt) {
    std::vector<std::unique_ptr<engine::Stream>> streams;
    streams.push_back(make_list_stream(plan));
    protocol::ConfiguredCatalog catalog{{test::configured("users", mode)}};
    protocol::StateInput input;
    if (state) input.set({"users", std::nullopt}, *state);
    engine::Runner runner(environment, logger, writer, {1, false, std::nullopt});
    runner.add_streams(catalog, streams, input);
    return runner.run(stop.get_token());
  }

  engine::RequestGate gate{1};
  Caller caller{"Vendor", kNoUsers, gate};
  ListPlan plan;
};

const char* const kUsers =
    R"({"data":[{"id":1,"attributes":{"updatedAt":"2026-01-10T00:00:00.000Z"}},
                {"id":2,"attributes":{"updatedAt":"2026-02-20T10:00:00.500Z"}},
                {"id":3,"attributes":{}}]})";

TEST_CASE("a full refresh delivers all and says at the end that it has ended") {
  ListFixture f;
  f.client.script({answer(kUsers)});
  CHECK(f.read(SyncMode::full_refresh) == engine::RunResult::complete);
  CHECK(f.records().size() == 3);
  CHECK(f.states().back()["finished"] == true);
}

TEST_CASE("an incremental sync delivers what changed at its cursor or later, and what has no time") {
  ListFixture f;
  f.client.script({answer(kUsers)});
  const Json state = Json::parse(R"({"version":1,"sync_mode":"incremental","cursor":"2026-02-20T10:00:00.500Z"})");
  CHECK(f.read(SyncMode::incremental, state) == engine::RunResult::complete);
  REQUIRE(f.records().size() == 2);
  CHECK(f.records()[0]["id"] == 2);
  CHECK(f.records()[1]["id"] == 3);
  CHECK(f.states().back() == state);
}

TEST_CASE("an earlier start than the state's makes it void") {
  ListFixture f;
  f.plan.start = time_from_rfc3339("2026-01-05T00:00:00Z").value();
  f.client.script({answer(kUsers)});
  const Json state = Json::parse(
      R"({"version":1,"sync_mode":"incremental","start_date":"2026-02-01T00:00:00Z","cursor":"2026-02-20T10:00:00.500Z"})");
  CHECK(f.read(SyncMode::incremental, state) == engine::RunResult::complete);
  CHECK(f.records().size() == 3);
  CHECK(f.states().back()["start_date"] == "2026-01-05T00:00:00Z");
}

TEST_CASE("a change after the reading began does not move the cursor beyond that moment") {
  ListFixture f;
  f.client.script({answer(R"({"data":[{"id":1,"attributes":{"updatedAt":"2026-03-01T00:00:09Z"}}]})")});
  CHECK(f.read(SyncMode::incremental) == engine::RunResult::complete);
  CHECK(f.states().back()["cursor"] == "2026-03-01T00:00:00Z");
}

TEST_CASE("the look-back and the start date bound what is delivered") {
  ListFixture f;
  f.plan.lookback = 5min;
  f.plan.start = *time_from_rfc3339("2026-02-20T09:58:00Z");
  f.client.script({answer(kUsers)});
  const Json state = Json::parse(R"({"version":1,"sync_mode":"incremental","cursor":"2026-02-20T10:04:00Z"})");
  CHECK(f.read(SyncMode::incremental, state) == engine::RunResult::complete);
  CHECK(f.records().size() == 2);
  CHECK(f.states().back()["cursor"] == "2026-02-20T10:04:00Z");
}

TEST_CASE("the state names the start date, and an earlier one makes the cursor void") {
  const auto came = [](const char* start, std::string_view configured) {
    ListFixture f;
    f.plan.start = *time_from_rfc3339(configured);
    f.client.script({answer(kUsers)});
    const Json state{
        {"version", 1}, {"sync_mode", "incremental"}, {"start_date", start}, {"cursor", "2026-02-25T00:00:00Z"}};
    CHECK(f.read(SyncMode::incremental, state) == engine::RunResult::complete);
    CHECK(f.states().back()["start_date"] == std::string(configured));
    return f.records().size();
  };
  CHECK(came("2026-01-15T00:00:00Z", "2026-01-15T00:00:00Z") == 1);
  CHECK(came("2026-01-15T00:00:00Z", "2026-01-20T00:00:00Z") == 1);
  CHECK(came("2026-01-15T00:00:00Z", "2026-01-01T00:00:00Z") == 3);
}

TEST_CASE("a state that cannot be used is a config error that says how to reset it, for an incremental sync alone") {
  for (const char* text : {R"({"version":2})", R"({"version":1,"sync_mode":"incremental","cursor":5})", R"({"x":1})",
                           R"({"version":1,"sync_mode":"incremental","cursor":"soon"})"}) {
    INFO(text);
    ListFixture f;
    f.client.script({answer(kUsers)});
    CHECK(f.read(SyncMode::incremental, Json::parse(text)) == engine::RunResult::failed);
    CHECK(f.states().empty());
    ListFixture refresh;
    refresh.client.script({answer(kUsers)});
    CHECK(refresh.read(SyncMode::full_refresh, Json::parse(text)) == engine::RunResult::complete);
  }
}

TEST_CASE("a list that the vendor does not have is empty with a warning; a failure is a failure") {
  ListFixture f;
  f.client.script({answer(R"({"error":"no users here"})", 404)});
  CHECK(f.read(SyncMode::full_refresh) == engine::RunResult::complete);
  CHECK(f.logs("WARN").size() == 1);
  ListFixture other;
  other.client.script({answer(R"({"error":"what"})", 404)});
  CHECK(other.read(SyncMode::full_refresh) == engine::RunResult::failed);
}

}  // namespace
}  // namespace engagement::rest
