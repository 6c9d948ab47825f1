#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "engine/stream_context.hpp"
#include "sources/kustomer/id_set.hpp"
#include "sources/kustomer/organisation.hpp"
#include "sources/kustomer/search/page_relay.hpp"
#include "sources/kustomer/search/search_page.hpp"
#include "sources/kustomer/search/sightings.hpp"

namespace engagement::kustomer {

// How one slice of a stream is searched for.
struct SearchSetup {
  const RoleCaller& caller;
  const SearchTarget& target;
  bool archived = false;  // in the archive search, for what was not updated for two years
  std::size_t page_size = 500;
  bool include_deleted = true;
  // The contexts that part the target's own, "kobject_order", asked for where a tick holds too much; may be empty.
  std::function<std::vector<std::string>(const std::stop_token&)> narrower_contexts{};
  // Whether a row that an overlapping slice may deliver too is this one's; may be empty.
  std::function<bool(const SearchRow&)> claim{};
  // Called with the number of rows that a window has, as soon as it is known; may be empty.
  std::function<void(std::size_t)> expect{};
};

// Reads every row of a period, however the search behaves. What it stands on:
//
// - One answer is a view of one moment, sorted by the time of change. Of a full page with the last tick t, everything
//   before t has been seen; the next search begins at t, inclusive, so a page number is not needed and a row that
//   leaves the period (because it is updated) moves no other row out of sight. The rows of t that came already are
//   known by id and come no second time. A row at the end of a page that shows a change past the period, of which the
//   search does not know yet, is nothing to go on from.
// - Where a whole page is of one tick, that tick is read by page numbers, with the largest pages there are. Equal
//   rows may come in another order in each answer, so what counts is that as many different ids came as the search has
//   rows; else, or where that total may be capped, the tick is parted by the time of creation until each part can be
//   read, then by klass, then read again and again. A tick that cannot be read whole is a system ConnectorError that
//   names it; one whose rows keep leaving it, or of which more is told than there is, a transient one.
// - At the end of a window the rows delivered are counted against what the search says it has; a difference is looked
//   for by counting parts (where totals are capped, piece by piece), read once more, and otherwise a failure. Within a
//   window a page is safe to go on from where the rows before it and those left add up to what there was, or else where
//   counting the rows before it says so, which is done every kPagesPerProof pages and before a crowded tick.
// - An answer that timed out is asked for again, and then by halves; one that is out of order, by halves. An empty
//   answer ends nothing as long as it promises more: it is asked for again, and then by halves. A 404 ends the pages of
//   that search, not the data. An answer that says nothing of more is followed by the next search until one brings
//   nothing new.
//
// Memory: two pages; the ids of one tick, 16 to 64 bytes each, at most kMostIdsOfATick, and 64 bytes for each row of
// the part of it that is read by pages; a mark for each page of a window, at most kMostMarks. Called on the relay's
// producer thread.
class SearchReader {
 public:
  static constexpr std::size_t kMostIdsOfATick = 500'000;
  static constexpr std::size_t kMostMarks = 4096;
  // Of at most 500 rows each, with one in common: fewer rows than a capped total.
  static constexpr int kPagesPerProof = 20;

  SearchReader(const SearchSetup& setup, PageRelay<SearchPage>& relay, engine::StreamContext& context,
               const std::stop_token& stop)
      : setup_(setup), relay_(relay), context_(context), stop_(stop) {}

  // Everything in a period that has ended. REQUIRES range.to.
  void read_window(const TickRange& range);
  // Everything from `from` on, until the search has nothing more; or, where rows change faster than they can be read,
  // some way past the moment at which it began.
  void read_to_the_end(SystemTime from);

 private:
  enum class Fetched { rows, timed_out, past_the_end };
  // What a series of answers about the same rows has shown.
  struct Round {
    Sightings rows;
    bool whole = false;       // one answer had everything
    bool full = false;        // the last answer's page was full
    bool promised = false;    // it had a link to another
    bool more = true;         // there is another page, as far as can be told
    bool cut = false;         // such a page was not served
    bool capped = false;      // a total was
    bool said_last = false;   // the last answer said that there is no other
    std::uint64_t order = 0;  // of the rows of the last sweep
    std::vector<SystemTime> created;
    bool undated = false;  // a row had no time of creation

    void add(const SearchPage& page, int number);
    // Nothing tells how many rows there are.
    bool uncounted() const { return !rows.most() && !capped; }
    // As many rows as a capped total says at least, and the last page says that it is: at the cap there would be
    // another.
    bool served_the_cap() const { return capped && said_last && rows.size() == kCappedTotal; }
    bool complete() const { return whole || (!more && !rows.more_than_told() && rows.all()); }
  };
  struct Mark {
    SystemTime at;
    std::size_t before;  // rows delivered that changed before it
  };

  void read(TickRange range);
  void read_in_halves(TickRange range);
  void refuse_odd(const TickRange& range, const SearchPage& page, bool whole) const;
  bool has_second_page(const TickRange& range);
  void advance(TickRange& range, SystemTime last);
  void expect(const TickRange& range, const SearchPage& page);
  bool is_proven(const TickRange& range, const SearchPage& page);
  bool count_through(SystemTime moment);
  std::size_t delivered_before(SystemTime tick) const;

  void read_tick(SystemTime tick);
  std::size_t read_part(const SearchQuery& query, bool try_pages);
  std::size_t read_parts(const SearchQuery& whole, const std::vector<SearchQuery>& parts, bool try_pages, bool undated);
  std::vector<SearchQuery> parts_by_creation(const SearchQuery& query, std::vector<SystemTime> created) const;
  std::vector<SearchQuery> parts_by_context(const SearchQuery& query) const;
  std::size_t read_again_and_again(const SearchQuery& query);
  void sweep(const SearchQuery& query, int first_page, int last_page, Round& round);
  ConnectorError unread_rows(const SearchQuery& query, const Round& round) const;

  void verify(const TickRange& range);
  void verify_capped(const TickRange& range);
  void verify_piece(const Mark& begin, const Mark& end);
  std::size_t read_once_more(const TickRange& part);
  std::vector<Mark>::iterator first_short_mark(const TickRange& range);
  // At least, where that is kCappedTotal. Nullopt: the search does not tell.
  std::optional<std::size_t> count(const SearchQuery& query);
  std::optional<std::size_t> counted() const;
  ConnectorError timed_out(const TickRange& range) const;
  ConnectorError rows_missing(const TickRange& range, std::size_t there, std::size_t came) const;

  Fetched fetch(const SearchQuery& query, int number, std::size_t page_size, SearchPage& page);
  std::size_t deliver(SearchPage& page);  // returns how many rows had not come before
  void deliver_of_tick(SearchPage& page);
  bool is_first_at_boundary(const SearchRow& row);
  std::string where() const;

  const SearchSetup& setup_;
  PageRelay<SearchPage>& relay_;
  engine::StreamContext& context_;
  std::stop_token stop_;

  SystemTime boundary_{SystemTime::min()};  // the last tick delivered so far, perhaps in part
  IdSet at_boundary_;                       // the ids delivered of it
  std::size_t delivered_ = 0;               // different rows of the window
  std::optional<std::size_t> expected_;     // rows that the window had, at the last proof
  std::vector<Mark> marks_;
  Mark proven_{};  // nothing before it is missing
  int pages_since_proof_ = 0;
  bool doubtful_ = false;  // the window has to be counted at its end, whatever came
  bool short_ = false;     // a count within the window found that rows are missing after the last proof
  SearchPage counted_;
  SystemTime window_begin_;
  std::optional<SystemTime> window_end_;  // while the window is read for the first time
  std::optional<SystemTime> open_since_;  // when the reading of an open period began
  int pages_past_now_ = 0;
  bool timing_out_ = false;  // the last answer timed out
};

}  // namespace engagement::kustomer
