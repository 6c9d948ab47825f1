#include "http/transfer_watch.hpp"

#include <chrono>
#include <stop_token>

#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace engagement::http {
namespace {

using namespace std::chrono_literals;
using Verdict = TransferWatch::Verdict;

struct WatchFixture {
  test::FakeClock clock;
  std::stop_source source;
  std::stop_token stop = source.get_token();
  TransferWatch::Limits limits{300s, 60s, std::nullopt};
};

TEST_CASE("the time before the request is sent is not the watch's") {
  WatchFixture f;
  TransferWatch watch(f.clock, f.limits, f.stop);
  f.clock.advance(1h);
  CHECK(watch.check(0) == Verdict::go_on);
}

TEST_CASE("the first byte may take its whole time, and no longer") {
  WatchFixture f;
  TransferWatch watch(f.clock, f.limits, f.stop);
  watch.request_begins();
  f.clock.advance(300s - 1ms);
  CHECK(watch.check(0) == Verdict::go_on);
  f.clock.advance(1ms);
  CHECK(watch.check(0) == Verdict::no_first_byte);
}

TEST_CASE("bytes that are uploaded put off the first byte of the answer") {
  WatchFixture f;
  TransferWatch watch(f.clock, f.limits, f.stop);
  watch.request_begins();
  for (int uploaded = 1; uploaded <= 3; ++uploaded) {
    f.clock.advance(299s);
    CHECK(watch.check(uploaded) == Verdict::go_on);
  }
  f.clock.advance(300s);
  CHECK(watch.check(3) == Verdict::no_first_byte);
}

TEST_CASE("once the answer has begun every further byte has the idle time") {
  WatchFixture f;
  TransferWatch watch(f.clock, f.limits, f.stop);
  watch.request_begins();
  for (int i = 0; i < 10; ++i) {
    watch.bytes_received();
    CHECK(watch.check(0) == Verdict::go_on);
    f.clock.advance(59s);
    CHECK(watch.check(0) == Verdict::go_on);
  }
  f.clock.advance(1s);
  CHECK(watch.check(0) == Verdict::idle);
}

TEST_CASE("a request that is sent again has its whole time again") {
  WatchFixture f;
  TransferWatch watch(f.clock, f.limits, f.stop);
  watch.request_begins();
  f.clock.advance(299s);
  watch.bytes_received();
  watch.request_begins();
  CHECK(watch.check(0) == Verdict::go_on);
  f.clock.advance(299s);
  CHECK(watch.check(0) == Verdict::go_on);
  f.clock.advance(1s);
  CHECK(watch.check(0) == Verdict::no_first_byte);
}

TEST_CASE("the deadline cuts whatever is going on") {
  WatchFixture f;
  f.limits.deadline = f.clock.steady_now() + 10s;
  TransferWatch watch(f.clock, f.limits, f.stop);
  f.clock.advance(9s);
  CHECK(watch.check(0) == Verdict::go_on);
  watch.request_begins();
  watch.bytes_received();
  f.clock.advance(1s);
  CHECK(watch.check(1) == Verdict::deadline);
}

TEST_CASE("a stop comes before everything else") {
  WatchFixture f;
  f.limits.deadline = f.clock.steady_now();
  TransferWatch watch(f.clock, f.limits, f.stop);
  CHECK(watch.check(0) == Verdict::deadline);
  f.source.request_stop();
  CHECK(watch.check(0) == Verdict::stopped);
}

TEST_CASE("each verdict that cuts a transfer is an error of its own") {
  CHECK(timeout_error(Verdict::deadline).fault == TransportFault::deadline);
  CHECK(timeout_error(Verdict::no_first_byte).fault == TransportFault::timeout);
  CHECK(timeout_error(Verdict::idle).fault == TransportFault::timeout);
  CHECK(timeout_error(Verdict::idle).detail != timeout_error(Verdict::no_first_byte).detail);
}

}  // namespace
}  // namespace engagement::http
