#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/stream.hpp"
#include "sources/clevertap/config.hpp"

namespace engagement::clevertap {

// The days one export asks for, both inclusive, and the event.
struct EventSlice {
  std::string event;
  Day first;
  Day last;
};

// How far each event has been read: the last day that is complete. Today never is. See docs/state.md.
class EventProgress {
 public:
  explicit EventProgress(protocol::SyncMode mode, Day start) : mode_(mode), start_(start) {}

  // The progress that `state` holds, if it is one to go on from: of an incremental sync for an incremental sync, of an
  // unfinished full refresh for a full refresh, and of the same or an earlier start. Otherwise progress that has not
  // begun. An incremental sync throws a config ConnectorError for a state that is not ours; a full refresh ignores it.
  static EventProgress resume(const engine::SyncRequest& request, Day start);

  std::optional<Day> complete_through(const std::string& event) const;
  // Returns whether this moved it.
  bool advance(const std::string& event, Day through);
  void finish() { finished_ = true; }

  engine::Json to_json() const;

 private:
  static EventProgress read(const engine::Json& state, protocol::SyncMode mode);

  protocol::SyncMode mode_;
  Day start_;
  bool finished_ = false;
  std::map<std::string, Day> through_;
};

// The slices of one sync and what is done of them. `window`: days in a slice; nullopt: one slice for each event.
class EventPlan {
 public:
  EventPlan(const std::vector<std::string>& events, const Config& config, const Period& period,
            std::optional<std::chrono::days> window, EventProgress progress, protocol::SyncMode mode);

  const std::vector<EventSlice>& slices() const { return slices_; }

  // The slice has been read. Returns whether the progress moved: it does when all earlier slices of its event are done
  // too. A slice that was skipped is never done, so its event begins there again next time.
  bool done(std::size_t slice);

  EventProgress& progress() { return progress_; }
  const EventProgress& progress() const { return progress_; }

 private:
  // The slices of one event lie side by side.
  struct EventRun {
    std::size_t next_undone;
    std::size_t end;
  };

  Period period_;
  EventProgress progress_;
  std::vector<EventSlice> slices_;
  std::vector<char> done_;
  std::map<std::string, EventRun> runs_;
};

}  // namespace engagement::clevertap
