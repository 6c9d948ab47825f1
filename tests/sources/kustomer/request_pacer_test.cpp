#include "sources/kustomer/request_pacer.hpp"

#include "sources/kustomer/kustomer_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::kustomer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Pacing {
  explicit Pacing(const Json& changes = Json::object()) : pacer(config_with(changes)) {}

  // How many requests may be sent without a wait, at most `most`.
  int burst(const http::Request& request, int most) {
    int sent = 0;
    while (sent < most && pacer.delay(request, now) == milliseconds(0)) ++sent;
    return sent;
  }
  void answered(const http::Request& request, std::vector<http::Header> headers) {
    http::Response response;
    response.status = 200;
    response.headers = std::move(headers);
    pacer.learn(request, response, system_now, now);
  }

  RequestPacer pacer;
  SteadyTime now{std::chrono::hours(1)};
  SystemTime system_now = time_of("2026-03-01T00:00:00Z");
  http::Request search{http::Method::post, "https://x/v1/customers/search", {}, {}, {}, true};
  http::Request list{http::Method::get, "https://x/v1/users", {}, {}, {}, true};
};

TEST_CASE("searches are limited by the minute and lists are not") {
  Pacing p(Json{{"searches_per_minute", 100}});
  CHECK(p.burst(p.search, 1000) == 100);
  CHECK(p.burst(p.list, 1000) == 1000);
  CHECK(p.pacer.delay(p.search, p.now) == seconds(61));
  p.now += seconds(61);
  CHECK(p.burst(p.search, 1000) == 100);
}

TEST_CASE("no limit on searches is none") {
  Pacing p(Json{{"searches_per_minute", 0}});
  CHECK(p.burst(p.search, 1000) == 1000);
}

TEST_CASE("of the organisation's limit a share is used, searches included") {
  Pacing p(Json{{"searches_per_minute", 100}, {"rate_limit_share", 20}});
  p.answered(p.list, {{"X-RateLimit-Limit", "300"}, {"X-RateLimit-Remaining", "299"}});
  CHECK(p.burst(p.search, 1000) == 60);
  CHECK(p.pacer.delay(p.list, p.now) > milliseconds(0));
  p.now += seconds(61);
  CHECK(p.burst(p.list, 1000) == 60);
}

TEST_CASE("the limit of searches is not taken for the organisation's") {
  Pacing p(Json{{"rate_limit_share", 10}});
  p.answered(p.search, {{"x-ratelimit-limit", "100"}, {"x-ratelimit-remaining", "50"}});
  CHECK(p.burst(p.list, 500) == 500);
}

TEST_CASE("when nothing is left all wait until the reset, and only searches where it was their limit") {
  Pacing p;
  const auto reset = std::to_string((p.system_now + seconds(20)).time_since_epoch().count() / 1000);
  p.answered(p.list, {{"x-ratelimit-limit", "1000"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", reset}});
  CHECK(p.pacer.delay(p.list, p.now) == seconds(20));
  CHECK(p.pacer.delay(p.search, p.now) == seconds(20));
  p.now += seconds(20);
  p.system_now += seconds(20);
  CHECK(p.pacer.delay(p.list, p.now) == milliseconds(0));
  const auto later = std::to_string((p.system_now + seconds(7)).time_since_epoch().count() / 1000);
  p.answered(p.search, {{"x-ratelimit-limit", "100"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", later}});
  CHECK(p.pacer.delay(p.search, p.now) == seconds(7));
  CHECK(p.pacer.delay(p.list, p.now) == milliseconds(0));
}

TEST_CASE("headers that make no sense change nothing") {
  Pacing p(Json{{"searches_per_minute", 0}});
  p.answered(p.list, {{"x-ratelimit-limit", "many"}, {"x-ratelimit-remaining", "0"}});
  p.answered(p.list, {{"x-ratelimit-limit", "0"}, {"x-ratelimit-remaining", "-"}, {"x-ratelimit-reset", "soon"}});
  CHECK(p.burst(p.list, 500) == 500);
}

}  // namespace
}  // namespace engagement::kustomer
