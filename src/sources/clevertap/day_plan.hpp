#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/stream.hpp"
#include "rest/time_windows.hpp"
#include "sources/clevertap/config.hpp"

namespace engagement::clevertap {

// The days of one request, both inclusive.
struct DaySpan {
  Day first;
  Day last;
};

// The slices of a stream that reads a row of days in windows, what is done of them, and its state: the last day that is
// complete, with all before it since the start. Today never is. See docs/state.md.
class DayPlan {
 public:
  // How a period is cut.
  struct Cut {
    Period period;
    std::chrono::days window{1};
    std::chrono::days lookback{0};  // complete days that an incremental sync reads again
  };

  // Goes on from `request.state` where it is one to go on from: of an incremental sync for an incremental sync, of an
  // unfinished full refresh for a full refresh, and of the same or an earlier start. Anything else begins at the
  // period's first day. An incremental sync throws a config ConnectorError for a state that is not ours.
  DayPlan(const engine::SyncRequest& request, const Cut& cut);

  const std::vector<DaySpan>& slices() const { return slices_; }
  // Returns whether the state moved: it does when all earlier slices are done too.
  bool done(std::size_t slice);
  void finish() { finished_ = true; }
  engine::Json state() const;

 private:
  std::optional<Day> resume(const engine::Json& state);

  protocol::SyncMode mode_;
  Day start_;
  Day last_complete_;  // at most
  bool finished_ = false;
  std::optional<Day> through_;
  std::vector<DaySpan> slices_;
  rest::DonePrefix prefix_{0};
};

// A day that a state holds. Throws a config ConnectorError that says how to reset it.
Day read_state_day(const engine::Json& value, const std::string& where);

}  // namespace engagement::clevertap
