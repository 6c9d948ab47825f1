#include "sources/clevertap/exports/event_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "engine/stream_state.hpp"
#include "sources/clevertap/day_plan.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;
using protocol::SyncMode;

using engine::unknown_state;

}  // namespace

EventProgress EventProgress::resume(const engine::SyncRequest& request, Day start) {
  EventProgress fresh(request.mode, start);
  if (!request.state) return fresh;
  const bool refresh = request.mode == SyncMode::full_refresh;
  // Whatever else a full refresh is handed is of no concern to it.
  if (refresh && !engine::is_unfinished_refresh(*request.state)) return fresh;
  EventProgress resumed = read(*request.state, request.mode);
  const bool of_this_mode = (*request.state)["sync_mode"] == std::string(to_string(request.mode));
  // With an earlier start than before, the days in between have never been read.
  if (!of_this_mode || resumed.start_ > start) return fresh;
  // An earlier start of the state is given up: an event that was added since has been read from the later one only, and
  // a start that is moved back once more must not take its days before that for read.
  resumed.start_ = start;
  return resumed;
}

EventProgress EventProgress::read(const Json& state, SyncMode mode) {
  engine::check_state(state);
  for (const char* key : {"start_date", "events"}) {
    if (!state.contains(key)) throw unknown_state(fmt::format("it has no \"{}\"", key));
  }
  if (!state["events"].is_object()) throw unknown_state("\"events\" is no object");
  EventProgress progress(mode, read_state_day(state["start_date"], "\"start_date\""));
  for (const auto& [event, day] : state["events"].items()) {
    progress.through_[event] = read_state_day(day, fmt::format("the day of event \"{}\"", event));
  }
  return progress;
}

std::optional<Day> EventProgress::complete_through(const std::string& event) const {
  const auto found = through_.find(event);
  return found == through_.end() ? std::nullopt : std::optional(found->second);
}

bool EventProgress::advance(const std::string& event, Day through) {
  const auto [entry, added] = through_.try_emplace(event, through);
  if (added) return true;
  if (entry->second >= through) return false;
  entry->second = through;
  return true;
}

Json EventProgress::to_json() const {
  Json events = Json::object();
  for (const auto& [event, day] : through_) events[event] = day_to_text(day);
  Json state = engine::new_state(mode_);
  state["start_date"] = day_to_text(start_);
  if (mode_ == SyncMode::full_refresh) state["finished"] = finished_;
  state["events"] = std::move(events);
  return state;
}

EventPlan::EventPlan(const std::vector<std::string>& events, const Config& config, const Period& period,
                     std::optional<std::chrono::days> window, EventProgress progress, SyncMode mode)
    : period_(period), progress_(std::move(progress)) {
  const auto reread = mode == SyncMode::incremental ? config.lookback : std::chrono::days(0);
  for (const auto& event : events) {
    const std::size_t begin = slices_.size();
    Day first = period.first;
    if (const auto through = progress_.complete_through(event)) {
      first = std::max(first, *through - reread + std::chrono::days(1));
    }
    while (first <= period.last) {
      const Day last = window ? std::min(period.last, first + *window - std::chrono::days(1)) : period.last;
      slices_.push_back({event, first, last});
      first = last + std::chrono::days(1);
    }
    runs_[event] = {begin, slices_.size()};
  }
  done_.assign(slices_.size(), 0);
}

bool EventPlan::done(std::size_t slice) {
  done_[slice] = 1;
  EventRun& run = runs_.at(slices_[slice].event);
  const std::size_t before = run.next_undone;
  while (run.next_undone < run.end && done_[run.next_undone] != 0) ++run.next_undone;
  if (run.next_undone == before) return false;
  const Day last_complete = std::min(slices_[run.next_undone - 1].last, period_.today - std::chrono::days(1));
  return last_complete >= period_.first && progress_.advance(slices_[slice].event, last_complete);
}

}  // namespace engagement::clevertap
