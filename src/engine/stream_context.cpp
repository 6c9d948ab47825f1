#include "engine/stream_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace engagement::engine {

namespace {

constexpr std::chrono::seconds kAnnouncedWait{10};
// The platform counts silence in whole minutes; ten of them are never reached.
constexpr std::chrono::seconds kLongestSilence{590};
constexpr std::chrono::milliseconds kWaitStep = std::chrono::seconds(10);

// What a progress display shows while there is a wait, also when it is broken off.
class Waiting {
 public:
  Waiting(std::atomic<std::int64_t>& shown, SystemTime until) : shown_(shown) {
    shown_ = until.time_since_epoch().count();
  }
  ~Waiting() { shown_ = 0; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  std::atomic<std::int64_t>& shown_;
};

}  // namespace

StreamContext::StreamContext(Environment& environment, Logger& logger, protocol::Writer& writer,
                             const protocol::ConfiguredStream& stream, bool report_drift)
    : Context(environment),
      logger_(logger),
      writer_(writer),
      stream_(stream),
      last_sign_of_life_(environment.clock.steady_now()) {
  if (report_drift) drift_.emplace(stream.json_schema);
}

void StreamContext::log(LogLevel level, std::string_view text) {
  logger_.log(level, fmt::format("{}: {}", stream_.descriptor.name, text));
}

void StreamContext::warn_once(std::string_view key, std::string_view text) {
  logger_.warn_once(fmt::format("{}/{}", stream_.descriptor.name, key),
                    fmt::format("{}: {}", stream_.descriptor.name, text));
}

void StreamContext::wait(std::chrono::milliseconds duration, WaitReason reason, const std::stop_token& stop) {
  Clock& clock = environment().clock;
  const SystemTime until = clock.now() + duration;
  if (reason == WaitReason::rate_limit && duration >= kAnnouncedWait) announce_limit(until);
  const Waiting shown(counts_.waiting_until_ms, until);
  while (duration.count() > 0) {
    const auto step = std::min(duration, kWaitStep);
    clock.wait_for(step, stop);
    duration -= step;
    beat_if_silent();
  }
}

void StreamContext::answered(const http::Response& response) {
  ++counts_.requests;
  counts_.wire_bytes += response.wire_bytes;
  counts_.body_bytes += response.body.size();
  beat_if_silent();  // a transfer may have taken minutes
}

void StreamContext::write_records(std::string_view lines, std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  running();
  writer_.write_records(lines);
  records_since_state_ += count;
  counts_.records += count;
  last_sign_of_life_ = environment().clock.steady_now();
  // Records of a page that was there before the wait began have just revoked its announcement.
  if (limited_until_ && *limited_until_ > environment().clock.now()) announce(*limited_until_);
}

void StreamContext::announce_limit(SystemTime until) {
  const std::lock_guard lock(mutex_);
  limited_until_ = until;
  announce(until);
}

void StreamContext::announce(SystemTime until) {
  writer_.write(protocol::rate_limited_message(stream_.descriptor, until, environment().clock.now()));
}

void StreamContext::started() {
  writer_.write(
      protocol::stream_status_message(stream_.descriptor, protocol::StreamStatus::started, environment().clock.now()));
}

void StreamContext::running() {
  if (std::exchange(running_, true)) return;
  writer_.write(
      protocol::stream_status_message(stream_.descriptor, protocol::StreamStatus::running, environment().clock.now()));
}

void StreamContext::set_initial_state(Json state) {
  const std::lock_guard lock(mutex_);
  last_state_ = std::move(state);
  last_state_written_ = false;
}

void StreamContext::close_checkpoints() {
  const std::lock_guard lock(mutex_);
  checkpoints_closed_ = true;
}

void StreamContext::checkpoint(const Json& state) {
  const std::lock_guard lock(mutex_);
  if (checkpoints_closed_) return;
  running();
  write_state(state);
}

void StreamContext::complete(const Json& final_state) {
  const std::lock_guard lock(mutex_);
  running();
  // The last checkpoint may already say it all.
  if (!last_state_written_ || records_since_state_ > 0 || last_state_ != final_state) write_state(final_state);
  writer_.write(
      protocol::stream_status_message(stream_.descriptor, protocol::StreamStatus::complete, environment().clock.now()));
}

void StreamContext::complete_backfill(const Json& given) {
  const std::lock_guard lock(mutex_);
  running();
  // As a first state: whatever heartbeats came before, this one has no `beat`.
  last_state_written_ = false;
  write_state(given);
  writer_.write(
      protocol::stream_status_message(stream_.descriptor, protocol::StreamStatus::complete, environment().clock.now()));
}

void StreamContext::estimate(std::uint64_t rows) {
  writer_.write(protocol::estimate_message(stream_.descriptor, rows, environment().clock.now()));
}

void StreamContext::incomplete() {
  const std::lock_guard lock(mutex_);
  writer_.write(protocol::stream_status_message(stream_.descriptor, protocol::StreamStatus::incomplete,
                                                environment().clock.now()));
}

void StreamContext::write_state(Json state) {
  beat_ = last_state_written_ && last_state_ == state ? beat_ + 1 : 0;
  last_state_ = state;
  last_state_written_ = true;
  if (beat_ > 0) state["beat"] = beat_;
  writer_.write(protocol::state_message(stream_.descriptor, std::move(state), records_since_state_));
  records_since_state_ = 0;
  last_sign_of_life_ = environment().clock.steady_now();
}

void StreamContext::end_states() {
  const std::lock_guard lock(mutex_);
  checkpoints_closed_ = true;
  last_state_.reset();
}

void StreamContext::beat_if_silent() {
  const std::lock_guard lock(mutex_);
  if (!last_state_ || environment().clock.steady_now() - last_sign_of_life_ < kLongestSilence) return;
  running();
  if (!last_state_written_) {
    last_state_written_ = true;
    beat_ = 0;
  }
  write_state(*last_state_);
}

void StreamContext::repaired(const json::Repairs& repairs) {
  if (repairs.total() == 0) return;
  const std::lock_guard lock(mutex_);
  repairs_ += repairs;
}

void StreamContext::report() {
  log(LogLevel::info,
      fmt::format("{} records, {} pages, {} requests, {:.1f} MB", counts_.records.load(), counts_.pages.load(),
                  counts_.requests.load(), static_cast<double>(counts_.body_bytes.load()) / 1e6));
  if (repairs_.total() > 0) {
    log(LogLevel::warn,
        fmt::format(
            "{} characters that strict readers refuse were replaced or escaped, in their records alone: {} invalid "
            "UTF-8 sequences and {} lone surrogates (now U+FFFD), {} control characters and {} line separators "
            "(now escaped)",
            repairs_.total(), repairs_.invalid_utf8, repairs_.lone_surrogates, repairs_.control_characters,
            repairs_.line_separators));
  }
  if (!drift_) return;
  for (const auto& sentence : drift_->sentences()) log(LogLevel::warn, "schema drift: " + sentence);
}

}  // namespace engagement::engine
