#include "sources/clevertap/event_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;
using protocol::SyncMode;

constexpr int kVersion = 1;

ConnectorError unknown_state(const std::string& why) {
  return config_error(
      fmt::format("The stream's saved state cannot be used: {}. Reset the stream (in Airbyte: connection, "
                  "Streams, Clear data) and sync again.",
                  why));
}

Day read_state_day(const Json& value, const std::string& where) {
  if (value.is_string()) {
    if (const auto day = day_from_text(value.get<std::string>())) return *day;
  }
  throw unknown_state(fmt::format("{} is {}, not a day like \"2026-01-31\"", where, value.dump()));
}

}  // namespace

EventProgress EventProgress::resume(const engine::SyncRequest& request, Day start) {
  EventProgress fresh(request.mode, start);
  if (!request.state) return fresh;
  const Json& state = *request.state;
  if (!state.is_object() || state.value("version", Json()) != kVersion) {
    throw unknown_state("it is not of version 1 of this connector's format");
  }
  for (const char* key : {"sync_mode", "start_date", "events"}) {
    if (!state.contains(key)) throw unknown_state(fmt::format("it has no \"{}\"", key));
  }
  if (!state["events"].is_object()) throw unknown_state("\"events\" is no object");
  const bool of_this_mode = state["sync_mode"] == std::string(to_string(request.mode));
  const Day state_start = read_state_day(state["start_date"], "\"start_date\"");
  EventProgress resumed(request.mode, state_start);
  for (const auto& [event, day] : state["events"].items()) {
    resumed.through_[event] = read_state_day(day, fmt::format("the day of event \"{}\"", event));
  }
  const bool finished_refresh = request.mode == SyncMode::full_refresh && state.value("finished", Json(false)) == true;
  // With an earlier start than before, the days in between have never been read.
  if (!of_this_mode || finished_refresh || state_start > start) return fresh;
  return resumed;
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
  Json state{{"version", kVersion}, {"sync_mode", to_string(mode_)}, {"start_date", day_to_text(start_)}};
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
