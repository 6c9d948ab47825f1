#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "engine/stream.hpp"
#include "engine/stream_context.hpp"

namespace engagement::engine {

// The work of one stream's sync as tasks that workers take: first the beginning, which cuts the slices, then a task for
// each slice, several where a slice waits in between. Keeps the promises about states: none after a failure, none
// before its records. Thread safe.
class StreamTasks {
 public:
  enum class Kind { nothing_now, nothing_more, begin, slice };
  struct Task {
    Kind kind = Kind::nothing_more;
    std::size_t slice = 0;
    std::optional<SteadyTime> not_before;  // of nothing_now: when a slice that waits is due
  };

  StreamTasks(Environment& environment, Logger& logger, protocol::Writer& writer,
              const protocol::ConfiguredStream& configured, bool report_drift)
      : context_(environment, logger, writer, configured, report_drift) {}

  // Without a stream (the source does not have it) the first task fails; `hint` is which one may have been meant.
  void set_missing(std::string hint) { hint_ = std::move(hint); }
  // REQUIRES: with `request.backfill`, `request.state` is what goes out again at the end.
  void set_stream(Stream& stream, SyncRequest request);

  Task take();
  // Does the task; never throws.
  void perform(const Task& task, const std::stop_token& stop);

  // After all workers have ended: a stream that was begun and is not done is INCOMPLETE.
  void close();

  const StreamContext& context() const { return context_; }
  const std::optional<ConnectorError>& failure() const { return failure_; }
  bool complete() const { return complete_; }

 private:
  void attempt(const Task& task, const std::stop_token& stop);
  void begin(const std::stop_token& stop);
  void read_slice(std::size_t slice, const std::stop_token& stop);
  Task take_slice();
  void finish_if_done();
  void fail(const ConnectorError& error);
  void say_incomplete();

  StreamContext context_;
  Stream* stream_ = nullptr;
  std::string hint_;  // without a stream
  SyncRequest request_;
  Json given_state_ = Json::object();  // of a backfill

  std::mutex mutex_;
  std::unique_ptr<StreamRead> read_;
  bool begun_ = false;
  std::size_t slices_ = 0;
  std::size_t next_slice_ = 0;
  struct Waiting {
    std::size_t slice;
    SteadyTime due;
  };
  std::vector<Waiting> waiting_;
  std::size_t slices_done_ = 0;
  std::size_t under_way_ = 0;  // tasks taken and not yet performed
  bool complete_ = false;
  bool incomplete_ = false;  // has been said
  std::optional<ConnectorError> failure_;
  std::stop_source give_up_;  // tells the stream's other slices that it has failed
};

}  // namespace engagement::engine
