#include "sources/clevertap/day_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/stream_state.hpp"

namespace engagement::clevertap {

using engine::Json;
using protocol::SyncMode;
using std::chrono::days;

Day read_state_day(const Json& value, const std::string& where) {
  if (value.is_string()) {
    if (const auto day = day_from_text(value.get<std::string>())) return *day;
  }
  throw engine::unknown_state(fmt::format("{} is {}, not a day like \"2026-01-31\"", where, value.dump()));
}

DayPlan::DayPlan(const engine::SyncRequest& request, const Cut& cut)
    : mode_(request.mode),
      start_(cut.period.first),
      last_complete_(std::min(cut.period.last, cut.period.today - days(1))) {
  if (request.state) through_ = resume(*request.state);
  Day first = start_;
  const auto reread = mode_ == SyncMode::incremental ? cut.lookback : days(0);
  if (through_) first = std::max(first, *through_ - reread + days(1));
  while (first <= cut.period.last) {
    const Day last = std::min(cut.period.last, first + cut.window - days(1));
    slices_.push_back({first, last});
    first = last + days(1);
  }
  prefix_ = rest::DonePrefix(slices_.size());
}

std::optional<Day> DayPlan::resume(const Json& state) {
  const bool refresh = mode_ == SyncMode::full_refresh;
  // Whatever else a full refresh is handed is of no concern to it.
  if (refresh && !engine::is_unfinished_refresh(state)) return std::nullopt;
  engine::check_state(state);
  if (!refresh && !engine::is_incremental_state(state)) return std::nullopt;
  if (!state.contains("start_date")) throw engine::unknown_state("it has no \"start_date\"");
  const Day start = read_state_day(state["start_date"], "\"start_date\"");
  // With an earlier start than before, the days in between have never been read.
  if (start > start_ || !state.contains("through")) return std::nullopt;
  return read_state_day(state["through"], "\"through\"");
}

bool DayPlan::done(std::size_t slice) {
  if (!prefix_.done(slice)) return false;
  const Day last = std::min(slices_[prefix_.length() - 1].last, last_complete_);
  if (last < start_ || (through_ && *through_ >= last)) return false;
  through_ = last;
  return true;
}

Json DayPlan::state() const {
  Json state = engine::new_state(mode_);
  state["start_date"] = day_to_text(start_);
  if (mode_ == SyncMode::full_refresh) state["finished"] = finished_;
  if (through_) state["through"] = day_to_text(*through_);
  return state;
}

}  // namespace engagement::clevertap
