#include "engine/stream_state.hpp"

#include <functional>

#include "core/time_text.hpp"
#include "engine/stream_context.hpp"
#include "support/catch.hpp"
#include "support/has.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::engine {
namespace {

using protocol::SyncMode;

SystemTime at(const char* text) { return *time_from_rfc3339(text); }

Json state_with(const char* key, const Json& value) {
  Json state = new_state(SyncMode::incremental);
  state[key] = value;
  return state;
}

std::string refusal(const std::function<void()>& use) {
  try {
    use();
  } catch (const ConnectorError& error) {
    CHECK(error.type() == FailureType::config);
    return error.what();
  }
  return "none";
}

TEST_CASE("a time in a state is one, is absent, or makes the state unusable") {
  CHECK(time_in_state(state_with("cursor", "2026-02-01T00:00:00Z"), "cursor") == at("2026-02-01T00:00:00Z"));
  CHECK_FALSE(time_in_state(state_with("other", 1), "cursor"));
  for (const Json& wrong : {Json(7), Json(nullptr), Json("soon"), Json::object()}) {
    const auto told = refusal([&] { time_in_state(state_with("cursor", wrong), "cursor"); });
    CHECK(test::has(told, "\"cursor\" is " + wrong.dump()));
    CHECK(test::has(told, "Reset the stream"));
  }
}

TEST_CASE("a position in the future is kept, with one warning") {
  test::StreamFixture f;
  const auto rows = test::configured("rows");
  StreamContext context(f.environment, f.logger, f.writer, rows, true);
  warn_of_future(f.clock.now(), context);
  CHECK(f.logs("WARN").empty());
  warn_of_future(at("2999-01-01T00:00:00Z"), context);
  warn_of_future(at("2999-01-01T00:00:00Z"), context);
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(test::has(f.logs("WARN")[0], "everything up to 2999-01-01T00:00:00Z has been read"));
  const Json state = state_with("cursor", "2999-01-01T00:00:00Z");
  CHECK(cursor_in_state({SyncMode::incremental, state, std::nullopt}, std::nullopt, context) ==
        at("2999-01-01T00:00:00Z"));
}

TEST_CASE("an incremental sync goes on from its cursor, unless its start has moved back") {
  test::StreamFixture f;
  const auto rows = test::configured("rows");
  StreamContext context(f.environment, f.logger, f.writer, rows, true);
  const auto cursor = [&](SyncMode mode, const Json& state, const char* start) {
    return cursor_in_state({mode, state, std::nullopt}, start ? std::optional(at(start)) : std::nullopt, context);
  };
  Json state = state_with("cursor", "2026-02-01T00:00:00Z");
  state["start_date"] = "2026-01-01T00:00:00Z";
  const auto same = at("2026-02-01T00:00:00Z");
  CHECK(cursor(SyncMode::incremental, state, "2026-01-01T00:00:00Z") == same);
  CHECK(cursor(SyncMode::incremental, state, "2026-01-15T00:00:00Z") == same);
  CHECK(cursor(SyncMode::incremental, state, nullptr) == same);
  CHECK_FALSE(cursor(SyncMode::incremental, state, "2025-12-31T00:00:00Z"));
  CHECK_FALSE(cursor(SyncMode::full_refresh, state, "2026-01-01T00:00:00Z"));
  CHECK_FALSE(
      cursor_in_state({SyncMode::incremental, std::nullopt, std::nullopt}, context.environment().clock.now(), context));
  state["sync_mode"] = "full_refresh";
  CHECK_FALSE(cursor(SyncMode::incremental, state, nullptr));
  CHECK(test::has(refusal([&] { cursor(SyncMode::incremental, {{"version", 2}}, nullptr); }), "version 1"));
}

}  // namespace
}  // namespace engagement::engine
