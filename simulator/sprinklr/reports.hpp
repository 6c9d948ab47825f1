#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "simulator/common/blob_cache.hpp"
#include "simulator/sprinklr/present.hpp"
#include "simulator/sprinklr/report_cells.hpp"

namespace engagement::simulator::sprinklr {

// What one call is answered with.
struct ReportPage {
  std::shared_ptr<const ReportCells> cells;
  std::shared_ptr<const Blob> rows;  // the rows' texts, joined by commas; null past the last page
  std::uint64_t count = 0;           // of them
  std::uint64_t total = 0;           // rows that the query has in all
  bool has_more = false;
};

// Runs report queries over the corpus. A query that groups by something unique answers each event as a row, in order
// of time; any other one groups the window's events. Thread safe.
class Reports {
 public:
  Reports(const Options& options, const Present& present)
      : options_(options), present_(present), corpus_(options), cache_(options.cache_bytes) {}

  // `page` in place of the query's own; `deflated` asks for the compressed text too.
  std::variant<ReportPage, Failure> page(const ReportQuery& query, std::uint64_t page, bool deflated);
  // Every row of a query, whatever its page, size and cap.
  std::vector<std::string> all_rows(const ReportQuery& query);
  // The same of a page, each by itself and rendered anew.
  std::vector<std::string> page_rows(const ReportQuery& query, std::uint64_t page);

  // The numbers of the events in a window, both ends included, as far as they have happened: [first, second).
  std::pair<std::uint64_t, std::uint64_t> window(std::int64_t start, std::int64_t end) const;
  const ReportCorpus& corpus() const { return corpus_; }
  // Events of the last days before now get larger metrics.
  void restate(std::chrono::days last) { restatements_.add(to_ms(present_.now() - last)); }

 private:
  using Rows = std::shared_ptr<const std::vector<std::string>>;
  std::shared_ptr<const ReportCells> cells_of(const ReportQuery& query) const;
  std::vector<std::uint64_t> order(const ReportCells& cells, std::uint64_t first, std::uint64_t end);
  Rows grouped(const ReportCells& cells, std::uint64_t first, std::uint64_t end);
  Rows sorted_groups(const ReportCells& cells, std::uint64_t first, std::uint64_t end) const;
  bool is_by_time(const ReportQuery& query) const;
  // The text of events [begin, end) of a query in order of time, or backwards.
  std::shared_ptr<const Blob> events_text(const std::shared_ptr<const ReportCells>& cells, std::uint64_t begin,
                                          std::uint64_t end, bool backwards, bool deflated);
  // The text of the events of [first, end) that are `page` in their sorted order, which is not that of time.
  std::shared_ptr<const Blob> sorted_text(const std::shared_ptr<const ReportCells>& cells, std::uint64_t first,
                                          std::uint64_t end, std::pair<std::uint64_t, std::uint64_t> page,
                                          bool deflated);
  bool shuffles(const ReportQuery& query) const;

  const Options& options_;
  const Present& present_;
  const ReportCorpus corpus_;
  Restatements restatements_;
  BlobCache cache_;
  std::atomic<std::uint64_t> calls_{0};
  std::mutex mutex_;
  std::list<std::pair<std::string, Rows>> groups_;  // the results used last, the newest first
};

}  // namespace engagement::simulator::sprinklr
