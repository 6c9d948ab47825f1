#include "sources/kustomer/search/search_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/time_text.hpp"
#include "engine/stream_state.hpp"

namespace engagement::kustomer {

namespace {

using engine::Json;
using protocol::SyncMode;

// How the two searches hand rows over is not documented; the line between them is taken to be so far off at most.
constexpr std::chrono::days kHandover{7};

// Throws for a time that is none.
void read_state(const Json& state, SearchProgress& progress) {
  // Without one the state is tap-kustomer's, which knew no start.
  const auto start = engine::time_in_state(state, "start_date");
  if (start && *start > progress.start) return;
  const auto end = engine::time_in_state(state, "end");
  if (progress.mode == SyncMode::full_refresh && !end) return;
  progress.cursor = engine::time_in_state(state, "cursor");
  progress.archive_from = engine::time_in_state(state, "archive_from");
  if (progress.mode == SyncMode::full_refresh) progress.end = std::min(*end, progress.end);
}

}  // namespace

SystemTime archive_horizon(SystemTime now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(today);
  auto then = date - std::chrono::years(2);
  if (!then.ok()) then = then.year() / then.month() / std::chrono::last;
  return std::chrono::sys_days(then) + (now - today);
}

SearchProgress SearchProgress::resume(const engine::SyncRequest& request, SystemTime start, SystemTime now) {
  SearchProgress fresh;
  fresh.mode = request.mode;
  fresh.start = start;
  fresh.end = now;
  if (!request.state) return fresh;
  SearchProgress progress = fresh;
  if (request.mode == SyncMode::incremental) {
    engine::check_state(*request.state);
    if (engine::is_incremental_state(*request.state)) read_state(*request.state, progress);
    return progress;
  }
  if (!engine::is_unfinished_refresh(*request.state)) return fresh;
  try {
    engine::check_state(*request.state);
    read_state(*request.state, progress);
    return progress;
  } catch (const ConnectorError&) {
    return fresh;
  }
}

Json SearchProgress::to_json() const {
  Json state = engine::new_state(mode);
  state["start_date"] = to_rfc3339(start);
  if (mode == SyncMode::full_refresh) {
    state["finished"] = finished;
    state["end"] = to_rfc3339(end);
  }
  if (archive_from) state["archive_from"] = to_rfc3339(*archive_from);
  if (cursor) state["cursor"] = to_rfc3339(*cursor);
  return state;
}

SearchPlan::SearchPlan(const SearchProgress& progress, const Options& options) : progress_(progress) {
  const bool refresh = progress_.mode == SyncMode::full_refresh;
  const auto lookback = refresh ? std::chrono::minutes(0) : options.lookback;
  const SystemTime begin = progress_.cursor ? std::max(*progress_.cursor - lookback, progress_.start) : progress_.start;
  progress_.archive_from = std::max(progress_.archive_from.value_or(begin), progress_.start);
  cut(begin, progress_.end, options);
  if (!refresh || !options.updates) return;
  const SystemTime again = std::max(progress_.end - options.lookback, progress_.start);
  slices_.push_back({{again, options.now}, false, true, false});
  overlaps_.push_back({again, progress_.end});
  done_ = rest::DonePrefix(slices_.size());
}

SearchPlan::SearchPlan(const rest::TimeWindow& period, const Options& options) {
  progress_.start = period.begin;
  progress_.end = period.end;
  progress_.archive_from = period.begin;
  cut(period.begin, period.end, options);
}

void SearchPlan::cut(SystemTime begin, SystemTime end, const Options& options) {
  const SystemTime horizon = archive_horizon(options.now);
  const SystemTime archive_begin = *progress_.archive_from;
  const rest::TimeWindow at_line{std::max(archive_begin, horizon - kHandover), std::min(end, horizon + kHandover)};
  const bool archive = options.archive && archive_begin < at_line.end;
  if (archive) {
    const SystemTime archive_end = std::min(end, at_line.begin);
    for (const auto& window : rest::cut_windows(archive_begin, archive_end, options.window)) {
      slices_.push_back({window, true, false, false});
    }
    overlaps_.push_back({std::max(begin, archive_begin), archive_end});
    overlaps_.push_back({std::max(begin, at_line.begin), at_line.end + kHandover});
  } else {
    progress_.archive_from.reset();
  }
  for (const auto& window : rest::cut_windows(begin, end, options.window)) {
    slices_.push_back({window, false, false, false});
  }
  if (archive && at_line.begin < at_line.end) slices_.push_back({at_line, true, false, true});
  done_ = rest::DonePrefix(slices_.size());
}

rest::TimeWindow SearchPlan::window_at(const SearchSlice& slice, SystemTime now) const {
  if (!slice.at_line) return slice.window;
  return {slice.window.begin, std::min(progress_.end, archive_horizon(now) + kHandover)};
}

bool SearchPlan::done(std::size_t slice) {
  const std::size_t before = done_.length();
  if (!done_.done(slice)) return false;
  for (std::size_t at = before; at < done_.length(); ++at) finish(slices_[at]);
  return true;
}

void SearchPlan::finish(const SearchSlice& slice) {
  if (slice.at_line) {
    progress_.archive_from.reset();
  } else if (!slice.open) {
    move_to(slice, slice.window.end);
  }
}

bool SearchPlan::reached(std::size_t slice, SystemTime moment) {
  if (slice != done_.length() || slices_[slice].open) return false;
  const auto before = position_of(slices_[slice]);
  move_to(slices_[slice], moment);
  return position_of(slices_[slice]) != before;
}

void SearchPlan::move_to(const SearchSlice& slice, SystemTime moment) {
  auto& position = position_of(slice);
  position = std::max(position.value_or(moment), moment);
}

void SearchPlan::finish() {
  progress_.finished = true;
  progress_.archive_from.reset();
  progress_.cursor = std::max(progress_.cursor.value_or(progress_.end), progress_.end);
}

}  // namespace engagement::kustomer
