#include "sources/sprinklr/reports/window_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/error.hpp"
#include "core/time_text.hpp"
#include "engine/read_ahead.hpp"
#include "json/canonical_hash.hpp"
#include "sources/sprinklr/reports/row_maker.hpp"

namespace engagement::sprinklr {

namespace {

using rest::Action;
using std::chrono::seconds;

constexpr std::size_t kSmallestPage = 5;
constexpr seconds kLongestPause{60};

std::optional<bool> says_more(const rest::Page& page) {
  auto word = page.text("data.hasMore");
  if (!word) word = page.text("hasMore");
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

// Rows stand side by side in an answer. REQUIRES: there are some.
std::uint64_t hash_of_rows(const rest::Page& page) {
  const char* begin = page.records().front().text.data();
  const std::string_view last = page.records().back().text;
  return json::hash_bytes({begin, last.data() + last.size()}).low;
}

// A page's size that is a step smaller; of an even number half.
std::size_t smaller(std::size_t size) { return std::max(kSmallestPage, size / 2); }

// Fetches one window's pages in their order; what a ReadAhead runs.
class WindowFetcher {
 public:
  WindowFetcher(const ReportSource& source, SystemTime begin, SystemTime end, WindowPages& buffers,
                engine::StreamContext& context, WindowOutcome& outcome)
      : source_(source),
        begin_(begin),
        end_(end),
        buffers_(buffers),
        context_(context),
        outcome_(outcome),
        size_(source.page_size) {}

  bool operator()(FetchedPage& fetched, const std::stop_token& stop) {
    if (ended_) return false;
    if (!(next_row_ == 0 ? fetch_first(fetched, stop) : fetch_next(fetched, stop))) {
      outcome_ = WindowOutcome::too_big;  // read by the consumer's thread after this one has ended
      return false;
    }
    if (ended_) return false;
    const std::size_t rows = fetched.page.records().size();
    const auto more = says_more(fetched.page);
    if (rows == 0) {
      // An empty page that promises more is passed, but not twice in a row.
      ended_ = more != true || std::exchange(last_was_empty_, true);
    } else {
      last_was_empty_ = false;
      ended_ = !more.value_or(rows >= size_);
      seen_.insert(hash_of_rows(fetched.page));
    }
    next_row_ = (next_row_ / size_ + 1) * size_;  // also behind a short page
    return true;
  }

 private:
  // False: the window is too big.
  bool fetch_first(FetchedPage& fetched, const std::stop_token& stop) {
    for (;;) {
      const std::size_t size = size_;
      if (!fetch(0, fetched.page, stop)) return false;
      if (size != size_) continue;
      fetched.skipped = 0;
      if (fetched.page.records().size() < size_ || says_more(fetched.page) == false) return true;
      const std::size_t last = kMostRows / size_ - 1;
      if (last == 0) return true;
      rest::Page& probe = buffers_[1].page;  // as yet nobody else uses it
      if (!is_full(last, probe, stop)) {
        if (too_big_) return false;
        if (size == size_) return true;
        continue;  // a smaller page by now: the first one no longer fits to the others
      }
      // Not every report has the limit: the pages beyond it tell. Which row of a page counts is not documented, the
      // last, the first or the one before; the second page beyond it is refused in each case.
      for (const std::size_t beyond : {last + 1, last + 2}) {
        const bool full = is_full(beyond, probe, stop);
        if (too_big_) return false;
        if (size != size_) break;
        if (!full || beyond == last + 2) return true;
      }
    }
  }

  // Whether a page is full; too_big_ is set where Sprinklr does not serve it.
  bool is_full(std::size_t index, rest::Page& page, const std::stop_token& stop) {
    if (!fetch(index, page, stop)) {
      too_big_ = true;
      return false;
    }
    return page.records().size() >= size_ && says_more(page) != false;
  }

  // Sets ended_ where what comes is only a page that has come before.
  bool fetch_next(FetchedPage& fetched, const std::stop_token& stop) {
    for (;;) {
      const std::size_t size = size_;
      const std::size_t index = next_row_ / size;
      if (!fetch(index, fetched.page, stop)) return false;
      if (size == size_ && next_row_ >= told_apart_until_ && is_repeat(fetched.page)) {
        // Perhaps only once.
        context_.wait(seconds(1), engine::WaitReason::retry, stop);
        if (!fetch(index, fetched.page, stop)) return false;
        if (size == size_ && is_repeat(fetched.page)) ended_ = !goes_on_behind(index, fetched.page, stop);
      }
      if (size != size_) continue;  // other bounds by now
      fetched.skipped = std::min(next_row_ - index * size, fetched.page.records().size());
      return true;
    }
  }

  bool is_repeat(const rest::Page& page) const { return !page.records().empty() && seen_.contains(hash_of_rows(page)); }

  // Pages can be equal because their rows are, or because Sprinklr hands out one page for ever; only a later page
  // tells. So these are asked for, ever farther away. False: all of them are repeats, and none promises more. Throws
  // where they promise more. A size_ that changes meanwhile is for the caller to see.
  bool goes_on_behind(std::size_t index, const rest::Page& repeated, const std::stop_token& stop) {
    const std::size_t size = size_;
    bool promised = says_more(repeated) == true;
    if (says_more(repeated) == false) return true;
    rest::Page probe;
    for (std::size_t step = 1; step <= kMostRows / size; step *= 2) {
      const bool served = fetch(index + step, probe, stop);
      if (size != size_ || (!served && step == 1)) return true;  // fetched next, and found to be too big there
      if (!served) break;
      if (!is_repeat(probe) || says_more(probe) == false) {
        told_apart_until_ = (index + step) * size;
        return true;
      }
      promised = promised || says_more(probe) == true;
    }
    if (promised) {
      throw transient_error(
          fmt::format("Sprinklr sends the same page of the report \"{}\" again and again and says that there are more.",
                      source_.report.name),
          fmt::format("page {} from {}", index, to_rfc3339(begin_)));
    }
    context_.warn_once("repeated page",
                       "Sprinklr sent a page of rows again where the next ones were asked for; it is taken for the end "
                       "of the window");
    return false;
  }

  // Leaves the page's rows in `page`. False: Sprinklr does not serve so many rows. After a gateway's second timeout in
  // a row size_ is smaller, and it is for the caller to see which page it wants now: then `page` has no rows.
  bool fetch(std::size_t index, rest::Page& page, const std::stop_token& stop) {
    static const rest::PageShape shape = report_page_shape();
    const auto& account = source_.caller.account();
    const std::string path = report_path(source_.report);
    for (int timeouts = 0;; ++timeouts) {
      const auto request = account.post(path, report_body(source_.report, source_.zone, {begin_, end_, index, size_}));
      const auto& caller = size_ > kSmallestPage ? source_.caller.caller() : source_.patient.caller();
      rest::Answer answer;
      const auto action = rest::call_page(caller, request, "POST " + path, shape, report_judge(source_.report), page,
                                          answer, context_, stop);
      if (action == Action::ok) {
        pauses_ = 0;
        return true;
      }
      if (action != Action::split || answer.status != 504) return false;
      context_.wait(std::min(kLongestPause, seconds(1 << std::min(pauses_++, 6))), engine::WaitReason::retry, stop);
      if (timeouts == 0) continue;
      size_ = smaller(size_);
      source_.page_size = size_;
      context_.log(
          engine::LogLevel::info,
          fmt::format("Sprinklr takes too long for a page (HTTP 504); asking for {} rows at a time from now on",
                      size_));
      return true;
    }
  }

  const ReportSource& source_;
  const SystemTime begin_;
  const SystemTime end_;
  WindowPages& buffers_;
  engine::StreamContext& context_;
  WindowOutcome& outcome_;
  std::size_t size_;
  std::size_t next_row_ = 0;          // its number in the window
  std::size_t told_apart_until_ = 0;  // before this row pages that repeat others are rows of their own
  bool ended_ = false;
  bool last_was_empty_ = false;
  bool too_big_ = false;
  int pauses_ = 0;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace

WindowOutcome read_report_window(const ReportSource& source, SystemTime begin, SystemTime end, WindowPages& buffers,
                                 RowConsumer& consumer, engine::StreamContext& context, const std::stop_token& stop) {
  auto outcome = WindowOutcome::read;
  {
    engine::ReadAhead<FetchedPage> pages(WindowFetcher(source, begin, end, buffers, context, outcome), stop, buffers);
    while (const FetchedPage* fetched = pages.next()) {
      ++context.counts().pages;
      context.repaired(fetched->page.repairs());
      consumer.page(fetched->page, fetched->skipped);
    }
  }
  return outcome;
}

}  // namespace engagement::sprinklr
