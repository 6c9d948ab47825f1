#include <chrono>

#include "engine/command_context.hpp"
#include "engine/fake_stream.hpp"
#include "engine/runner.hpp"
#include "support/catch.hpp"
#include "support/protocol_schema.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::engine {
namespace {

using namespace std::chrono_literals;

TEST_CASE("every kind of message that a read emits is legal by the protocol") {
  test::StreamFixture f;
  std::vector<std::unique_ptr<Stream>> streams;
  protocol::ConfiguredCatalog catalog;
  const auto add = [&](const std::string& name) -> FakeStream& {
    auto stream = std::make_unique<FakeStream>(name, 3);
    auto& reference = *stream;
    streams.push_back(std::move(stream));
    catalog.streams.push_back(test::configured(name));
    catalog.streams.back().descriptor.name_space = "prod";
    return reference;
  };
  add("events").on_slice = [](std::size_t slice, StreamContext& context, const std::stop_token& stop) {
    FakeStream::write_record(slice, context);
    context.warn_once("key", "something");
    context.wait(1h, WaitReason::rate_limit, stop);
  };
  add("bad").on_slice = [](std::size_t, StreamContext&, const std::stop_token&) {
    throw transient_error("Away.", "HTTP 503");
  };
  Runner runner(f.environment, f.logger, f.writer, {2, true, std::nullopt});
  runner.add_streams(catalog, streams, {});
  CHECK(runner.run(f.stop.get_token()) == RunResult::failed);
  const auto violation = test::protocol_violation_in_lines(f.sink.text());
  INFO(violation.value_or(""));
  CHECK_FALSE(violation.has_value());
  const auto kinds = f.kinds();
  for (const char* kind :
       {"STARTED", "RUNNING", "RATE_LIMITED", "RECORD", "STATE", "COMPLETE", "INCOMPLETE", "ERROR"}) {
    INFO(kind);
    CHECK(std::find(kinds.begin(), kinds.end(), kind) != kinds.end());
  }
  CHECK_FALSE(f.logs("WARN").empty());
}

TEST_CASE("a command's context logs, waits on the clock and stops") {
  test::StreamFixture f;
  CommandContext context(f.environment, f.logger);
  context.log(LogLevel::info, "hello");
  context.warn_once("k", "careful");
  context.warn_once("k", "careful");
  context.wait(20min, WaitReason::rate_limit, f.stop.get_token());
  context.answered({});
  CHECK(f.clock.waited() == 20min);
  CHECK(f.logs("INFO") == std::vector<std::string>{"hello"});
  CHECK(f.logs("WARN") == std::vector<std::string>{"careful"});
  CHECK(f.kinds().empty());
  CHECK_FALSE(test::protocol_violation_in_lines(f.sink.text()).has_value());
  f.stop.request_stop();
  CHECK_THROWS_AS(context.wait(1s, WaitReason::retry, f.stop.get_token()), Stopped);
}

}  // namespace
}  // namespace engagement::engine
