#include "sources/clevertap/exports/event_plan.hpp"

#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using protocol::SyncMode;
using std::chrono::days;

constexpr SyncMode kRefresh = SyncMode::full_refresh;
constexpr SyncMode kIncremental = SyncMode::incremental;

Period period(int first, int last, int today) { return {day(first), day(last), day(today), false}; }

Json state_of(SyncMode mode, const Json& events, const char* start = "2026-02-01") {
  Json state{{"version", 1}, {"sync_mode", to_string(mode)}, {"start_date", start}};
  if (mode == kRefresh) state["finished"] = false;
  state["events"] = events;
  return state;
}

EventProgress resumed(SyncMode mode, const Json& state, int start = 20260201) {
  return EventProgress::resume({mode, state, std::nullopt}, day(start));
}

// "0201-0207 0208-0214" …
std::string text_of(const EventPlan& plan) {
  std::string text;
  for (const auto& slice : plan.slices()) {
    if (!text.empty()) text += ' ';
    text += slice.event + ":" + std::to_string(day_to_number(slice.first) % 10000) + "-" +
            std::to_string(day_to_number(slice.last) % 10000);
  }
  return text;
}

EventPlan plan_of(const Period& when, SyncMode mode, std::optional<days> window, EventProgress progress,
                  int lookback = 2, const std::vector<std::string>& events = {"A"}) {
  return {events, config_with({{"lookback_days", lookback}}), when, window, std::move(progress), mode};
}

EventPlan fresh_plan(const Period& when, std::optional<days> window, const std::vector<std::string>& events = {"A"}) {
  return plan_of(when, kRefresh, window, EventProgress(kRefresh, when.first), 2, events);
}

TEST_CASE("a period is cut into windows without gap or overlap, the last one shorter") {
  CHECK(text_of(fresh_plan(period(20260201, 20260217, 20260301), days(7))) == "A:201-207 A:208-214 A:215-217");
  CHECK(text_of(fresh_plan(period(20260201, 20260214, 20260301), days(7))) == "A:201-207 A:208-214");
  CHECK(text_of(fresh_plan(period(20260201, 20260203, 20260301), days(1))) == "A:201-201 A:202-202 A:203-203");
  CHECK(text_of(fresh_plan(period(20260201, 20260201, 20260201), days(366))) == "A:201-201");
}

TEST_CASE("without a window an event is one slice, and several events follow each other") {
  CHECK(text_of(fresh_plan(period(20260201, 20260217, 20260301), std::nullopt, {"A", "B"})) == "A:201-217 B:201-217");
  CHECK(text_of(fresh_plan(period(20260227, 20260302, 20260302), days(3), {"B", "A"})) ==
        "B:227-301 B:302-302 A:227-301 A:302-302");
  CHECK(text_of(fresh_plan(period(20260201, 20260217, 20260301), days(7), {})).empty());
}

TEST_CASE("progress moves with the slices and stops before today") {
  auto plan = fresh_plan(period(20260201, 20260210, 20260210), days(5));
  CHECK_FALSE(plan.progress().complete_through("A").has_value());
  CHECK(plan.done(0));
  CHECK(plan.progress().complete_through("A") == day(20260205));
  CHECK(plan.done(1));
  CHECK(plan.progress().complete_through("A") == day(20260209));
}

TEST_CASE("a first day that is today is never complete") {
  auto plan = fresh_plan(period(20260210, 20260210, 20260210), days(5));
  CHECK_FALSE(plan.done(0));
  CHECK_FALSE(plan.progress().complete_through("A").has_value());
}

TEST_CASE("a slice that ends before its elders moves nothing until they are done") {
  auto plan = fresh_plan(period(20260201, 20260228, 20260301), days(7));
  CHECK_FALSE(plan.done(2));
  CHECK_FALSE(plan.done(1));
  CHECK_FALSE(plan.progress().complete_through("A").has_value());
  CHECK(plan.done(0));
  CHECK(plan.progress().complete_through("A") == day(20260221));
  CHECK(plan.done(3));
  CHECK(plan.progress().complete_through("A") == day(20260228));
}

TEST_CASE("events progress apart from each other") {
  auto plan = fresh_plan(period(20260201, 20260214, 20260301), days(7), {"A", "B"});
  CHECK(plan.done(2));
  CHECK(plan.progress().complete_through("B") == day(20260207));
  CHECK_FALSE(plan.progress().complete_through("A").has_value());
}

TEST_CASE("an incremental sync reads the last complete days again and then goes on") {
  auto plan = plan_of(period(20260201, 20260301, 20260301), kIncremental, days(7),
                      resumed(kIncremental, state_of(kIncremental, {{"A", "2026-02-20"}})));
  CHECK(text_of(plan) == "A:219-225 A:226-301");
  CHECK(plan.done(0));
  CHECK(plan.progress().complete_through("A") == day(20260225));
  CHECK(plan.done(1));
  CHECK(plan.progress().complete_through("A") == day(20260228));
}

TEST_CASE("days read again do not take progress back") {
  auto plan = plan_of(period(20260201, 20260301, 20260301), kIncremental, days(1),
                      resumed(kIncremental, state_of(kIncremental, {{"A", "2026-02-27"}})));
  CHECK(text_of(plan) == "A:226-226 A:227-227 A:228-228 A:301-301");
  CHECK_FALSE(plan.done(0));
  CHECK_FALSE(plan.done(1));
  CHECK(plan.progress().complete_through("A") == day(20260227));
  CHECK(plan.done(2));
  CHECK_FALSE(plan.done(3));
  CHECK(plan.progress().complete_through("A") == day(20260228));
}

TEST_CASE("the look-back never reaches before the start, and none is possible") {
  CHECK(text_of(plan_of(period(20260201, 20260205, 20260205), kIncremental, days(7),
                        resumed(kIncremental, state_of(kIncremental, {{"A", "2026-02-02"}})), 31)) == "A:201-205");
  CHECK(text_of(plan_of(period(20260201, 20260205, 20260205), kIncremental, days(7),
                        resumed(kIncremental, state_of(kIncremental, {{"A", "2026-02-02"}})), 0)) == "A:203-205");
}

TEST_CASE("an event without progress of its own is read from the start") {
  CHECK(text_of(plan_of(period(20260201, 20260205, 20260205), kIncremental, std::nullopt,
                        resumed(kIncremental, state_of(kIncremental, {{"A", "2026-02-04"}})), 1, {"A", "New"})) ==
        "A:204-205 New:201-205");
}

TEST_CASE("progress of events that are no longer read is kept") {
  auto progress = resumed(kIncremental, state_of(kIncremental, {{"Old", "2026-02-04"}}));
  progress.advance("A", day(20260205));
  CHECK(progress.to_json()["events"] == Json{{"A", "2026-02-05"}, {"Old", "2026-02-04"}});
}

TEST_CASE("an unfinished full refresh goes on behind its last complete day, without a look-back") {
  CHECK(text_of(plan_of(period(20260201, 20260214, 20260301), kRefresh, days(7),
                        resumed(kRefresh, state_of(kRefresh, {{"A", "2026-02-07"}})))) == "A:208-214");
}

TEST_CASE("a state beyond the end of the period leaves nothing to read") {
  for (const auto mode : {kRefresh, kIncremental}) {
    auto plan = plan_of(period(20260201, 20260214, 20260301), mode, days(7),
                        resumed(mode, state_of(mode, {{"A", "2031-01-01"}})));
    CHECK(plan.slices().empty());
    CHECK(plan.progress().complete_through("A") == day(20310101));
  }
}

TEST_CASE("no state is progress that has not begun") {
  const auto progress = EventProgress::resume({kIncremental, std::nullopt, std::nullopt}, day(20260201));
  CHECK(progress.to_json() ==
        Json{{"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-01"}, {"events", Json::object()}});
}

TEST_CASE("a state is gone on from in its own mode only") {
  const Json events{{"A", "2026-02-07"}};
  CHECK(resumed(kIncremental, state_of(kIncremental, events)).complete_through("A") == day(20260207));
  CHECK(resumed(kRefresh, state_of(kRefresh, events)).complete_through("A") == day(20260207));
  CHECK_FALSE(resumed(kIncremental, state_of(kRefresh, events)).complete_through("A").has_value());
  CHECK_FALSE(resumed(kRefresh, state_of(kIncremental, events)).complete_through("A").has_value());
}

TEST_CASE("a finished full refresh begins anew") {
  auto state = state_of(kRefresh, {{"A", "2026-02-07"}});
  state["finished"] = true;
  CHECK_FALSE(resumed(kRefresh, state).complete_through("A").has_value());
}

TEST_CASE("an earlier start than the state's begins anew and a later one goes on") {
  const auto state = state_of(kIncremental, {{"A", "2026-02-07"}});
  const auto earlier = resumed(kIncremental, state, 20260131);
  CHECK_FALSE(earlier.complete_through("A").has_value());
  CHECK(earlier.to_json()["start_date"] == "2026-01-31");
  CHECK(resumed(kIncremental, state, 20260202).complete_through("A") == day(20260207));
}

TEST_CASE("a state with a beat or further members is as good as one without") {
  auto state = state_of(kIncremental, {{"A", "2026-02-07"}});
  state["beat"] = 3;
  state["future"] = {{"x", 1}};
  const auto progress = resumed(kIncremental, state);
  CHECK(progress.complete_through("A") == day(20260207));
  CHECK_FALSE(progress.to_json().contains("beat"));
}

TEST_CASE("what progress writes it reads again, in both modes") {
  for (const auto mode : {kRefresh, kIncremental}) {
    EventProgress progress(mode, day(20260201));
    progress.advance("A \"quoted\" ë", day(20260205));
    const auto again = resumed(mode, Json::parse(progress.to_json().dump()));
    CHECK(again.to_json() == progress.to_json());
  }
  EventProgress refresh(kRefresh, day(20260201));
  CHECK(refresh.to_json()["finished"] == false);
  refresh.finish();
  CHECK(refresh.to_json()["finished"] == true);
}

TEST_CASE("progress only ever moves forward") {
  EventProgress progress(kIncremental, day(20260201));
  CHECK(progress.advance("A", day(20260205)));
  CHECK_FALSE(progress.advance("A", day(20260205)));
  CHECK_FALSE(progress.advance("A", day(20260204)));
  CHECK(progress.advance("A", day(20260206)));
  CHECK(progress.complete_through("A") == day(20260206));
}

TEST_CASE("a mangled state is a config error of an incremental sync that says how to reset it") {
  const auto good = state_of(kIncremental, {{"A", "2026-02-07"}});
  std::vector<Json> mangled = {Json("text"), Json::array({1}), Json(7), Json{{"cursor", "x"}}};
  for (const char* key : {"version", "sync_mode", "start_date", "events"}) {
    auto without = good;
    without.erase(key);
    mangled.push_back(without);
  }
  const auto with = [&](const char* key, const Json& value) {
    auto changed = good;
    changed[key] = value;
    mangled.push_back(changed);
  };
  with("sync_mode", "weird");
  with("sync_mode", 5);
  with("version", 2);
  with("version", "1");
  with("version", nullptr);
  with("start_date", 20260201);
  with("start_date", "2026-02-30");
  with("events", Json::array());
  with("events", nullptr);
  with("events", {{"A", 20260207}});
  with("events", {{"A", nullptr}});
  with("events", {{"A", "yesterday"}});
  for (const auto& state : mangled) {
    INFO(state.dump());
    const auto text = message_of([&] { resumed(kIncremental, state); });
    CHECK(has(text, "config_error"));
    CHECK(has(text, "Reset the stream"));
  }
}

TEST_CASE("a full refresh ignores any state but that of an unfinished one, however mangled") {
  for (const Json& state : {Json("text"), Json::array({1}), Json{{"version", 9}, {"cursor", "x"}},
                            Json{{"bookmarks", {{"A", 1}}}}, Json{{"sync_mode", 5}, {"finished", "no"}}}) {
    INFO(state.dump());
    CHECK_FALSE(resumed(kRefresh, state).complete_through("A").has_value());
  }
}

TEST_CASE("a mangled state of an unfinished full refresh is a config error, too") {
  auto state = state_of(kRefresh, {{"A", "nonsense"}});
  CHECK(has(message_of([&] { resumed(kRefresh, state); }), "config_error"));
}

}  // namespace
}  // namespace engagement::clevertap
