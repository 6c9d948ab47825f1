#include "engine/stream_context.hpp"

#include <chrono>

#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::engine {
namespace {

using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

struct ContextFixture : test::StreamFixture {
  protocol::ConfiguredStream stream = test::configured("events");
  StreamContext context{environment, logger, writer, stream, true};
  std::stop_token token = stop.get_token();

  void write(int records) {
    std::string lines;
    for (int i = 0; i < records; ++i) {
      lines += R"({"type":"RECORD","record":{"stream":"events","emitted_at":1,"data":{"a":1}}})"
               "\n";
    }
    context.write_records(lines, static_cast<std::uint64_t>(records));
  }
};

TEST_CASE("a stream starts, runs at its first record, and completes after its last state") {
  ContextFixture f;
  f.context.started();
  f.write(1);
  f.write(1);
  f.context.checkpoint({{"day", 1}});
  f.write(1);
  f.context.complete({{"day", 2}});
  CHECK(f.kinds() == Kinds{"STARTED", "RUNNING", "RECORD", "RECORD", "STATE", "RECORD", "STATE", "COMPLETE"});
}

TEST_CASE("a stream without records still runs and leaves a state") {
  ContextFixture f;
  f.context.started();
  f.context.set_initial_state({{"day", 0}});
  f.context.complete({{"day", 0}});
  CHECK(f.kinds() == Kinds{"STARTED", "RUNNING", "STATE", "COMPLETE"});
  CHECK(f.record_counts() == std::vector<double>{0});
}

TEST_CASE("a failed stream ends INCOMPLETE without a state") {
  ContextFixture f;
  f.context.started();
  f.context.set_initial_state({{"day", 0}});
  f.write(2);
  f.context.incomplete();
  CHECK(f.kinds() == Kinds{"STARTED", "RUNNING", "RECORD", "RECORD", "INCOMPLETE"});
}

TEST_CASE("every state counts the records since the one before") {
  ContextFixture f;
  f.write(3);
  f.context.checkpoint({{"day", 1}});
  f.context.checkpoint({{"day", 2}});
  f.write(2);
  f.write(4);
  f.context.complete({{"day", 3}});
  CHECK(f.record_counts() == std::vector<double>{3, 0, 6});
  CHECK(f.context.counts().records == 9);
}

TEST_CASE("after a failure no state follows, not even as a sign of life") {
  ContextFixture f;
  f.context.checkpoint({{"done", 1}});
  f.context.end_states();
  f.context.checkpoint({{"done", 2}});
  f.context.wait(std::chrono::minutes(20), WaitReason::preparing, f.token);
  CHECK(f.states().size() == 1);
}

TEST_CASE("a state of the same content as the one before counts up its beat") {
  ContextFixture f;
  for (int i = 0; i < 3; ++i) {
    f.write(1);
    f.context.checkpoint({{"day", 1}});
  }
  f.write(1);
  f.context.checkpoint({{"day", 2}});
  const auto states = f.states();
  REQUIRE(states.size() == 4);
  CHECK_FALSE(states[0].contains("beat"));
  CHECK(states[1]["beat"] == 1);
  CHECK(states[2]["beat"] == 2);
  CHECK(states[3] == Json{{"day", 2}});
}

TEST_CASE("the last checkpoint is not repeated when it already says it all") {
  ContextFixture f;
  f.write(1);
  f.context.checkpoint({{"day", 1}});
  f.context.complete({{"day", 1}});
  CHECK(f.states().size() == 1);
}

TEST_CASE("records after the last checkpoint get a state of their own even if its content is the same") {
  ContextFixture f;
  f.context.checkpoint({{"day", 1}});
  f.write(1);
  f.context.complete({{"day", 1}});
  REQUIRE(f.states().size() == 2);
  CHECK(f.states()[1]["beat"] == 1);
  CHECK(f.record_counts().back() == 1);
}

TEST_CASE("a long wait for a rate limit is announced with the moment it ends") {
  ContextFixture f;
  f.context.started();
  f.context.wait(10s, WaitReason::rate_limit, f.token);
  CHECK(f.kinds() == Kinds{"STARTED", "RATE_LIMITED"});
  const auto status = f.sink.messages("TRACE").back()["trace"]["stream_status"];
  CHECK(status["status"] == "RUNNING");
  const auto end = (test::FakeClock::kStart + 10s).time_since_epoch().count();
  CHECK(status["reasons"][0]["rate_limited"]["quota_reset"] == end);
}

TEST_CASE("records that were there before a wait began do not revoke its announcement") {
  ContextFixture f;
  f.context.started();
  std::size_t steps = 0;
  f.clock.on_wait([&](std::chrono::milliseconds) {
    if (steps++ == 0) f.write(1);  // another thread's, as a rule
  });
  f.context.wait(5min, WaitReason::rate_limit, f.token);
  CHECK(f.kinds() == Kinds{"STARTED", "RATE_LIMITED", "RUNNING", "RECORD", "RATE_LIMITED"});
  f.write(1);
  CHECK(f.kinds().back() == "RECORD");
}

TEST_CASE("short waits and waits for other reasons are not announced") {
  ContextFixture f;
  f.context.wait(9999ms, WaitReason::rate_limit, f.token);
  f.context.wait(5min, WaitReason::retry, f.token);
  f.context.wait(5min - 10s, WaitReason::preparing, f.token);
  CHECK(f.kinds().empty());
}

TEST_CASE("a wait lasts exactly as long as asked") {
  ContextFixture f;
  f.context.wait(25'500ms, WaitReason::retry, f.token);
  CHECK(f.clock.waited() == 25'500ms);
  f.context.wait(0ms, WaitReason::retry, f.token);
  CHECK(f.clock.waited() == 25'500ms);
}

TEST_CASE("a wait repeats the initial state with a beat before ten minutes of silence have passed") {
  ContextFixture f;
  f.context.set_initial_state({{"day", 0}});
  std::chrono::milliseconds silence{0};
  std::chrono::milliseconds longest{0};
  std::size_t seen = 0;
  f.clock.on_wait([&](auto step) {
    silence += step;
    if (f.sink.messages("STATE").size() > seen) silence = step;
    seen = f.sink.messages("STATE").size();
    longest = std::max(longest, silence);
  });
  f.context.wait(2h, WaitReason::preparing, f.token);
  CHECK(longest < 10min);
  const auto states = f.states();
  REQUIRE(states.size() == 12);
  for (std::size_t i = 0; i < states.size(); ++i) {
    CHECK(states[i] == Json{{"day", 0}, {"beat", i + 1}});
    CHECK(f.record_counts()[i] == 0);
  }
  CHECK(f.kinds().front() == "RUNNING");
}

TEST_CASE("a beat repeats the last checkpoint, not the initial state") {
  ContextFixture f;
  f.context.set_initial_state({{"day", 0}});
  f.write(1);
  f.context.checkpoint({{"day", 5}});
  f.context.wait(10min, WaitReason::retry, f.token);
  REQUIRE(f.states().size() == 2);
  CHECK(f.states()[1] == Json{{"day", 5}, {"beat", 1}});
}

TEST_CASE("a beat before the checkpoint counts the records that came since the last state") {
  ContextFixture f;
  f.context.set_initial_state({{"day", 0}});
  f.write(7);
  f.context.wait(10min, WaitReason::retry, f.token);
  f.context.complete({{"day", 1}});
  CHECK(f.record_counts() == std::vector<double>{7, 0});
}

TEST_CASE("several short waits add up to a silence that is broken") {
  ContextFixture f;
  f.context.set_initial_state({{"day", 0}});
  for (int i = 0; i < 12; ++i) f.context.wait(50s, WaitReason::retry, f.token);
  CHECK(f.states().size() == 1);
}

TEST_CASE("records put the beat off") {
  ContextFixture f;
  f.context.set_initial_state({{"day", 0}});
  f.context.wait(9min, WaitReason::retry, f.token);
  f.write(1);
  f.context.wait(9min, WaitReason::retry, f.token);
  CHECK(f.states().empty());
}

TEST_CASE("without any state there is nothing to beat with") {
  ContextFixture f;
  f.context.wait(1h, WaitReason::retry, f.token);
  CHECK(f.states().empty());
}

TEST_CASE("a stop ends a wait") {
  ContextFixture f;
  f.clock.on_wait([&](auto) {
    if (f.clock.waited() >= 30s) f.stop.request_stop();
  });
  CHECK_THROWS_AS(f.context.wait(1h, WaitReason::retry, f.token), Stopped);
  CHECK(f.clock.waited() == 30s);
}

TEST_CASE("a wait shows until when it lasts while it does") {
  ContextFixture f;
  std::vector<std::int64_t> shown;
  f.clock.on_wait([&](auto) { shown.push_back(f.context.counts().waiting_until_ms.load()); });
  f.context.wait(15s, WaitReason::retry, f.token);
  CHECK(shown == std::vector<std::int64_t>(2, (test::FakeClock::kStart + 15s).time_since_epoch().count()));
  CHECK(f.context.counts().waiting_until_ms == 0);
}

TEST_CASE("log lines carry the stream's name, and a warning comes once for its key") {
  ContextFixture f;
  f.context.log(LogLevel::info, "hello");
  f.context.warn_once("key", "first");
  f.context.warn_once("key", "second");
  f.context.warn_once("other", "third");
  CHECK(f.logs("INFO") == Kinds{"events: hello"});
  CHECK(f.logs("WARN") == Kinds{"events: first", "events: third"});
}

TEST_CASE("warnings of two streams do not hide each other") {
  ContextFixture f;
  const auto other_stream = test::configured("profiles");
  StreamContext other(f.environment, f.logger, f.writer, other_stream, false);
  f.context.warn_once("key", "a");
  other.warn_once("key", "b");
  CHECK(f.logs("WARN").size() == 2);
}

TEST_CASE("debug lines are left out unless they are asked for") {
  ContextFixture f;
  Logger quiet(f.writer, false);
  quiet.log(LogLevel::debug, "unseen");
  quiet.log(LogLevel::info, "seen");
  f.logger.log(LogLevel::debug, "asked for");
  CHECK(f.logs("DEBUG") == Kinds{"asked for"});
  CHECK(f.logs("INFO") == Kinds{"seen"});
}

TEST_CASE("answers count as requests with the bytes they had on the wire and inflated") {
  ContextFixture f;
  http::Response response;
  response.wire_bytes = 10;
  response.body.append("forty bytes, more or less, of an answer!");
  f.context.answered(response);
  f.context.answered(response);
  CHECK(f.context.counts().requests == 2);
  CHECK(f.context.counts().wire_bytes == 20);
  CHECK(f.context.counts().body_bytes == 80);
}

TEST_CASE("repairs are reported once, summed up, and not at all when there were none") {
  ContextFixture f;
  f.context.repaired({});
  f.context.report();
  CHECK(f.logs("WARN").empty());
  f.context.repaired({1, 2, 0, 0});
  f.context.repaired({0, 1, 3, 4});
  f.context.report();
  REQUIRE(f.logs("WARN").size() == 1);
  const auto text = f.logs("WARN").front();
  CHECK(text.find("11 characters") != std::string::npos);
  CHECK(text.find("1 invalid UTF-8") != std::string::npos);
  CHECK(text.find("3 lone surrogates") != std::string::npos);
  CHECK(text.find("3 control characters and 4 line separators") != std::string::npos);
}

TEST_CASE("drift is watched only where it is wanted") {
  ContextFixture f;
  CHECK(f.context.drift() != nullptr);
  StreamContext without(f.environment, f.logger, f.writer, f.stream, false);
  CHECK(without.drift() == nullptr);
}

TEST_CASE("every message of a stream carries the namespace of the catalog") {
  ContextFixture f;
  auto stream = test::configured("events");
  stream.descriptor.name_space = "prod";
  StreamContext context(f.environment, f.logger, f.writer, stream, false);
  context.started();
  context.complete({{"day", 1}});
  const auto state = f.sink.messages("STATE").front();
  CHECK(state["state"]["stream"]["stream_descriptor"]["namespace"] == "prod");
  for (const auto& trace : f.sink.messages("TRACE")) {
    CHECK(trace["trace"]["stream_status"]["stream_descriptor"]["namespace"] == "prod");
  }
}

}  // namespace
}  // namespace engagement::engine
