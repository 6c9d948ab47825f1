#include "rest/read_pages.hpp"

#include <fmt/format.h>

#include "engine/loop_guard.hpp"
#include "engine/read_ahead.hpp"

namespace engagement::rest {

namespace {

// What a ReadAhead fetches.
class PageFetcher {
 public:
  PageFetcher(const PageSource& source, PageSequence& sequence, engine::StreamContext& context, SeriesEnd& end)
      : source_(source), sequence_(sequence), context_(context), end_(end), request_(sequence.next(nullptr)) {}

  bool operator()(Page& page, const std::stop_token& stop) {
    if (!request_) return false;
    guard(*request_);
    Answer answer;
    const Action action =
        call_page(source_.caller, *request_, source_.what, source_.shape, source_.judge, page, answer, context_, stop);
    if (action != Action::ok) {
      // Read by the consumer's thread after this one has ended.
      end_ = {action, std::move(answer)};
      return false;
    }
    request_ = sequence_.next(&page);
    return true;
  }

 private:
  void guard(const http::Request& request) {
    if (guard_.is_new(fmt::format("{} {}\n{}", to_string(request.method), request.url, request.body))) return;
    throw system_error(
        "The vendor's pages go in a circle: the same page would be asked for a second time. Please report this with "
        "the log.",
        source_.what);
  }

  const PageSource& source_;
  PageSequence& sequence_;
  engine::StreamContext& context_;
  SeriesEnd& end_;
  engine::LoopGuard guard_;
  std::optional<http::Request> request_;
};

}  // namespace

SeriesEnd read_pages(const PageSource& source, PageSequence& sequence, PageConsumer& consumer,
                     engine::StreamContext& context, const std::stop_token& stop) {
  SeriesEnd end;
  {
    engine::ReadAhead<Page> pages(PageFetcher(source, sequence, context, end), stop);
    while (const Page* page = pages.next()) {
      ++context.counts().pages;
      context.repaired(page->repairs());
      consumer.page(*page);
    }
  }
  return end;
}

}  // namespace engagement::rest
