#pragma once

#include <optional>
#include <string>

#include "engine/stream_context.hpp"
#include "rest/page.hpp"

namespace engagement::rest {

// Which request comes next: a vendor's way of paging. Called on the thread that fetches, one call at a time.
class PageSequence {
 public:
  virtual ~PageSequence() = default;

  // The next request; nullopt: the series has ended. `last` is the page before, nullptr at the beginning.
  virtual std::optional<http::Request> next(const Page* last) = 0;
};

// Who gets the pages, on the thread that called read_pages().
class PageConsumer {
 public:
  virtual ~PageConsumer() = default;
  virtual void page(const Page& page) = 0;
};

// What all requests of a series have in common.
struct PageSource {
  const Caller& caller;
  const PageShape& shape;
  const PageJudge& judge;
  std::string what;  // for messages: "GET /v1/users"
};

// How a series ended: `ok` when every page was handed out. `skip`, `restart`, `split` and `refresh` are outcomes that
// its rules leave to whoever reads (see Action); the pages before that one have been handed out.
struct SeriesEnd {
  Action action = Action::ok;
  Answer answer;
};

// Reads a series of pages to its end. The next page is fetched while one is consumed. A request that was sent before in
// the same series is a system ConnectorError: the series would never end. Throws ConnectorError and Stopped.
[[nodiscard]] SeriesEnd read_pages(const PageSource& source, PageSequence& sequence, PageConsumer& consumer,
                                   engine::StreamContext& context, const std::stop_token& stop);

}  // namespace engagement::rest
