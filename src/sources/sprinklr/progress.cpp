#include "sources/sprinklr/progress.hpp"

#include <algorithm>

#include "engine/stream_state.hpp"

namespace engagement::sprinklr {

using engine::Json;
using protocol::SyncMode;

Progress Progress::resume(const engine::SyncRequest& request, Day start) {
  Progress fresh(request.mode, start);
  if (!request.state) return fresh;
  const Json& state = *request.state;
  if (request.mode == SyncMode::full_refresh && !engine::is_unfinished_refresh(state)) return fresh;
  if (request.mode == SyncMode::incremental) {
    engine::check_state(state);
    if (!engine::is_incremental_state(state)) return fresh;
  }
  const auto read_text = [&](const char* key) {
    const auto found = state.find(key);
    return found != state.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto state_start = day_from_text(read_text("start_date"));
  if (!state_start) throw engine::unknown_state("its \"start_date\" is no day");
  // The days from an earlier start on have never been read.
  if (*state_start > start) return fresh;
  Progress progress(request.mode, start);
  progress.through_ = engine::time_in_state(state, "through");
  return progress;
}

SystemTime Progress::resume_at(const Period& period, const TimeZone& zone, std::chrono::days lookback) const {
  if (!through_) return period.begin;
  if (mode_ == SyncMode::full_refresh || lookback.count() == 0) return std::max(*through_, period.begin);
  return std::max(start_of(zone.day_at(*through_) - lookback, zone), period.begin);
}

bool Progress::advance(SystemTime through) {
  if (through_ && *through_ >= through) return false;
  through_ = through;
  return true;
}

Json Progress::to_json() const {
  Json state = engine::new_state(mode_);
  if (mode_ == SyncMode::full_refresh) state["finished"] = finished_;
  state["start_date"] = day_to_text(start_);
  if (through_) state["through"] = to_rfc3339(*through_);
  return state;
}

}  // namespace engagement::sprinklr
