// The part of SearchReader that reads one crowded tick, and the part that counts.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "sources/kustomer/search/search_reader.hpp"

namespace engagement::kustomer {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kOneTick{1};
constexpr int kLastPage = 100;  // https://developer.kustomer.com/docs/concepts/pagination
// Whatever the configuration says: small pages would make a tick unreadable.
constexpr std::size_t kLargestPage = 500;
constexpr int kEmptyPages = 3;  // in a row
// A sweep of a search whose order is another one in each answer leaves a row unseen with a chance of 1/e, so this many
// without a new one say that no other will come.
constexpr int kIdleSweeps = 12;
constexpr int kIdleSweepsOfLeavingRows = 36;  // until in one of them no row leaves unseen
constexpr int kMostRepairs = 8;
constexpr std::size_t kMostInPiece = 9'000;  // rows: fewer than a capped total, with room for those that were missed

}  // namespace

void SearchReader::read_tick(SystemTime tick) {
  if (boundary_ != tick) {
    boundary_ = tick;
    at_boundary_.clear();
  }
  read_part({{tick, tick + kOneTick}, {}, {}, {}}, true);
}

// Returns how many different rows of the query were seen.
std::size_t SearchReader::read_part(const SearchQuery& query, bool try_pages) {
  Round round;
  sweep(query, 1, 1, round);
  // As many as there should be or as a page has, and a link to more: the next page tells.
  const bool short_page = round.uncounted() && !round.full;
  if (!round.complete() && (round.rows.all() || short_page)) {
    const std::size_t on_first = round.rows.size();
    sweep(query, 2, 2, round);
    round.whole = round.whole || (short_page && round.rows.size() == on_first);
  }
  if (round.complete()) return round.rows.size();
  if (try_pages && round.rows.most().value_or(0) < kCappedTotal) {
    sweep(query, 2, kLastPage, round);
    if (round.complete()) return round.rows.size();
    // Of what is too much for its pages, smaller parts are not; of what comes in another order each time, they are.
    try_pages = round.cut || round.capped;
  }
  auto parts = parts_by_creation(query, std::move(round.created));
  if (parts.empty()) parts = parts_by_context(query);
  return parts.empty() ? read_again_and_again(query) : read_parts(query, parts, try_pages, round.undated);
}

std::size_t SearchReader::read_parts(const SearchQuery& whole, const std::vector<SearchQuery>& parts, bool try_pages,
                                     bool undated) {
  std::size_t seen = 0;
  for (const auto& part : parts) seen += read_part(part, try_pages);
  const auto there = count(whole);
  const bool counts = there && *there != kCappedTotal;
  if (seen >= there.value_or(0) && (counts || !undated)) return seen;
  // Some are in no part, because they have no time of creation for example.
  const bool by_creation = parts.front().context == whole.context;
  const auto others = by_creation ? parts_by_context(whole) : std::vector<SearchQuery>();
  return others.empty() ? read_again_and_again(whole) : read_parts(whole, others, false, false);
}

std::vector<SearchQuery> SearchReader::parts_by_creation(const SearchQuery& query,
                                                         std::vector<SystemTime> created) const {
  if (created.empty()) return {};
  std::sort(created.begin(), created.end());
  // The middle one; where all that came are of one tick, that tick's beginning or its end.
  SystemTime pivot = created[created.size() / 2];
  if (pivot == created.front()) {
    const auto later = std::upper_bound(created.begin(), created.end(), pivot);
    if (later != created.end()) {
      pivot = *later;
    } else if (query.created_from == pivot) {
      pivot += kOneTick;
    }
  }
  if (query.created_to && pivot >= *query.created_to) return {};
  SearchQuery before = query;
  SearchQuery after = query;
  before.created_to = pivot;
  after.created_from = pivot;
  return {before, after};
}

std::vector<SearchQuery> SearchReader::parts_by_context(const SearchQuery& query) const {
  std::vector<SearchQuery> parts;
  if (!query.context.empty() || !setup_.narrower_contexts) return parts;
  for (const auto& context : setup_.narrower_contexts(stop_)) {
    parts.push_back(query);
    parts.back().context = context;
  }
  return parts;
}

std::size_t SearchReader::read_again_and_again(const SearchQuery& query) {
  Round round;
  for (int idle = 0; idle < (round.rows.totals_fell() ? kIdleSweepsOfLeavingRows : kIdleSweeps);) {
    const std::size_t before = round.rows.size();
    const std::uint64_t order = round.order;
    sweep(query, 1, kLastPage, round);
    if (round.complete() || round.served_the_cap()) return round.rows.size();
    // The same rows in the same order, to a page that was the last.
    if (round.uncounted() && !round.more && !round.cut && round.order == order) return round.rows.size();
    // A link to more that leads nowhere is no proof against a count that is none of a cap.
    if (round.rows.all() && !round.capped) return round.rows.size();
    idle = round.rows.size() > before ? 0 : idle + 1;
  }
  const bool nobody_counts = !round.rows.most() || round.rows.more_than_told();
  if (nobody_counts && !round.cut && !round.capped) return round.rows.size();
  throw unread_rows(query, round);
}

ConnectorError SearchReader::unread_rows(const SearchQuery& query, const Round& round) const {
  const std::size_t seen = round.rows.size();
  const std::size_t there = std::max(round.rows.most().value_or(0), round.capped ? kCappedTotal : 0);
  if (round.rows.totals_fell()) {
    return transient_error(fmt::format("Rows of {} that were updated at {} kept changing while they were read.",
                                       setup_.target.context, to_query_time(query.changed.from)),
                           where());
  }
  if (!round.cut && !round.capped) {
    const bool in_window = window_end_ && expected_ && *expected_ > delivered_;
    return in_window ? rows_missing({window_begin_, window_end_}, *expected_, delivered_)
                     : rows_missing(query.changed, there, seen);
  }
  return system_error(
      fmt::format("{}{} rows of {} were updated at {}, in one millisecond, and Kustomer's search serves {} of them, "
                  "however it is asked. Reading on would lose the others. Ask Kustomer's support to lift the limit of "
                  "the search, or move Start Date (start_date) past that moment.",
                  round.capped || there <= seen ? "At least " : "", std::max(there, seen), setup_.target.context,
                  to_query_time(query.changed.from), seen),
      where());
}

void SearchReader::sweep(const SearchQuery& query, int first_page, int last_page, Round& round) {
  if (first_page == 1) {
    round.rows.begin_sweep();
    round.order = 0;
  }
  int empty_pages = 0;
  for (int number = first_page; number <= last_page; ++number) {
    SearchPage& page = relay_.free_page();
    const auto fetched = fetch(query, number, kLargestPage, page);
    if (fetched == Fetched::past_the_end) {
      round.more = round.full && (round.promised || round.rows.size() < round.rows.most().value_or(0));
      round.cut = round.cut || round.more;
      return;
    }
    if (fetched == Fetched::timed_out) throw timed_out(query.changed);
    round.add(page, number);
    const bool empty = page.rows.empty();
    deliver_of_tick(page);
    empty_pages = empty ? empty_pages + 1 : 0;
    if (round.complete() || (empty && !round.more)) return;
    if (empty_pages == kEmptyPages) {
      round.more = false;
      return;
    }
  }
  // Past the last page that is served, links.next is set all the same.
  round.cut = round.cut || (last_page == kLastPage && round.more && round.full);
}

void SearchReader::Round::add(const SearchPage& page, int number) {
  for (const auto& row : page.rows) {
    rows.saw(row.id);
    order = order * 0x9e3779b97f4a7c15U + row.id.low;
    if (row.created) created.push_back(*row.created);
    undated = undated || !row.created;
  }
  if (page.total) rows.told(*page.total);
  whole = whole || (number == 1 && page.is_whole());
  full = page.is_full();
  promised = page.has_next;
  said_last = page.said_last;
  more = page.has_next || (!page.total && full);
  if (page.capped) rows.told_no_end();
  capped = capped || page.capped;
}

void SearchReader::deliver_of_tick(SearchPage& page) {
  bool any_fresh = false;
  for (auto& row : page.rows) {
    row.fresh = at_boundary_.insert(row.id);
    delivered_ += row.fresh ? 1 : 0;
    if (row.fresh && setup_.claim) row.fresh = setup_.claim(row);
    any_fresh = any_fresh || row.fresh;
  }
  if (at_boundary_.size() > kMostIdsOfATick) {
    throw system_error(fmt::format("More than {} rows of {} were updated at {}, in one millisecond; that is more than "
                                   "this connector keeps apart.",
                                   kMostIdsOfATick, setup_.target.context, to_query_time(boundary_)),
                       where());
  }
  if (any_fresh) relay_.hand_over();
}

// What is in the window now was there when it was read, so it has to have come: rows only leave a period of the past.
void SearchReader::verify(const TickRange& range) {
  for (int repairs = 0; repairs < kMostRepairs; ++repairs) {
    const auto there = count({range, {}, {}, {}});
    if (!there) return;
    if (*there == kCappedTotal) return verify_capped(range);
    if (*there <= delivered_) return;
    marks_.push_back({*range.to, delivered_});
    const auto short_at = first_short_mark(range);
    const bool first = short_at == marks_.begin();
    const TickRange part{first ? range.from : (short_at - 1)->at, short_at->at};
    const std::size_t had = short_at->before - (first ? 0 : (short_at - 1)->before);
    context_.log(engine::LogLevel::warn, fmt::format("{} rows are there for {}, {} of them came; reading {} again",
                                                     *there, to_text(range), delivered_, to_text(part)));
    const std::size_t again = read_once_more(part);
    const std::size_t found = again > had ? again - had : 0;
    delivered_ += found;
    marks_.pop_back();
    for (auto& mark : marks_) mark.before += mark.at >= *part.to ? found : 0;
    if (found == 0) throw rows_missing(range, *there, delivered_);
  }
  throw transient_error(fmt::format("Rows of {} for {} kept appearing that were not there before.",
                                    setup_.target.context, to_text(range)),
                        where());
}

// Reads a part of the window again and returns how many different rows came, which are not counted as the window's.
std::size_t SearchReader::read_once_more(const TickRange& part) {
  auto marks = std::move(marks_);
  const std::size_t delivered = std::exchange(delivered_, 0);
  marks_.clear();
  boundary_ = SystemTime::min();
  at_boundary_.clear();
  read(part);
  marks_ = std::move(marks);
  return std::exchange(delivered_, delivered);
}

// Where the window's rows are not counted to the end: what was not counted while it was read, in pieces that are no
// larger than a count goes.
void SearchReader::verify_capped(const TickRange& range) {
  marks_.push_back({*range.to, delivered_});
  Mark begin = proven_;
  for (std::size_t at = 0; at < marks_.size(); ++at) {
    const Mark end = marks_[at];
    const bool last = at + 1 == marks_.size();
    const bool fits = !last && marks_[at + 1].before - begin.before < kMostInPiece;
    if (end.at <= begin.at || fits) continue;
    verify_piece(begin, end);
    begin = end;
  }
}

void SearchReader::verify_piece(const Mark& begin, const Mark& end) {
  const TickRange piece{begin.at, end.at};
  const std::size_t came = end.before - begin.before;
  const auto there = count({piece, {}, {}, {}});
  if (!there || *there <= came) return;
  context_.log(engine::LogLevel::warn, fmt::format("{} rows are there for {}, {} of them came; reading them again",
                                                   *there, to_text(piece), came));
  const std::size_t again = read_once_more(piece);
  const auto left = count({piece, {}, {}, {}});
  if (left && *left > again) throw rows_missing(piece, *left, again);
}

ConnectorError SearchReader::rows_missing(const TickRange& range, std::size_t there, std::size_t came) const {
  return transient_error(
      fmt::format("Kustomer's search says that it has {} rows of {} for {}, but {} of them came, and asking again "
                  "brought no more. Going on would lose the others. Report it to Kustomer if it stays.",
                  there, setup_.target.context, to_text(range), came),
      where());
}

ConnectorError SearchReader::timed_out(const TickRange& range) const {
  return transient_error(fmt::format("Kustomer's search for {} updated at {} timed out again and again.",
                                     setup_.target.context, to_text(range)),
                         where());
}

// The first moment before which fewer rows came than are there. The last mark is such a one.
std::vector<SearchReader::Mark>::iterator SearchReader::first_short_mark(const TickRange& range) {
  auto first = marks_.begin();
  auto last = marks_.end() - 1;
  while (first < last) {
    const auto middle = first + (last - first) / 2;
    if (count({{range.from, middle->at}, {}, {}, {}}).value_or(0) > middle->before) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return first;
}

std::optional<std::size_t> SearchReader::count(const SearchQuery& query) {
  if (query.changed.empty()) return 0;
  if (fetch(query, 1, 1, counted_) == Fetched::timed_out) throw timed_out(query.changed);
  return counted();
}

std::optional<std::size_t> SearchReader::counted() const {
  if (counted_.capped) return kCappedTotal;
  if (counted_.total || counted_.rows.empty()) return counted_.total.value_or(0);
  return std::nullopt;
}

}  // namespace engagement::kustomer
