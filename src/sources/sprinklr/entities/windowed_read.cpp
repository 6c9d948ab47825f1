#include "sources/sprinklr/entities/windowed_read.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/time_text.hpp"
#include "engine/stream_state.hpp"

namespace engagement::sprinklr {

namespace {

// Changes are stamped by Sprinklr's clock.
constexpr std::chrono::minutes kClocksDiffer{5};

}  // namespace

void WindowPlan::join(bool keep_begin) {
  if (searches.empty()) return;
  SearchRequest all;
  if (keep_begin) all.from = searches.front().from;
  searches = {all};
  rereads_end = false;
}

WindowPlan plan_windows(const engine::SyncRequest& request, const Config& config, std::chrono::days width,
                        engine::Context& context) {
  const SystemTime now = context.environment().clock.now();
  auto progress = Progress::resume(request, config.start);
  if (progress.through()) engine::warn_of_future(*progress.through(), context);
  const Period period =
      request.backfill ? period_of(*request.backfill, config.zone, now) : period_at(config, config.zone, now);
  const SystemTime begin = progress.resume_at(period, config.zone, config.lookback);
  WindowPlan plan{{}, progress, period.end, false, begin > period.begin, request.backfill.has_value()};
  for (const auto& window : rest::cut_windows(begin, period.end, width)) {
    plan.searches.push_back({window.begin, window.end});
  }
  if (request.mode == protocol::SyncMode::full_refresh && !request.backfill && period.end == now) {
    plan.searches.push_back({period.end, period.end});
    plan.rereads_end = true;
  }
  return plan;
}

std::string WindowedRead::slice_name(std::size_t slice) const {
  const std::lock_guard lock(mutex_);
  const auto& search = searches_[slice];
  return fmt::format("{} from {} to {}", name_, search.from ? to_rfc3339(*search.from) : "the beginning",
                     to_rfc3339(search.until.value_or(end_)));
}

SearchRequest WindowedRead::begin_search(std::size_t slice, SystemTime now) {
  const std::lock_guard lock(mutex_);
  SearchRequest& search = searches_[slice];
  if (is_reread(slice)) search.until = std::max(now, *search.from) + kClocksDiffer;
  return search;
}

void WindowedRead::read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) {
  const SearchRequest search = begin_search(slice, context.environment().clock.now());
  read_one_(
      search, [&](SystemTime through) { covered(slice, through, context); }, context, stop);
}

void WindowedRead::covered(std::size_t slice, SystemTime through, engine::StreamContext& context) {
  const std::lock_guard lock(mutex_);
  if (backfill_ || slice != done_.length() || !progress_.advance(through)) return;
  context.checkpoint(progress_.to_json());
}

std::optional<engine::Json> WindowedRead::slice_done(std::size_t slice) {
  const std::lock_guard lock(mutex_);
  if (!done_.done(slice)) return std::nullopt;
  if (!progress_.advance(searches_[done_.length() - 1].until.value_or(end_))) return std::nullopt;
  return progress_.to_json();
}

engine::Json WindowedRead::initial_state() const {
  const std::lock_guard lock(mutex_);
  return progress_.to_json();
}

engine::Json WindowedRead::final_state() {
  const std::lock_guard lock(mutex_);
  progress_.finish();
  return progress_.to_json();
}

}  // namespace engagement::sprinklr
