#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "json/canonical_hash.hpp"
#include "rest/page.hpp"
#include "sources/kustomer/search/search_query.hpp"

namespace engagement::kustomer {

// A total of just this many says no more than "at least": a search engine that does not count on (Kustomer's own web
// application asks for trackTotalHits=10000). It is also as many rows as any search has been seen to serve by pages.
inline constexpr std::size_t kCappedTotal = 10'000;

struct SearchRow {
  json::RecordSlice slice;
  json::Hash128 id;                   // of its id; of the whole row where it has none
  SystemTime changed;                 // its tick: the time of change, in whole milliseconds
  std::optional<SystemTime> created;  // only where asked for
  bool fresh = true;                  // to be delivered
};

// One answer of a search. Views live until the next read.
class SearchPage {
 public:
  rest::Page page;
  std::vector<SearchRow> rows;
  std::optional<std::size_t> total;  // rows that the search has in all, says the vendor; nullopt where it is capped
  bool capped = false;               // the total is kCappedTotal
  bool has_next = false;             // links.next is set, which says little: see SearchReader
  bool said_last = false;            // links.next says that there is no other page
  bool unlabelled = false;           // neither a total nor links say whether there is more
  bool sorted = true;                // by the time of change
  bool dated = false;                // at least one row has a time of change
  bool crowded = false;              // its rows are all of one tick, and there are more
  // Everything before this moment was in the pages before this one, and nothing is missing.
  std::optional<SystemTime> safe_from;

  // Finds what the reader needs in `page`, which holds an answer. A row without a time of change gets that of the row
  // before it, the first one `unknown`. `asked` rows were asked for; the vendor may silently serve fewer a page.
  void read_rows(const SearchTarget& target, SystemTime unknown, std::size_t asked, bool with_created);

  // This answer to a first page holds every row that the search has, seen at one moment. Of an unlabelled one that is a
  // guess.
  bool is_whole() const;
  // Whether this row came before in the same page. REQUIRES one of `rows`.
  bool has_before(const SearchRow& row) const;
  bool is_full() const { return rows.size() >= page_size_; }
  // Takes the rows at its end that show a change at `limit` or later, which the search did not know of when it put them
  // there. They come again, or have left.
  void drop_late(SystemTime limit) {
    while (!rows.empty() && last_changed() >= limit) rows.pop_back();
  }
  // Takes a last row that is alone at its time. It may show a change within the period that the search does not know
  // of, too, which only a count would tell.
  void drop_lone_last(SystemTime from) {
    if (rows.size() < 2) return;
    const SystemTime before = rows[rows.size() - 2].changed;
    if (before > from && before < last_changed()) rows.pop_back();
  }
  SystemTime first_changed() const { return rows.front().changed; }
  SystemTime last_changed() const { return rows.back().changed; }

 private:
  std::size_t page_size_ = 0;
};

}  // namespace engagement::kustomer
