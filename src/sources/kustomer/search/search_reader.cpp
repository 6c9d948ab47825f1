#include "sources/kustomer/search/search_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace engagement::kustomer {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTick{1};
constexpr int kMostPages = 100;  // https://developer.kustomer.com/docs/concepts/pagination
constexpr int kTimedOutTries = 3;
constexpr int kEmptyAnswers = 2;  // to the same search
constexpr int kPagesPastNow = 100;
constexpr std::chrono::days kOpenEnd{1};

}  // namespace

void SearchReader::read_window(const TickRange& range) {
  expected_.reset();
  delivered_ = 0;
  marks_.clear();
  window_end_ = range.to;
  read(range);
  window_end_.reset();
  if (expected_ && delivered_ < *expected_) verify(range);
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
    if (!expected_ && page.total) {
      expected_ = page.total;
      if (setup_.expect) setup_.expect(*page.total);
    }
    const bool whole = page.is_whole();
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
    if (!whole && !page.sorted) return read_in_halves(range);
    if (!whole && !page.dated) {
      throw system_error(
          "Kustomer's rows have no time of change, so they cannot be read one after the other. Please "
          "report this with the log of this sync.",
          where());
    }
    if (page.first_changed() < range.from) {
      throw system_error(
          fmt::format("Kustomer answered a search for rows updated since {} with one updated at {}. Please report this "
                      "with the log of this sync.",
                      to_query_time(range.from), to_query_time(page.first_changed())),
          where());
    }
    if (nothing_missed(range, page)) page.safe_from = range.from;
    const SystemTime last = page.last_changed();
    deliver(page);
    if (whole) return;
    advance(range, last);
    if (open_since_ && range.from >= *open_since_ && ++pages_past_now_ >= kPagesPastNow) {
      context_.log(engine::LogLevel::info, "rows change faster than they are read; the next sync goes on from here");
      return;
    }
  }
}

// As many rows are left in the window as it had, less those delivered.
bool SearchReader::nothing_missed(const TickRange& range, const SearchPage& page) const {
  if (!expected_ || !page.total || !range.to || range.to != window_end_) return false;
  return *page.total + delivered_before(range.from) == *expected_;
}

std::size_t SearchReader::delivered_before(SystemTime tick) const {
  return delivered_ - (boundary_ == tick ? at_boundary_.size() : 0);
}

void SearchReader::advance(TickRange& range, SystemTime last) {
  if (last <= range.from) {
    read_tick(range.from);
    range.from += kTick;
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

void SearchReader::read_in_halves(const TickRange& range) {
  if (range.is_one_tick()) return read_tick(range.from);
  const SystemTime end = range.to.value_or(std::max(context_.environment().clock.now(), range.from + 2 * kTick));
  const SystemTime middle = range.from + (end - range.from) / 2;
  read({range.from, middle});
  read({middle, end});
  // With an end of its own, so that it can be halved; what is updated after it is the next sync's.
  if (!range.to) read({end, end + kOpenEnd});
}

bool SearchReader::has_second_page(const TickRange& range) {
  SearchPage& page = relay_.free_page();
  const auto fetched = fetch({range, {}, {}, {}}, 2, setup_.page_size, page);
  return fetched == Fetched::timed_out || (fetched == Fetched::rows && !page.rows.empty());
}

bool SearchReader::is_first_at_boundary(const SearchRow& row) {
  return row.changed != boundary_ || at_boundary_.insert(row.id);
}

void SearchReader::deliver(SearchPage& page) {
  for (auto& row : page.rows) {
    row.fresh = is_first_at_boundary(row);
    delivered_ += row.fresh ? 1 : 0;
    if (row.fresh && setup_.claim) row.fresh = setup_.claim(row);
  }
  if (page.last_changed() > boundary_) {
    boundary_ = page.last_changed();
    at_boundary_.clear();
    for (auto row = page.rows.rbegin(); row != page.rows.rend() && row->changed == boundary_; ++row) {
      at_boundary_.insert(row->id);
    }
  }
  relay_.hand_over();
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
