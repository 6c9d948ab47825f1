#pragma once

#include <array>
#include <atomic>
#include <string>

#include "engine/stream_context.hpp"
#include "rest/page.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/reports/report_definition.hpp"

namespace engagement::sprinklr {

// Sprinklr serves no more rows than this of one query about messages:
// "Cannot fetch more than 10000 messages overall".
constexpr std::size_t kMostRows = 10'000;

// What a report's requests have in common. What it points to outlives the reading.
struct ReportSource {
  const ReportDefinition& report;
  const TimeZone& zone;                 // where the payload names none
  const StreamCaller& caller;           // leaves too big a window and a gateway's timeout to the reader
  const StreamCaller& patient;          // repeats after a gateway's timeout
  std::atomic<std::size_t>& page_size;  // becomes smaller where Sprinklr is too slow for it; shared by the windows
};

// Who gets the rows, on the thread that called read_report_window().
class RowConsumer {
 public:
  virtual ~RowConsumer() = default;
  // The first `skipped` rows of the page have been handed out before.
  virtual void page(const rest::Page& page, std::size_t skipped) = 0;
};

struct FetchedPage {
  rest::Page page;
  std::size_t skipped = 0;
};
// The buffers of a window's pages. Kept for the next window they save giving memory back and asking for it again.
using WindowPages = std::array<FetchedPage, 2>;

enum class WindowOutcome {
  read,
  too_big,  // to be read in two halves
};

// Reads one window's pages (reference: https://dev.sprinklr.com/custom-query): to the page without rows, or that says
// that there are no more, or is short. A full first page is held back until the last page that Sprinklr can serve has
// been asked for, so that of a window that is too big nothing has been handed out. The next page is fetched while one
// is consumed. Throws ConnectorError and Stopped.
WindowOutcome read_report_window(const ReportSource& source, SystemTime begin, SystemTime end, WindowPages& buffers,
                                 RowConsumer& consumer, engine::StreamContext& context, const std::stop_token& stop);

}  // namespace engagement::sprinklr
