#pragma once

#include <optional>
#include <vector>

#include "engine/stream.hpp"
#include "rest/time_windows.hpp"
#include "sources/kustomer/config.hpp"

namespace engagement::kustomer {

// A window of time that is read as a whole, in one of the two searches.
struct SearchSlice {
  rest::TimeWindow window;
  bool archived = false;
  bool open = false;  // the last of a full refresh: what was updated since it began, without an end
};

// How far a search stream has been read. See docs/state.md.
struct SearchProgress {
  protocol::SyncMode mode = protocol::SyncMode::full_refresh;
  SystemTime start;  // the start date that it counts from
  // Everything updated before it, back to the start, has been delivered. Only set once the archive is through.
  std::optional<SystemTime> cursor;
  std::optional<SystemTime> archived_through;  // the same of the archive search
  // Of a full refresh: when it began. What is updated later is read at its end.
  SystemTime end;
  bool finished = false;

  // What `request.state` holds, if it is something to go on from: of an incremental sync for an incremental sync, of an
  // unfinished full refresh for a full refresh, and of the same or an earlier start date. Otherwise nothing read yet,
  // with `now` as its end. An incremental sync throws a config ConnectorError for a state that is not ours; a full
  // refresh ignores it.
  static SearchProgress resume(const engine::SyncRequest& request, SystemTime start, SystemTime now);

  engine::Json to_json() const;
};

// The slices of one sync and what is done of them: those of the archive search, where the start lies far enough back,
// then those of the standard search, from the start, because where it begins is Kustomer's affair and a window without
// rows costs one request. Not thread safe.
class SearchPlan {
 public:
  struct Options {
    std::chrono::days window{60};
    std::chrono::minutes lookback{5};
    bool archive = false;  // whether rows that were not updated for two years are asked for
    bool updates = true;   // whether rows change, so that a full refresh has to read what changed meanwhile
    SystemTime now;
  };

  // A sync that goes on from `progress`.
  SearchPlan(SearchProgress progress, const Options& options);
  // A given period; its progress is of no use.
  SearchPlan(const rest::TimeWindow& period, const Options& options);

  const std::vector<SearchSlice>& slices() const { return slices_; }
  const SearchProgress& progress() const { return progress_; }

  // The slice has been read. Returns whether the progress moved.
  bool done(std::size_t slice);
  // Everything of the slice before that moment has been delivered. Returns whether the progress moved: it does in the
  // first slice that is not done.
  bool reached(std::size_t slice, SystemTime moment);
  // All slices are done.
  void finish();

  // Periods that two slices read: where the searches meet, and what a full refresh reads again at its end.
  const std::vector<rest::TimeWindow>& overlaps() const { return overlaps_; }

 private:
  void cut(SystemTime begin, SystemTime end, std::optional<SystemTime> archive_from, const Options& options);
  void move_to(const SearchSlice& slice, SystemTime moment);
  std::optional<SystemTime>& position_of(const SearchSlice& slice) {
    return slice.archived ? progress_.archived_through : progress_.cursor;
  }

  SearchProgress progress_;
  std::vector<SearchSlice> slices_;
  std::vector<rest::TimeWindow> overlaps_;
  rest::DonePrefix done_{0};
};

// Rows not updated since are in the archive search alone: two years ago.
// https://developer.kustomer.com/kustomer-api-docs/reference/customerssearch
SystemTime archive_horizon(SystemTime now);

}  // namespace engagement::kustomer
