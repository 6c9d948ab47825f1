#include "engine/runner.hpp"

#include <algorithm>
#include <atomic>
#include <latch>

#include "engine/fake_stream.hpp"
#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::engine {
namespace {

using Kinds = std::vector<std::string>;
using protocol::SyncMode;

struct RunnerFixture : test::StreamFixture {
  FakeStream& add(const std::string& name, std::size_t slices = 1, SyncMode mode = SyncMode::full_refresh) {
    auto stream = std::make_unique<FakeStream>(name, slices);
    auto& reference = *stream;
    streams.push_back(std::move(stream));
    catalog.streams.push_back(test::configured(name, mode));
    return reference;
  }

  RunResult run(std::size_t workers = 1) {
    Runner runner(environment, logger, writer, {workers, true, std::nullopt});
    runner.add_streams(catalog, streams, state);
    return runner.run(stop.get_token());
  }

  std::vector<std::string> failure_types() const {
    std::vector<std::string> types;
    for (const auto& message : sink.messages("TRACE")) {
      if (message["trace"]["type"] == "ERROR") types.push_back(message["trace"]["error"]["failure_type"]);
    }
    return types;
  }

  protocol::ConfiguredCatalog catalog;
  std::vector<std::unique_ptr<Stream>> streams;
  protocol::StateInput state;
};

TEST_CASE("one stream is read slice by slice with a state after each") {
  RunnerFixture f;
  f.add("events", 3);
  CHECK(f.run() == RunResult::complete);
  CHECK(f.kinds() == Kinds{"STARTED", "RUNNING", "RECORD", "STATE", "RECORD", "STATE", "RECORD", "STATE", "COMPLETE"});
  CHECK(f.record_counts() == std::vector<double>{1, 1, 1});
  CHECK(f.states().back() == Json{{"done", 3}, {"finished", true}});
}

TEST_CASE("slices are handed out in order") {
  RunnerFixture f;
  auto& stream = f.add("events", 20);
  CHECK(f.run() == RunResult::complete);
  std::vector<std::size_t> expected(20);
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i;
  CHECK(stream.slices_begun() == expected);
}

TEST_CASE("a stream without slices completes with a state") {
  RunnerFixture f;
  f.add("events", 0);
  CHECK(f.run(2) == RunResult::complete);
  CHECK(f.kinds() == Kinds{"STARTED", "RUNNING", "STATE", "COMPLETE"});
}

TEST_CASE("a catalog without streams is complete at once") {
  RunnerFixture f;
  CHECK(f.run() == RunResult::complete);
  CHECK(f.sink.lines().empty());
}

TEST_CASE("streams begin in the order of the catalog") {
  RunnerFixture f;
  for (const char* name : {"c", "a", "b"}) f.add(name);
  CHECK(f.run() == RunResult::complete);
  std::vector<std::string> started;
  for (const auto& message : f.sink.messages("TRACE")) {
    if (f.kind_of(message) == "STARTED") started.push_back(f.stream_of(message));
  }
  CHECK(started == std::vector<std::string>{"c", "a", "b"});
}

TEST_CASE("slices of one stream run at the same time on several workers") {
  RunnerFixture f;
  std::latch both_run(2);
  f.add("events", 2).on_slice = [&](std::size_t slice, StreamContext& context, const std::stop_token&) {
    both_run.arrive_and_wait();  // never returns if one had to end before the other begins
    FakeStream::write_record(slice, context);
  };
  CHECK(f.run(2) == RunResult::complete);
  CHECK(f.records().size() == 2);
}

TEST_CASE("a worker without work takes the next stream") {
  RunnerFixture f;
  std::latch both_run(2);
  const auto meet = [&](std::size_t slice, StreamContext& context, const std::stop_token&) {
    both_run.arrive_and_wait();
    FakeStream::write_record(slice, context);
  };
  f.add("events").on_slice = meet;
  f.add("profiles").on_slice = meet;
  CHECK(f.run(2) == RunResult::complete);
  CHECK(f.kinds("events") == Kinds{"STARTED", "RUNNING", "RECORD", "STATE", "COMPLETE"});
  CHECK(f.kinds("profiles") == Kinds{"STARTED", "RUNNING", "RECORD", "STATE", "COMPLETE"});
}

TEST_CASE("many streams on many workers each keep their own order and counts") {
  RunnerFixture f;
  for (int i = 0; i < 6; ++i) f.add("s" + std::to_string(i), 10);
  CHECK(f.run(4) == RunResult::complete);
  for (int i = 0; i < 6; ++i) {
    const auto kinds = f.kinds("s" + std::to_string(i));
    CHECK(kinds.front() == "STARTED");
    CHECK(kinds[1] == "RUNNING");
    CHECK(kinds.back() == "COMPLETE");
    CHECK(kinds[kinds.size() - 2] == "STATE");
    CHECK(std::count(kinds.begin(), kinds.end(), "RECORD") == 10);
  }
  double counted = 0;
  for (const double count : f.record_counts()) counted += count;
  CHECK(counted == 60);
}

TEST_CASE("one stream fails and the others complete") {
  RunnerFixture f;
  f.add("good");
  f.add("bad").on_slice = [](std::size_t, StreamContext&, const std::stop_token&) {
    throw transient_error("The vendor is away.", "HTTP 503");
  };
  f.add("better");
  CHECK(f.run() == RunResult::failed);
  CHECK(f.kinds("good").back() == "COMPLETE");
  CHECK(f.kinds("better").back() == "COMPLETE");
  CHECK(f.kinds("bad") == Kinds{"STARTED", "INCOMPLETE", "ERROR"});
  const auto error = f.sink.messages("TRACE").back()["trace"]["error"];
  const std::string told = "The vendor is away. The next attempt reads this stream from its beginning.";
  CHECK(error["message"] == told);
  CHECK(error["internal_message"] == "HTTP 503");
  CHECK(error["failure_type"] == "transient_error");
  CHECK(f.logs("ERROR") == Kinds{"bad: " + told});
}

TEST_CASE("a failure that passes says where the next attempt of an incremental sync goes on, another one does not") {
  const auto message_of = [](FailureType type) {
    RunnerFixture f;
    f.add("bad", 1, SyncMode::incremental).on_slice = [type](std::size_t, StreamContext&, const std::stop_token&) {
      throw ConnectorError(type, "It broke.");
    };
    CHECK(f.run() == RunResult::failed);
    return f.sink.messages("TRACE").back()["trace"]["error"]["message"].get<std::string>();
  };
  CHECK(message_of(FailureType::transient) == "It broke. The next attempt goes on from the last checkpoint.");
  CHECK(message_of(FailureType::config) == "It broke.");
}

TEST_CASE("a failed stream keeps its checkpoints and gets no further state") {
  RunnerFixture f;
  f.add("events", 4).on_slice = [](std::size_t slice, StreamContext& context, const std::stop_token&) {
    FakeStream::write_record(slice, context);
    if (slice == 2) throw system_error("Broken.");
  };
  CHECK(f.run() == RunResult::failed);
  CHECK(f.kinds() ==
        Kinds{"STARTED", "RUNNING", "RECORD", "STATE", "RECORD", "STATE", "RECORD", "INCOMPLETE", "ERROR"});
  CHECK(f.states().back() == Json{{"done", 2}});
}

TEST_CASE("no state follows a failure even if another slice of the stream ends after it") {
  RunnerFixture f;
  std::latch both_run(2);
  std::latch failed(1);
  f.add("events", 2).on_slice = [&](std::size_t slice, StreamContext& context, const std::stop_token& stop) {
    both_run.arrive_and_wait();
    if (slice == 0) throw system_error("Broken.");
    // The other slice hears of the failure by its stop token, and yet reaches its end.
    const std::stop_callback heard(stop, [&] { failed.count_down(); });
    failed.wait();
    FakeStream::write_record(slice, context);
  };
  CHECK(f.run(2) == RunResult::failed);
  CHECK(f.states().empty());
  CHECK(f.kinds().back() == "ERROR");
}

TEST_CASE("the slices of a failed stream that have not begun are not read") {
  RunnerFixture f;
  auto& stream = f.add("events", 100);
  stream.on_slice = [](std::size_t, StreamContext&, const std::stop_token&) { throw system_error("Broken."); };
  CHECK(f.run() == RunResult::failed);
  CHECK(stream.slices_begun().size() == 1);
}

TEST_CASE("what concerns every stream is one error without a stream, what concerns one is its own") {
  const auto failing = [](FailureScope scope) {
    return [scope](std::size_t, StreamContext& context, const std::stop_token&) {
      throw ConnectorError(FailureType::config, "Broken.", context.stream().descriptor.name, scope);
    };
  };
  RunnerFixture f;
  f.add("a").on_slice = failing(FailureScope::source);
  f.add("b").on_slice = failing(FailureScope::stream);
  f.add("c").on_slice = failing(FailureScope::source);
  f.add("d");
  CHECK(f.run() == RunResult::failed);
  std::vector<std::string> of;
  for (const auto& message : f.sink.messages("TRACE")) {
    if (message["trace"]["type"] != "ERROR") continue;
    const auto& error = message["trace"]["error"];
    const bool of_one = error.contains("stream_descriptor");
    of.push_back(of_one ? error["stream_descriptor"]["name"].get<std::string>() : "all");
    if (!of_one) CHECK(error["internal_message"] == "a (streams: a, c)");
  }
  CHECK(of == std::vector<std::string>{"all", "b"});
  for (const char* name : {"a", "b", "c"}) CHECK(f.kinds(name).at(1) == "INCOMPLETE");
  CHECK(f.kinds("d").back() == "COMPLETE");

  RunnerFixture alone;
  alone.add("a").on_slice = failing(FailureScope::source);
  CHECK(alone.run() == RunResult::failed);
  CHECK(alone.kinds("a").back() == "ERROR");
}

TEST_CASE("an error that may pass is reported before one that will not, whatever the order of the streams") {
  RunnerFixture f;
  const auto failing = [](FailureType type) {
    return [type](std::size_t, StreamContext&, const std::stop_token&) { throw ConnectorError(type, "Broken."); };
  };
  f.add("a").on_slice = failing(FailureType::config);
  f.add("b").on_slice = failing(FailureType::system);
  f.add("c").on_slice = failing(FailureType::transient);
  CHECK(f.run() == RunResult::failed);
  CHECK(f.failure_types() == std::vector<std::string>{"transient_error", "system_error", "config_error"});
  std::vector<std::int64_t> times;
  for (const auto& message : f.sink.messages("TRACE")) {
    if (message["trace"]["type"] == "ERROR") times.push_back(message["trace"]["emitted_at"].get<std::int64_t>());
  }
  CHECK(times[0] < times[1]);
  CHECK(times[1] < times[2]);
}

TEST_CASE("each failed stream gets one error however many of its slices fail") {
  RunnerFixture f;
  std::latch both_run(2);
  f.add("events", 2).on_slice = [&](std::size_t, StreamContext&, const std::stop_token&) {
    both_run.arrive_and_wait();
    throw transient_error("Broken.");
  };
  CHECK(f.run(2) == RunResult::failed);
  CHECK(f.failure_types().size() == 1);
}

TEST_CASE("an exception that nobody expected becomes a system error that keeps its words inside") {
  RunnerFixture f;
  f.add("events").on_slice = [](std::size_t, StreamContext&, const std::stop_token&) {
    throw std::runtime_error("index out of range");
  };
  CHECK(f.run() == RunResult::failed);
  const auto error = f.sink.messages("TRACE").back()["trace"]["error"];
  CHECK(error["failure_type"] == "system_error");
  CHECK(error["internal_message"] == "index out of range");
  CHECK(error["message"].get<std::string>().find("events") != std::string::npos);
}

TEST_CASE("a stream that fails while it begins is incomplete") {
  RunnerFixture f;
  f.add("events").on_begin = [](StreamContext&, const std::stop_token&) { throw config_error("Bad state."); };
  f.add("profiles");
  CHECK(f.run(2) == RunResult::failed);
  CHECK(f.kinds("events") == Kinds{"STARTED", "INCOMPLETE", "ERROR"});
  CHECK(f.kinds("profiles").back() == "COMPLETE");
}

TEST_CASE("a stream that the source does not have fails as a config error, alone") {
  RunnerFixture f;
  f.add("events");
  f.catalog.streams.push_back(test::configured("evnets"));
  CHECK(f.run() == RunResult::failed);
  CHECK(f.kinds("events").back() == "COMPLETE");
  CHECK(f.kinds("evnets") == Kinds{"STARTED", "INCOMPLETE", "ERROR"});
  const std::string message = f.sink.messages("TRACE").back()["trace"]["error"]["message"];
  CHECK(message.find("does not exist in this source; did you mean \"events\"? Refresh") != std::string::npos);
  CHECK(f.failure_types() == std::vector<std::string>{"config_error"});
}

TEST_CASE("streams that are not configured are not read") {
  RunnerFixture f;
  auto& stream = f.add("events");
  f.catalog.streams.clear();
  CHECK(f.run() == RunResult::complete);
  CHECK(stream.requests.empty());
}

TEST_CASE("a stream is asked for its mode with its own state") {
  RunnerFixture f;
  auto& events = f.add("events", 1, SyncMode::incremental);
  auto& profiles = f.add("profiles");
  f.state.set({"events", std::nullopt}, {{"done", 7}});
  f.state.set({"unselected", std::nullopt}, {{"done", 8}});
  CHECK(f.run() == RunResult::complete);
  REQUIRE(events.requests.size() == 1);
  CHECK(events.requests[0].mode == SyncMode::incremental);
  CHECK(events.requests[0].state == Json{{"done", 7}});
  REQUIRE(profiles.requests.size() == 1);
  CHECK(profiles.requests[0].mode == SyncMode::full_refresh);
  CHECK_FALSE(profiles.requests[0].state.has_value());
}

TEST_CASE("an incremental sync of a stream that has none reads it whole") {
  RunnerFixture f;
  auto& stream = f.add("events", 1, SyncMode::incremental);
  stream.make_full_refresh_only();
  CHECK(f.run() == RunResult::complete);
  REQUIRE(stream.requests.size() == 1);
  CHECK(stream.requests[0].mode == SyncMode::full_refresh);
}

TEST_CASE("a stop leaves running streams INCOMPLETE without an error and unbegun ones unmentioned") {
  RunnerFixture f;
  f.add("done");
  f.add("events", 3).on_slice = [&](std::size_t slice, StreamContext& context, const std::stop_token& stop) {
    FakeStream::write_record(slice, context);
    if (slice == 0) return;
    f.stop.request_stop();
    context.wait(std::chrono::seconds(1), WaitReason::retry, stop);
  };
  f.add("later");
  CHECK(f.run() == RunResult::stopped);
  CHECK(f.kinds("done").back() == "COMPLETE");
  CHECK(f.kinds("events") == Kinds{"STARTED", "RUNNING", "RECORD", "STATE", "RECORD", "INCOMPLETE"});
  CHECK(f.kinds("later").empty());
  CHECK(f.failure_types().empty());
  CHECK(f.logs("ERROR").empty());
}

TEST_CASE("a failure before a stop is not reported as an error either") {
  RunnerFixture f;
  f.add("bad").on_slice = [&](std::size_t, StreamContext&, const std::stop_token&) { throw config_error("Broken."); };
  f.add("events").on_slice = [&](std::size_t, StreamContext&, const std::stop_token&) {
    f.stop.request_stop();
    throw Stopped();
  };
  CHECK(f.run() == RunResult::stopped);
  CHECK(f.failure_types().empty());
  CHECK(f.kinds("bad").back() == "INCOMPLETE");
  CHECK(f.kinds("events").back() == "INCOMPLETE");
}

TEST_CASE("a failed stream says INCOMPLETE at once, before the next stream is read") {
  RunnerFixture f;
  f.add("bad").on_slice = [](std::size_t, StreamContext&, const std::stop_token&) { throw transient_error("no more"); };
  f.add("events");
  CHECK(f.run() == RunResult::failed);
  CHECK(f.kinds() == Kinds{"STARTED", "INCOMPLETE", "STARTED", "RUNNING", "RECORD", "STATE", "COMPLETE", "ERROR"});
}

// A disk that is full: neither the records nor the log of the failure can be written.
class BrokenSink final : public protocol::RecordSink {
 public:
  void write(std::string_view lines) override {
    if (lines.find("\"RECORD\"") != std::string_view::npos) broken_ = true;
    if (broken_) throw system_error("The output could not be written.");
  }

 private:
  bool broken_ = false;
};

TEST_CASE("an output that cannot be written ends the run with its error instead of ending the process") {
  RunnerFixture f;
  f.add("events");
  BrokenSink sink;
  protocol::Writer writer(sink, f.redactor);
  Logger logger(writer, false);
  Runner runner(f.environment, logger, writer, {2, false, std::nullopt});
  runner.add_streams(f.catalog, f.streams, f.state);
  CHECK_THROWS_AS(runner.run(f.stop.get_token()), ConnectorError);
}

TEST_CASE("the contexts of all configured streams can be looked at") {
  RunnerFixture f;
  f.add("events", 3);
  f.add("profiles", 2);
  Runner runner(f.environment, f.logger, f.writer, {1, true, std::nullopt});
  runner.add_streams(f.catalog, f.streams, f.state);
  REQUIRE(runner.contexts().size() == 2);
  CHECK(runner.run(f.stop.get_token()) == RunResult::complete);
  CHECK(runner.contexts()[0]->counts().records == 3);
  CHECK(runner.contexts()[1]->counts().records == 2);
}

}  // namespace
}  // namespace engagement::engine
