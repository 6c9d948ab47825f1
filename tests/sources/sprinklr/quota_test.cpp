#include "sources/sprinklr/quota.hpp"

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;

struct QuotaFixture {
  explicit QuotaFixture(const Json& changes) : quota(config_with(changes)) {}

  std::chrono::milliseconds delay() { return quota.delay({}, now); }
  void answered(int status, std::vector<http::Header> headers) {
    http::Response response;
    response.status = status;
    response.headers = std::move(headers);
    quota.learn({}, response, test::FakeClock::kStart, now);
  }

  Quota quota;
  SteadyTime now{1h};
};

TEST_CASE("so many requests a second and an hour are let through") {
  QuotaFixture f(Json{{"requests_per_second", 2}, {"requests_per_hour", 3}});
  CHECK(f.delay() == 0ms);
  CHECK(f.delay() == 0ms);
  CHECK(f.delay() == 1000ms);
  f.now += 1000ms;
  CHECK(f.delay() == 0ms);
  f.now += 1000ms;
  CHECK(f.delay() == 1h - 2000ms);
}

TEST_CASE("a limit of 0 is none") {
  QuotaFixture f(Json{{"requests_per_second", 0}, {"requests_per_hour", 0}});
  for (int at = 0; at < 5000; ++at) REQUIRE(f.delay() == 0ms);
}

TEST_CASE("nothing is sent while Sprinklr says that nothing is left") {
  QuotaFixture f(Json::object());
  const auto reset = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(test::FakeClock::kStart.time_since_epoch()).count() + 90);
  f.answered(200, {{"x-ratelimit-remaining", "1"}, {"x-ratelimit-reset", reset}});
  CHECK(f.delay() == 0ms);
  f.answered(200, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", reset}});
  CHECK(f.delay() == 90s);
  f.now += 90s;
  CHECK(f.delay() == 0ms);
}

TEST_CASE("Retry-After of a refused request counts for all streams, and more than a reset header") {
  QuotaFixture f(Json::object());
  f.answered(429, {{"Retry-After", "3"}, {"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1772327600"}});
  CHECK(f.delay() == 3s);
}

}  // namespace
}  // namespace engagement::sprinklr
