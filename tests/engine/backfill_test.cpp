#include "engine/fake_stream.hpp"
#include "engine/runner.hpp"
#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::engine {
namespace {

using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;
using protocol::SyncMode;

struct BackfillFixture : test::StreamFixture {
  RunResult run(const std::optional<Json>& state, std::size_t slices = 2, bool time_bound = true) {
    auto stream = std::make_unique<FakeStream>("events", slices);
    if (time_bound) stream->make_time_bound();
    if (on_slice) stream->on_slice = on_slice;
    fake = stream.get();
    streams.push_back(std::move(stream));
    catalog.streams.push_back(test::configured("events", SyncMode::incremental));
    catalog.streams.back().destination_sync_mode = destination_sync_mode;
    protocol::StateInput input;
    if (state) input.set({"events", std::nullopt}, *state);
    Runner runner(environment, logger, writer,
                  {1, false, Backfill{Day(std::chrono::days(10)), Day(std::chrono::days(12))}});
    runner.add_streams(catalog, streams, input);
    return runner.run(stop.get_token());
  }

  std::function<void(std::size_t, StreamContext&, const std::stop_token&)> on_slice;
  std::string destination_sync_mode = "append_dedup";
  FakeStream* fake = nullptr;
  std::vector<std::unique_ptr<Stream>> streams;
  protocol::ConfiguredCatalog catalog;
};

TEST_CASE("a backfill hands the state back as it came, once, at the end, and the stream never sees it") {
  BackfillFixture f;
  CHECK(f.run(Json{{"done", 7}}) == RunResult::complete);
  CHECK(f.kinds() == Kinds{"STARTED", "RUNNING", "RECORD", "RECORD", "STATE", "COMPLETE"});
  CHECK(f.states() == std::vector<Json>{Json{{"done", 7}}});
  CHECK(f.record_counts() == std::vector<double>{2});
  REQUIRE(f.fake->requests.size() == 1);
  CHECK_FALSE(f.fake->requests[0].state);
  CHECK(f.fake->requests[0].backfill->since == Day(std::chrono::days(10)));
  CHECK(f.fake->requests[0].backfill->until == Day(std::chrono::days(12)));
}

TEST_CASE("a backfill without a state hands back an empty one") {
  BackfillFixture f;
  CHECK(f.run(std::nullopt) == RunResult::complete);
  CHECK(f.states() == std::vector<Json>{Json::object()});
}

TEST_CASE("a long silence in a backfill repeats the given state with a beat, and the end has none") {
  BackfillFixture f;
  f.on_slice = [](std::size_t slice, StreamContext& context, const std::stop_token& stop) {
    context.wait(20min, WaitReason::preparing, stop);
    FakeStream::write_record(slice, context);
  };
  CHECK(f.run(Json{{"done", 7}}, 1) == RunResult::complete);
  const auto states = f.states();
  REQUIRE(states.size() >= 3);
  CHECK(states[0] == Json{{"done", 7}, {"beat", 1}});
  CHECK(states[1] == Json{{"done", 7}, {"beat", 2}});
  CHECK(states.back() == Json{{"done", 7}});
}

TEST_CASE("an interrupted backfill's heartbeat of no state is read as no state") {
  BackfillFixture f;
  CHECK(f.run(Json{{"beat", 4}}) == RunResult::complete);
  CHECK(f.states() == std::vector<Json>{Json::object()});
}

TEST_CASE("a failed backfill emits no state") {
  BackfillFixture f;
  f.on_slice = [](std::size_t slice, StreamContext& context, const std::stop_token&) {
    FakeStream::write_record(slice, context);
    if (slice == 1) throw transient_error("no more");
  };
  CHECK(f.run(Json{{"done", 7}}) == RunResult::failed);
  // It begins again, whatever was read of it.
  const std::string told = f.sink.messages("TRACE").back()["trace"]["error"]["message"];
  CHECK(told.find("last checkpoint") == std::string::npos);
  CHECK(f.states().empty());
  CHECK(f.kinds().back() == "ERROR");
}

TEST_CASE("a stream without a time bound is a config error in a backfill that names it") {
  BackfillFixture f;
  CHECK(f.run(std::nullopt, 1, false) == RunResult::failed);
  const auto errors = f.sink.messages("TRACE");
  CHECK(errors.back()["trace"]["error"]["failure_type"] == "config_error");
  CHECK(errors.back()["trace"]["error"]["message"].get<std::string>().find("\"events\"") != std::string::npos);
  CHECK(f.records().empty());
}

TEST_CASE("a destination that overwrites is warned about in a backfill") {
  BackfillFixture f;
  f.destination_sync_mode = "overwrite";
  CHECK(f.run(std::nullopt) == RunResult::complete);
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(f.logs("WARN")[0].find("overwrite") != std::string::npos);
}

}  // namespace
}  // namespace engagement::engine
