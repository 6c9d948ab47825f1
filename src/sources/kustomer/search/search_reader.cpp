#include "sources/kustomer/search/search_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace engagement::kustomer {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTick{1};
constexpr int kTimedOutTries = 3;
constexpr int kEmptyAnswers = 2;  // to the same search
constexpr int kPagesPastNow = 100;
constexpr std::chrono::hours kFarFromNow{24};  // no clock is so far ahead that rows are later

}  // namespace

void SearchReader::read_window(const TickRange& range) {
  expected_.reset();
  delivered_ = 0;
  marks_.clear();
  proven_ = {range.from, 0};
  pages_since_proof_ = 0;
  doubtful_ = false;
  short_ = false;
  window_begin_ = range.from;
  window_end_ = range.to;
  read(range);
  window_end_.reset();
  if (doubtful_ || (expected_ && delivered_ < *expected_)) verify(range);
}

void SearchReader::read_to_the_end(SystemTime from) {
  expected_.reset();
  open_since_ = context_.environment().clock.now();
  read({from, std::nullopt});
}

void SearchReader::read(TickRange range) {
  int empty_answers = 0;
  while (!range.empty()) {
    SearchPage& page = relay_.free_page();
    if (fetch({range, {}, {}, {}}, 1, setup_.page_size, page) == Fetched::timed_out) return read_in_halves(range);
    expect(range, page);
    const bool whole = page.is_whole() && (page.rows.empty() || !page.unlabelled);
    if (page.rows.empty()) {
      if (whole) return;
      if (++empty_answers < kEmptyAnswers) {
        context_.wait(seconds(1), engine::WaitReason::retry, stop_);
        continue;
      }
      const bool promised = page.total.value_or(0) > 0;
      if (promised || has_second_page(range)) read_in_halves(range);
      return;
    }
    empty_answers = 0;
    const bool ask_again = page.unlabelled && !page.is_full();
    const bool uncounted = open_since_ || (!page.total && !page.capped);
    if (!whole && page.is_full() && uncounted) page.drop_lone_last(range.from);
    if (!whole) page.drop_late(range.to.value_or(context_.environment().clock.now() + kTick));
    if (!whole && (!page.sorted || page.rows.empty())) return read_in_halves(range);
    refuse_odd(range, page, whole);
    const SystemTime last = page.last_changed();
    page.crowded = !whole && !ask_again && last <= range.from;
    if (is_proven(range, page)) page.safe_from = range.from;
    const std::size_t fresh = deliver(page);
    if (whole || (ask_again && fresh == 0)) return;
    if (ask_again) {
      range.from = last;
    } else {
      advance(range, last);
    }
    if (open_since_ && range.from >= *open_since_ && ++pages_past_now_ >= kPagesPastNow) {
      context_.log(engine::LogLevel::info, "rows change faster than they are read; the next sync goes on from here");
      return;
    }
  }
}

// What cannot be read one after the other.
void SearchReader::refuse_odd(const TickRange& range, const SearchPage& page, bool whole) const {
  if (!whole && !page.dated) {
    throw system_error(
        "Kustomer's rows have no time of change, so they cannot be read one after the other. Please "
        "report this with the log of this sync.",
        where());
  }
  if (page.first_changed() >= range.from) return;
  throw system_error(
      fmt::format("Kustomer answered a search for rows updated since {} with one updated at {}. Please report this "
                  "with the log of this sync.",
                  to_query_time(range.from), to_query_time(page.first_changed())),
      where());
}

void SearchReader::expect(const TickRange& range, const SearchPage& page) {
  doubtful_ = doubtful_ || page.capped;
  const bool of_window = !window_end_ || (range.from == window_begin_ && range.to == window_end_);
  if (expected_ || !page.total || !of_window || delivered_ > 0) return;
  expected_ = page.total;
  if (setup_.expect) setup_.expect(*expected_);
}

// Whether nothing of the window before range.from is missing.
bool SearchReader::is_proven(const TickRange& range, const SearchPage& page) {
  if (!window_end_ || short_) return false;
  const std::size_t before = delivered_before(range.from);
  const bool counts_the_rest = page.total && range.to == window_end_;
  if (counts_the_rest && before + *page.total == expected_) {
    proven_ = {range.from, before};
  } else if (++pages_since_proof_ < kPagesPerProof && !page.crowded) {
    return false;
  } else if (!count_through(range.from)) {
    pages_since_proof_ = 0;
    return false;
  }
  pages_since_proof_ = 0;
  // Rows have left since the window was begun.
  if (counts_the_rest) expected_ = before + *page.total;
  return true;
}

bool SearchReader::count_through(SystemTime moment) {
  const std::size_t came = delivered_before(moment) - proven_.before;
  const TickRange part{proven_.at, moment};
  if (part.empty()) return true;
  if (fetch({part, {}, {}, {}}, 1, 1, counted_) == Fetched::timed_out) return false;
  const auto there = counted();
  short_ = there && *there > came;
  doubtful_ = doubtful_ || short_;
  if (!there || short_ || *there == kCappedTotal) return false;
  proven_ = {moment, delivered_before(moment)};
  return true;
}

std::size_t SearchReader::delivered_before(SystemTime tick) const {
  return delivered_ - (boundary_ == tick ? at_boundary_.size() : 0);
}

void SearchReader::advance(TickRange& range, SystemTime last) {
  if (last <= range.from) {
    const bool proven = proven_.at == range.from;
    read_tick(range.from);
    range.from += kTick;
    if (proven) proven_ = {range.from, delivered_};
  } else {
    range.from = last;
  }
  if (open_since_) return;
  marks_.push_back({range.from, delivered_before(range.from)});
  if (marks_.size() < kMostMarks) return;
  std::size_t kept = 0;
  for (std::size_t at = 1; at < marks_.size(); at += 2) marks_[kept++] = marks_[at];
  marks_.resize(kept);
}

void SearchReader::read_in_halves(TickRange range) {
  if (range.is_one_tick()) return read_tick(range.from);
  // An open range that times out is not asked for again without an end.
  if (!range.to) range.to = std::max(context_.environment().clock.now() + kFarFromNow, range.from + 2 * kTick);
  const SystemTime middle = range.from + (*range.to - range.from) / 2;
  read({range.from, middle});
  read({middle, range.to});
}

bool SearchReader::has_second_page(const TickRange& range) {
  SearchPage& page = relay_.free_page();
  const auto fetched = fetch({range, {}, {}, {}}, 2, setup_.page_size, page);
  return fetched == Fetched::timed_out || (fetched == Fetched::rows && !page.rows.empty());
}

bool SearchReader::is_first_at_boundary(const SearchRow& row) {
  return row.changed != boundary_ || at_boundary_.insert(row.id);
}

std::size_t SearchReader::deliver(SearchPage& page) {
  std::size_t fresh = 0;
  for (auto& row : page.rows) {
    row.fresh = is_first_at_boundary(row) && !page.has_before(row);
    fresh += row.fresh ? 1 : 0;
    if (row.fresh && setup_.claim) row.fresh = setup_.claim(row);
  }
  delivered_ += fresh;
  if (page.last_changed() != boundary_) {
    boundary_ = page.last_changed();
    at_boundary_.clear();
    for (auto row = page.rows.rbegin(); row != page.rows.rend() && row->changed == boundary_; ++row) {
      at_boundary_.insert(row->id);
    }
  }
  relay_.hand_over();
  return fresh;
}

SearchReader::Fetched SearchReader::fetch(const SearchQuery& query, int number, std::size_t page_size,
                                          SearchPage& page) {
  const bool narrowed = number > 1 || query.changed.is_one_tick();
  const auto request = setup_.caller.organisation().post(
      fmt::format("/v1/customers/{}search?page={}&pageSize={}", setup_.archived ? "archive/" : "", number, page_size),
      search_body(setup_.target, query, setup_.include_deleted));
  static const rest::PageShape shape = answer_shape();
  static const rest::PageJudge judge = judge_answer;
  // After a range that timed out comes a narrower one: no use in waiting at each step.
  const int most_tries = timing_out_ ? 1 : kTimedOutTries;
  for (int tries = 1;; ++tries) {
    rest::Answer answer;
    const auto action =
        rest::call_page(setup_.caller.caller(), request, where(), shape, judge, page.page, answer, context_, stop_);
    if (action == rest::Action::ok) break;
    if (action == rest::Action::skip && number > 1) return Fetched::past_the_end;
    if (action == rest::Action::skip) {
      throw config_error(
          fmt::format("Kustomer does not know this search (HTTP 404, \"{}\"). {}", answer.text,
                      setup_.archived
                          ? "If the archive search is not part of your plan, switch off Include Archived "
                            "(include_archived)."
                          : "If the klass no longer exists, refresh the source's schema and take the stream "
                            "out of the connection."),
          where());
    }
    timing_out_ = true;
    if (tries >= most_tries) return Fetched::timed_out;
    context_.wait(seconds(tries), engine::WaitReason::retry, stop_);
  }
  timing_out_ = false;
  page.read_rows(setup_.target, query.changed.from, page_size, narrowed);
  return Fetched::rows;
}

std::string SearchReader::where() const {
  return fmt::format("POST /v1/customers/{}search ({})", setup_.archived ? "archive/" : "", setup_.target.context);
}

}  // namespace engagement::kustomer
