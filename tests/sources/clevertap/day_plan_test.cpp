#include "sources/clevertap/day_plan.hpp"

#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using protocol::SyncMode;
using std::chrono::days;

using Spans = std::vector<std::pair<int, int>>;

Spans spans_of(const DayPlan& plan) {
  Spans all;
  for (const auto& span : plan.slices()) all.emplace_back(day_to_number(span.first), day_to_number(span.last));
  return all;
}

// Today is 2026-02-10.
DayPlan::Cut cut(int first, int last, int window, int lookback) {
  return {{day(first), day(last), day(20260210)}, days(window), days(lookback)};
}

Json state(const std::string& mode, const std::string& start, const std::string& through) {
  return {{"version", 1}, {"sync_mode", mode}, {"start_date", start}, {"through", through}};
}

DayPlan plan_of(SyncMode mode, const std::optional<Json>& given, const DayPlan::Cut& how) {
  return DayPlan({mode, given, std::nullopt}, how);
}

TEST_CASE("a period is cut into windows without gap or overlap") {
  const auto plan = plan_of(SyncMode::incremental, std::nullopt, cut(20260125, 20260203, 4, 2));
  CHECK(spans_of(plan) == Spans{{20260125, 20260128}, {20260129, 20260201}, {20260202, 20260203}});
  CHECK_FALSE(plan.state().contains("through"));
}

TEST_CASE("an incremental sync goes on from its last complete day less the look-back") {
  const auto given = state("incremental", "2026-01-01", "2026-01-31");
  CHECK(spans_of(plan_of(SyncMode::incremental, given, cut(20260101, 20260202, 31, 2))) == Spans{{20260130, 20260202}});
  // But no further back than its start.
  CHECK(spans_of(plan_of(SyncMode::incremental, given, cut(20260131, 20260202, 31, 9))) == Spans{{20260131, 20260202}});
}

TEST_CASE("windows that end out of order move the state over no gap") {
  auto plan = plan_of(SyncMode::incremental, std::nullopt, cut(20260201, 20260206, 2, 0));
  CHECK_FALSE(plan.done(1));
  CHECK(plan.done(0));
  CHECK(plan.state()["through"] == "2026-02-04");
  CHECK(plan.done(2));
  CHECK(plan.state()["through"] == "2026-02-06");
}

TEST_CASE("today and what is to come are never complete") {
  auto plan = plan_of(SyncMode::incremental, std::nullopt, cut(20260209, 20260401, 31, 0));
  CHECK(plan.done(0));
  CHECK(plan.state()["through"] == "2026-02-09");
  CHECK_FALSE(plan.done(1));
  auto of_today = plan_of(SyncMode::incremental, std::nullopt, cut(20260210, 20260210, 31, 0));
  CHECK_FALSE(of_today.done(0));
}

TEST_CASE("an earlier start begins anew and a later one keeps its progress") {
  const auto given = state("incremental", "2026-01-10", "2026-01-31");
  CHECK(spans_of(plan_of(SyncMode::incremental, given, cut(20260101, 20260202, 99, 0))) == Spans{{20260101, 20260202}});
  const auto later = plan_of(SyncMode::incremental, given, cut(20260120, 20260202, 99, 0));
  CHECK(spans_of(later) == Spans{{20260201, 20260202}});
  CHECK(later.state()["start_date"] == "2026-01-20");
}

TEST_CASE("a full refresh goes on from an unfinished one alone, and without look-back") {
  auto unfinished = state("full_refresh", "2026-01-01", "2026-01-31");
  unfinished["finished"] = false;
  CHECK(spans_of(plan_of(SyncMode::full_refresh, unfinished, cut(20260101, 20260202, 99, 9))) ==
        Spans{{20260201, 20260202}});
  auto finished = unfinished;
  finished["finished"] = true;
  for (const Json& other : {finished, state("incremental", "2026-01-01", "2026-01-31"), Json{{"foreign", 1}}}) {
    CHECK(spans_of(plan_of(SyncMode::full_refresh, other, cut(20260101, 20260202, 99, 0))) ==
          Spans{{20260101, 20260202}});
  }
  CHECK(spans_of(plan_of(SyncMode::incremental, unfinished, cut(20260101, 20260202, 99, 0))) ==
        Spans{{20260101, 20260202}});
}

TEST_CASE("an incremental sync refuses a state that is not ours and says how to reset it") {
  for (const Json& other :
       {Json{{"version", 2}, {"sync_mode", "incremental"}}, Json{{"version", 1}, {"sync_mode", "daily"}},
        Json{{"version", 1}, {"sync_mode", "incremental"}}, state("incremental", "2026-01-01", "soon")}) {
    INFO(other.dump());
    const auto message = message_of([&] { plan_of(SyncMode::incremental, other, cut(20260101, 20260202, 99, 0)); });
    CHECK(has(message, "config_error: "));
    CHECK(has(message, "Clear data"));
  }
}

}  // namespace
}  // namespace engagement::clevertap
