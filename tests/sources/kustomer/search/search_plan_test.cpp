#include "sources/kustomer/search/search_plan.hpp"

#include "sources/kustomer/kustomer_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::kustomer {
namespace {

const SystemTime kNow = time_of("2026-03-01T12:00:00Z");

SearchPlan plan_of(const Json& state, SyncMode mode, const std::string& start, bool archive = true) {
  engine::SyncRequest request;
  request.mode = mode;
  if (!state.is_null()) request.state = state;
  SearchPlan::Options options;
  options.archive = archive;
  options.now = kNow;
  return SearchPlan(SearchProgress::resume(request, time_of(start), kNow), options);
}

// "a" archived, "l" archived at the line, "s" standard, "o" open, with the beginning of each.
std::vector<std::string> slices_of(const SearchPlan& plan) {
  std::vector<std::string> all;
  for (const auto& slice : plan.slices()) {
    const char* kind = slice.at_line ? "l " : slice.archived ? "a " : slice.open ? "o " : "s ";
    all.push_back(kind + to_rfc3339(slice.window.begin));
  }
  return all;
}

void check_gapless(const SearchPlan& plan, bool archived, const std::string& from, const std::string& to) {
  SystemTime at = time_of(from);
  for (const auto& slice : plan.slices()) {
    if (slice.archived != archived || slice.open) continue;
    CHECK(slice.window.begin == at);
    at = slice.window.end;
  }
  CHECK(to_rfc3339(at) == to);
}

TEST_CASE("the horizon of the archive is two years ago, leap days included") {
  CHECK(to_rfc3339(archive_horizon(time_of("2026-03-01T12:30:00.5Z"))) == "2024-03-01T12:30:00.500Z");
  CHECK(to_rfc3339(archive_horizon(time_of("2028-02-29T01:00:00Z"))) == "2026-02-28T01:00:00Z");
}

TEST_CASE("an incremental sync begins the look-back before its state and ends now") {
  const Json state{{"version", 1},
                   {"sync_mode", "incremental"},
                   {"start_date", "2026-01-01T00:00:00Z"},
                   {"cursor", "2026-02-20T00:00:00Z"}};
  auto plan = plan_of(state, SyncMode::incremental, "2026-01-01T00:00:00Z");
  CHECK(slices_of(plan) == std::vector<std::string>{"s 2026-02-19T23:55:00Z"});
  CHECK(plan.slices()[0].window.end == kNow);
  CHECK(plan.done(0));
  plan.finish();
  CHECK(plan.progress().to_json()["cursor"] == "2026-03-01T12:00:00Z");
}

TEST_CASE("windows follow each other without a gap, and the cursor moves only over those that are done") {
  auto plan = plan_of(nullptr, SyncMode::incremental, "2025-06-01T00:00:00Z");
  check_gapless(plan, false, "2025-06-01T00:00:00Z", "2026-03-01T12:00:00Z");
  REQUIRE(plan.slices().size() == 5);
  CHECK_FALSE(plan.done(1));
  CHECK_FALSE(plan.reached(2, time_of("2025-10-05T00:00:00Z")));
  CHECK_FALSE(plan.progress().cursor);
  CHECK(plan.reached(0, time_of("2025-06-15T00:00:00Z")));
  CHECK(plan.progress().to_json()["cursor"] == "2025-06-15T00:00:00Z");
  CHECK(plan.done(0));
  CHECK(plan.progress().cursor == plan.slices()[1].window.end);
}

TEST_CASE("a far start reads the archive first, and what is at the line between the searches last") {
  auto plan = plan_of(nullptr, SyncMode::incremental, "2023-12-01T00:00:00Z");
  check_gapless(plan, true, "2023-12-01T00:00:00Z", "2024-03-08T12:00:00Z");
  check_gapless(plan, false, "2023-12-01T00:00:00Z", "2026-03-01T12:00:00Z");
  CHECK(plan.slices()[0].archived);
  REQUIRE(plan.overlaps().size() == 2);
  CHECK(to_rfc3339(plan.overlaps()[0].begin) == "2023-12-01T00:00:00Z");
  CHECK(to_rfc3339(plan.overlaps()[1].begin) == "2024-02-23T12:00:00Z");
  CHECK(slices_of(plan).back() == "l 2024-02-23T12:00:00Z");
  CHECK(to_rfc3339(plan.window_at(plan.slices().back(), kNow + std::chrono::days(2)).end) == "2024-03-10T12:00:00Z");
  CHECK(plan.done(0));
  CHECK(plan.progress().to_json()["archive_from"] == "2024-01-30T00:00:00Z");
  CHECK_FALSE(plan.progress().to_json().contains("cursor"));
  const auto resumed = plan_of(plan.progress().to_json(), SyncMode::incremental, "2023-12-01T00:00:00Z");
  CHECK(to_rfc3339(resumed.slices()[0].window.begin) == "2024-01-30T00:00:00Z");
  CHECK(resumed.slices()[0].archived);
  check_gapless(resumed, false, "2023-12-01T00:00:00Z", "2026-03-01T12:00:00Z");
}

TEST_CASE("until the archive is read at the line, a state says from where it is to be read again") {
  for (const auto mode : {SyncMode::incremental, SyncMode::full_refresh}) {
    auto plan = plan_of(nullptr, mode, "2023-12-01T00:00:00Z");
    std::size_t at_line = 0;
    while (!plan.slices()[at_line].at_line) ++at_line;
    for (std::size_t slice = at_line; slice-- > 0;) plan.done(slice);
    const Json state = plan.progress().to_json();
    CHECK(state["cursor"] == "2026-03-01T12:00:00Z");
    CHECK(state["archive_from"] == "2024-02-23T12:00:00Z");
    engine::SyncRequest request;
    request.mode = mode;
    request.state = state;
    SearchPlan::Options options;
    options.archive = true;
    options.now = kNow + std::chrono::days(30);
    const SearchPlan later(SearchProgress::resume(request, time_of("2023-12-01T00:00:00Z"), options.now), options);
    check_gapless(later, true, "2024-02-23T12:00:00Z", "2024-04-07T12:00:00Z");
    CHECK(plan.done(at_line));
    CHECK_FALSE(plan.progress().to_json().contains("archive_from"));
  }
}

TEST_CASE("a state that knows no line reads the archive from the start") {
  const Json state{{"version", 1}, {"sync_mode", "incremental"}, {"archived_through", "2024-03-01T00:00:00Z"}};
  check_gapless(plan_of(state, SyncMode::incremental, "2023-12-01T00:00:00Z"), true, "2023-12-01T00:00:00Z",
                "2024-03-08T12:00:00Z");
}

TEST_CASE("a state from before the horizon reads the archive from there") {
  const Json state{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2024-01-01T00:00:00Z"}};
  const auto plan = plan_of(state, SyncMode::incremental, "2020-01-01T00:00:00Z");
  CHECK(slices_of(plan)[0] == "a 2023-12-31T23:55:00Z");
  CHECK(slices_of(plan_of(state, SyncMode::incremental, "2020-01-01T00:00:00Z", false))[0] == "s 2023-12-31T23:55:00Z");
}

TEST_CASE("a full refresh ends with what was updated since it began") {
  auto plan = plan_of(nullptr, SyncMode::full_refresh, "2026-02-01T00:00:00Z");
  CHECK(slices_of(plan) == std::vector<std::string>{"s 2026-02-01T00:00:00Z", "o 2026-03-01T11:55:00Z"});
  plan.done(0);
  const Json state = plan.progress().to_json();
  CHECK(state == Json{{"version", 1},
                      {"sync_mode", "full_refresh"},
                      {"start_date", "2026-02-01T00:00:00Z"},
                      {"finished", false},
                      {"end", "2026-03-01T12:00:00Z"},
                      {"cursor", "2026-03-01T12:00:00Z"}});
  const auto rest = plan_of(state, SyncMode::full_refresh, "2026-02-01T00:00:00Z");
  CHECK(slices_of(rest) == std::vector<std::string>{"o 2026-03-01T11:55:00Z"});
  plan.finish();
  CHECK(plan.progress().to_json()["finished"] == true);
}

TEST_CASE("an interrupted full refresh goes on to the end that it began with") {
  const Json state{{"version", 1},      {"sync_mode", "full_refresh"},   {"start_date", "2023-01-01T00:00:00Z"},
                   {"finished", false}, {"end", "2026-02-28T00:00:00Z"}, {"cursor", "2023-05-01T00:00:00Z"}};
  const auto plan = plan_of(state, SyncMode::full_refresh, "2023-01-01T00:00:00Z");
  check_gapless(plan, false, "2023-05-01T00:00:00Z", "2026-02-28T00:00:00Z");
  // What the standard search had when the cursor was written may be in the archive by now.
  check_gapless(plan, true, "2023-05-01T00:00:00Z", "2024-03-08T12:00:00Z");
  CHECK(slices_of(plan).back() == "o 2026-02-27T23:55:00Z");
}

TEST_CASE("a state is gone on from only where it fits") {
  const Json incremental{{"version", 1},
                         {"sync_mode", "incremental"},
                         {"start_date", "2026-02-01T00:00:00Z"},
                         {"cursor", "2026-02-20T00:00:00Z"}};
  // An earlier start: the time between has never been read.
  CHECK(slices_of(plan_of(incremental, SyncMode::incremental, "2026-01-15T00:00:00Z"))[0] == "s 2026-01-15T00:00:00Z");
  // A later start: nothing before it.
  CHECK(slices_of(plan_of(incremental, SyncMode::incremental, "2026-02-25T00:00:00Z"))[0] == "s 2026-02-25T00:00:00Z");
  CHECK(slices_of(plan_of(incremental, SyncMode::full_refresh, "2026-02-01T00:00:00Z"))[0] == "s 2026-02-01T00:00:00Z");
  Json finished{{"version", 1},     {"sync_mode", "full_refresh"},   {"start_date", "2026-02-01T00:00:00Z"},
                {"finished", true}, {"end", "2026-02-28T00:00:00Z"}, {"cursor", "2026-02-28T00:00:00Z"}};
  CHECK(slices_of(plan_of(finished, SyncMode::full_refresh, "2026-02-01T00:00:00Z"))[0] == "s 2026-02-01T00:00:00Z");
  CHECK(slices_of(plan_of(finished, SyncMode::incremental, "2026-02-01T00:00:00Z"))[0] == "s 2026-02-01T00:00:00Z");
  finished["finished"] = false;
  finished["cursor"] = 7;
  CHECK(slices_of(plan_of(finished, SyncMode::full_refresh, "2026-02-01T00:00:00Z"))[0] == "s 2026-02-01T00:00:00Z");
}

TEST_CASE("a state that is not ours is a configuration error of an incremental sync") {
  for (const Json& state : {Json{{"version", 2}}, Json{{"version", 1}}, Json("text"),
                            Json{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", 5}},
                            Json{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "yesterday"}}}) {
    CHECK(has(message_of([&] { plan_of(state, SyncMode::incremental, "2026-01-01T00:00:00Z"); }), "config_error"));
  }
}

TEST_CASE("a state of the future leaves nothing to read and stays") {
  const Json state{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2999-01-01T00:00:00Z"}};
  auto plan = plan_of(state, SyncMode::incremental, "2026-01-01T00:00:00Z");
  CHECK(plan.slices().empty());
  plan.finish();
  CHECK(plan.progress().to_json()["cursor"] == "2999-01-01T00:00:00Z");
}

}  // namespace
}  // namespace engagement::kustomer
