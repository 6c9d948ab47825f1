#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/context.hpp"
#include "engine/drift.hpp"
#include "engine/logger.hpp"
#include "engine/stream.hpp"
#include "json/structural_index.hpp"
#include "protocol/writer.hpp"

namespace engagement::engine {

// Numbers of one stream's sync, read at any time by whoever shows progress.
struct StreamCounts {
  std::atomic<std::uint64_t> records = 0;
  std::atomic<std::uint64_t> pages = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> wire_bytes = 0;
  std::atomic<std::uint64_t> body_bytes = 0;
  std::atomic<std::int64_t> waiting_until_ms = 0;  // UTC; 0: not waiting
};

// One stream while it is read: its messages in their legal order, its checkpoints, its statistics. Thread safe.
//
//   STARTED, RUNNING (at the first record, at the latest before COMPLETE), records and states, then COMPLETE or
//   INCOMPLETE. A state is written after the records it covers, carries how many records came since the one before, and
//   never repeats the one before: where its content is the same, `beat` counts up.
class StreamContext final : public Context {
 public:
  StreamContext(Environment& environment, Logger& logger, protocol::Writer& writer,
                const protocol::ConfiguredStream& stream, bool report_drift);

  const protocol::ConfiguredStream& stream() const { return stream_; }
  const StreamCounts& counts() const { return counts_; }
  StreamCounts& counts() { return counts_; }

  void log(LogLevel level, std::string_view text) override;
  void warn_once(std::string_view key, std::string_view text) override;
  // Waits of ten seconds or more for a rate limit are announced; when nothing has reached the platform for ten minutes,
  // the last state is repeated with a higher `beat`, because only records and states keep a sync alive.
  void wait(std::chrono::milliseconds duration, WaitReason reason, const std::stop_token& stop) override;
  void answered(const http::Response& response) override;

  // Called by RecordBatch.
  void write_records(std::string_view lines, std::uint64_t count);

  void started();
  // The state to repeat while nothing has been delivered yet.
  void set_initial_state(Json state);
  // Ignored once close_checkpoints() or end_states() was called. A stream may call it itself, from a slice that it is
  // reading.
  void checkpoint(const Json& state);
  // Its states are not its own (a backfill's): of checkpoints none is written, the initial state still is as a
  // heartbeat.
  void close_checkpoints();
  // The stream has failed: no state follows, a heartbeat neither.
  void end_states();
  void complete(const Json& final_state);
  // The end of a backfill: `given`, the state that came in, goes out as it was.
  void complete_backfill(const Json& given);
  void incomplete();

  // How many records the stream will have in all, where the vendor says so; a later call replaces an earlier one.
  void estimate(std::uint64_t rows);

  void repaired(const json::Repairs& repairs);
  // What arrived that the catalog does not know; nullptr when it is not to be reported.
  DriftReport* drift() { return drift_ ? &*drift_ : nullptr; }
  // Logs drift and repairs, once, at the stream's end.
  void report();

 private:
  void write_state(Json state);
  void beat_if_silent();
  void running();
  void announce_limit(SystemTime until);
  void announce(SystemTime until);

  Logger& logger_;
  protocol::Writer& writer_;
  const protocol::ConfiguredStream& stream_;
  StreamCounts counts_;
  std::optional<DriftReport> drift_;

  std::mutex mutex_;
  bool running_ = false;
  std::uint64_t records_since_state_ = 0;
  std::optional<Json> last_state_;  // without `beat`
  bool last_state_written_ = false;
  bool checkpoints_closed_ = false;
  std::uint64_t beat_ = 0;
  SteadyTime last_sign_of_life_;
  std::optional<SystemTime> limited_until_;  // the end of the last wait that was announced
  json::Repairs repairs_;
};

}  // namespace engagement::engine
