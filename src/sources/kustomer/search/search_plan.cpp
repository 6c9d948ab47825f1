#include "sources/kustomer/search/search_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/time_text.hpp"
#include "engine/stream_state.hpp"

namespace engagement::kustomer {

namespace {

using engine::Json;
using protocol::SyncMode;

// How the two searches hand rows over is not documented; both are read around the line. It also moves while a sync
// runs.
constexpr std::chrono::days kHandover{7};

std::optional<SystemTime> time_at(const Json& state, const char* key) {
  const auto found = state.find(key);
  if (found == state.end() || found->is_null()) return std::nullopt;
  const auto time = found->is_string() ? time_from_rfc3339(found->get<std::string>()) : std::nullopt;
  if (!time) throw engine::unknown_state(fmt::format("\"{}\" is {}, no time", key, found->dump()));
  return time;
}

// Throws for a time that is none.
void read_state(const Json& state, SearchProgress& progress) {
  // Without one the state is tap-kustomer's, which knew no start.
  const auto start = time_at(state, "start_date");
  if (start && *start > progress.start) return;
  const auto end = time_at(state, "end");
  if (progress.mode == SyncMode::full_refresh && !end) return;
  progress.cursor = time_at(state, "cursor");
  progress.archived_through = time_at(state, "archived_through");
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
  if (archived_through && !cursor) state["archived_through"] = to_rfc3339(*archived_through);
  if (cursor) state["cursor"] = to_rfc3339(*cursor);
  return state;
}

SearchPlan::SearchPlan(SearchProgress progress, const Options& options) : progress_(std::move(progress)) {
  const bool refresh = progress_.mode == SyncMode::full_refresh;
  const SystemTime horizon = archive_horizon(options.now);
  const auto lookback = refresh ? std::chrono::minutes(0) : options.lookback;
  const SystemTime begin = progress_.cursor ? std::max(*progress_.cursor - lookback, progress_.start) : progress_.start;
  std::optional<SystemTime> archive_from;
  if (options.archive && begin < horizon && !(refresh && progress_.cursor)) {
    archive_from = progress_.cursor ? begin : std::max(begin, progress_.archived_through.value_or(begin));
  }
  cut(begin, progress_.end, archive_from, options);
  if (!refresh || !options.updates) return;
  const SystemTime again = std::max(progress_.end - options.lookback, progress_.start);
  slices_.push_back({{again, options.now}, false, true});
  overlaps_.push_back({again, progress_.end});
  done_ = rest::DonePrefix(slices_.size());
}

SearchPlan::SearchPlan(const rest::TimeWindow& period, const Options& options) {
  progress_.start = period.begin;
  progress_.end = period.end;
  const bool archive = options.archive && period.begin < archive_horizon(options.now);
  cut(period.begin, period.end, archive ? std::optional(period.begin) : std::nullopt, options);
}

void SearchPlan::cut(SystemTime begin, SystemTime end, std::optional<SystemTime> archive_from, const Options& options) {
  const SystemTime horizon = archive_horizon(options.now);
  if (archive_from) {
    const SystemTime archive_end = std::min(end, horizon + kHandover);
    for (const auto& window : rest::cut_windows(*archive_from, archive_end, options.window)) {
      slices_.push_back({window, true, false});
    }
    overlaps_.push_back({std::max(begin, horizon - kHandover), archive_end});
  }
  for (const auto& window : rest::cut_windows(begin, end, options.window)) slices_.push_back({window, false, false});
  done_ = rest::DonePrefix(slices_.size());
}

bool SearchPlan::done(std::size_t slice) {
  if (!done_.done(slice)) return false;
  const SearchSlice& last = slices_[done_.length() - 1];
  if (!last.open) move_to(last, last.window.end);
  return true;
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
  progress_.cursor = std::max(progress_.cursor.value_or(progress_.end), progress_.end);
}

}  // namespace engagement::kustomer
