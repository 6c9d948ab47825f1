#pragma once

#include <cstddef>
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
  // Of the archive search: what lies around the line between the searches. The line moves on while a sync runs, and
  // takes rows that the standard search was still to be asked for into the archive; so this is read after that search.
  bool at_line = false;

  // Begun when all before it are done.
  bool waits() const { return open || at_line; }
};

// How far a search stream has been read. See docs/state.md.
struct SearchProgress {
  protocol::SyncMode mode = protocol::SyncMode::full_refresh;
  SystemTime start;  // the start date that it counts from
  // Everything updated before it, back to the start, has been delivered, but for what `archive_from` leaves out.
  std::optional<SystemTime> cursor;
  // The archive search is still to be read, from here on.
  std::optional<SystemTime> archive_from;
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
// rows costs one request, and then what of the archive search is near the line between the two. Not thread safe.
class SearchPlan {
 public:
  static constexpr std::size_t kMostOverlaps = 3;

  struct Options {
    std::chrono::days window{60};
    std::chrono::minutes lookback{5};
    bool archive = false;  // whether rows that were not updated for two years are asked for
    bool updates = true;   // whether rows change, so that a full refresh has to read what changed meanwhile
    SystemTime now;
  };

  // A sync that goes on from `progress`.
  SearchPlan(const SearchProgress& progress, const Options& options);
  // A given period; its progress is of no use.
  SearchPlan(const rest::TimeWindow& period, const Options& options);

  const std::vector<SearchSlice>& slices() const { return slices_; }
  const SearchProgress& progress() const { return progress_; }

  // The slice has been read. Returns whether the progress moved.
  bool done(std::size_t slice);
  // The slice's window, where it is begun at that time.
  rest::TimeWindow window_at(const SearchSlice& slice, SystemTime now) const;

  // Everything of the slice before that moment has been delivered. Returns whether the progress moved: it does in the
  // first slice that is not done.
  bool reached(std::size_t slice, SystemTime moment);
  // All slices are done.
  void finish();

  // Periods that two slices read: those of both searches, apart around the line between them, and what a full refresh
  // reads again at its end.
  const std::vector<rest::TimeWindow>& overlaps() const { return overlaps_; }

 private:
  void cut(SystemTime begin, SystemTime end, const Options& options);
  void finish(const SearchSlice& slice);
  void move_to(const SearchSlice& slice, SystemTime moment);
  std::optional<SystemTime>& position_of(const SearchSlice& slice) {
    return slice.archived ? progress_.archive_from : progress_.cursor;
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
