#include "rest/pacer.hpp"

#include "rest/time_windows.hpp"
#include "support/catch.hpp"

namespace engagement::rest {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kStart{1h};

TEST_CASE("a window lets so many pass within any stretch of its length") {
  RateWindow window(2, 1min);
  CHECK(window.delay(kStart) == 0ms);
  window.take(kStart);
  window.take(kStart + 10s);
  CHECK(window.delay(kStart + 20s) == 40s);
  CHECK(window.delay(kStart + 60s) == 0ms);
  window.take(kStart + 60s);
  CHECK(window.delay(kStart + 61s) == 9s);
}

TEST_CASE("a window without a limit never waits, and a lowered limit counts what was taken") {
  RateWindow window(0, 1min);
  for (int i = 0; i < 1000; ++i) window.take(kStart);
  CHECK(window.delay(kStart) == 0ms);
  RateWindow other(3, 1min);
  other.take(kStart);
  other.take(kStart + 1s);
  other.set_limit(1);
  CHECK(other.delay(kStart + 2s) == 59s);
}

TEST_CASE("windows follow each other without gap or overlap, the last as long as is left") {
  const SystemTime begin{};
  const auto windows = cut_windows(begin, begin + 25h, 10h);
  REQUIRE(windows.size() == 3);
  CHECK(windows[0].begin == begin);
  for (std::size_t i = 1; i < windows.size(); ++i) CHECK(windows[i].begin == windows[i - 1].end);
  CHECK(windows[2].end == begin + 25h);
  CHECK(cut_windows(begin, begin, 1h).empty());
  CHECK(cut_windows(begin + 1h, begin, 1h).empty());
}

TEST_CASE("what is done moves over slices without a gap before them") {
  DonePrefix done(4);
  CHECK_FALSE(done.done(1));
  CHECK(done.length() == 0);
  CHECK(done.done(0));
  CHECK(done.length() == 2);
  CHECK_FALSE(done.done(3));
  CHECK(done.done(2));
  CHECK(done.length() == 4);
}

}  // namespace
}  // namespace engagement::rest
