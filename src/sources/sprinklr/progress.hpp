#pragma once

#include <chrono>
#include <optional>

#include "engine/stream.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// How far a stream has been read: everything from the start date to `through`. See docs/state.md.
class Progress {
 public:
  // The progress that the state holds, if it is one to go on from. An incremental sync throws a config ConnectorError
  // for a state that is not ours; a full refresh ignores it.
  static Progress resume(const engine::SyncRequest& request, Day start);

  // Where this sync begins: a full refresh where it stopped, an incremental sync as many days before.
  SystemTime resume_at(const Period& period, const TimeZone& zone, std::chrono::days lookback) const;

  const std::optional<SystemTime>& through() const { return through_; }

  // Returns whether this moved it. It never goes back: days that are read again have been read before.
  bool advance(SystemTime through);
  void finish() { finished_ = true; }
  engine::Json to_json() const;

 private:
  Progress(protocol::SyncMode mode, Day start) : mode_(mode), start_(start) {}

  protocol::SyncMode mode_;
  Day start_;
  std::optional<SystemTime> through_;
  bool finished_ = false;
};

}  // namespace engagement::sprinklr
