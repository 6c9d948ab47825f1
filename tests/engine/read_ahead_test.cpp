#include "engine/read_ahead.hpp"

#include <atomic>
#include <latch>
#include <set>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

namespace engagement::engine {
namespace {

struct Page {
  int number = -1;
};

TEST_CASE("pages come in order and end once") {
  int fetched = 0;
  ReadAhead<Page> pages(
      [&](Page& page, const std::stop_token&) {
        page.number = fetched;
        return fetched++ < 100;
      },
      {});
  for (int i = 0; i < 100; ++i) {
    const Page* page = pages.next();
    REQUIRE(page != nullptr);
    CHECK(page->number == i);
  }
  CHECK(pages.next() == nullptr);
  CHECK(pages.next() == nullptr);
}

TEST_CASE("no page at all is an end, too") {
  ReadAhead<Page> pages([](Page&, const std::stop_token&) { return false; }, {});
  CHECK(pages.next() == nullptr);
}

TEST_CASE("at most one page is fetched beyond the one in use, and two pages are all the memory") {
  std::atomic<int> begun = 0;
  std::set<const Page*> memory;
  {
    ReadAhead<Page> pages(
        [&](Page& page, const std::stop_token&) {
          page.number = begun++;
          return page.number < 50;
        },
        {});
    for (int used = 0; const Page* page = pages.next(); ++used) {
      memory.insert(page);
      // The page in use, and the one after it, which is being fetched or waits.
      CHECK(begun <= used + 2);
      CHECK(page->number == used);
    }
  }
  CHECK(memory.size() == 2);
}

TEST_CASE("the next page is fetched while one is in use") {
  std::latch second_is_fetched(1);
  int fetched = 0;
  ReadAhead<Page> pages(
      [&](Page&, const std::stop_token&) {
        if (++fetched == 2) second_is_fetched.count_down();
        return fetched < 3;
      },
      {});
  REQUIRE(pages.next() != nullptr);
  second_is_fetched.wait();  // never returns if the fetch waited for the next call of next()
  CHECK(pages.next() != nullptr);
  CHECK(pages.next() == nullptr);
}

TEST_CASE("a failure comes out after the pages before it") {
  int fetched = 0;
  ReadAhead<Page> pages(
      [&](Page& page, const std::stop_token&) {
        if (fetched == 2) throw std::runtime_error("the third page is broken");
        page.number = fetched++;
        return true;
      },
      {});
  REQUIRE(pages.next()->number == 0);
  REQUIRE(pages.next()->number == 1);
  CHECK_THROWS_AS(pages.next(), std::runtime_error);
}

TEST_CASE("a stop is an exception and never looks like the end") {
  std::stop_source stop;
  ReadAhead<Page> pages(
      [&](Page&, const std::stop_token& token) {
        if (token.stop_requested()) throw Stopped();
        return true;
      },
      stop.get_token());
  REQUIRE(pages.next() != nullptr);
  stop.request_stop();
  int more = 0;
  try {
    while (pages.next() != nullptr) ++more;
    FAIL("looks like the end");
  } catch (const Stopped&) {
    CHECK(more <= 2);
  }
}

TEST_CASE("a stop reaches a fetch that is under way") {
  std::stop_source stop;
  std::latch begun(1);
  ReadAhead<Page> pages(
      [&](Page&, const std::stop_token& token) -> bool {
        begun.count_down();
        std::mutex mutex;
        std::condition_variable_any changed;
        std::unique_lock lock(mutex);
        changed.wait(lock, token, [] { return false; });
        throw Stopped();
      },
      stop.get_token());
  begun.wait();
  stop.request_stop();
  CHECK_THROWS_AS(pages.next(), Stopped);
}

TEST_CASE("a reader that goes away aborts the fetch under way") {
  std::latch begun(2);
  std::atomic<bool> aborted = false;
  {
    int fetched = 0;
    ReadAhead<Page> pages(
        [&](Page&, const std::stop_token& token) {
          begun.count_down();
          if (++fetched == 1) return true;
          std::mutex mutex;
          std::condition_variable_any changed;
          std::unique_lock lock(mutex);
          changed.wait(lock, token, [] { return false; });
          aborted = token.stop_requested();
          throw Stopped();
        },
        {});
    REQUIRE(pages.next() != nullptr);
    begun.wait();
  }
  CHECK(aborted);
}

TEST_CASE("a reader that goes away while a fetched page waits ends the thread") {
  std::atomic<int> fetched = 0;
  {
    ReadAhead<Page> pages(
        [&](Page&, const std::stop_token&) {
          ++fetched;
          return true;
        },
        {});
    REQUIRE(pages.next() != nullptr);
  }
  CHECK(fetched <= 2);
}

}  // namespace
}  // namespace engagement::engine
