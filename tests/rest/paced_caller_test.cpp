#include <deque>
#include <optional>

#include "rest/caller_fixture.hpp"

namespace engagement::rest {
namespace {

// Says what a test tells it to.
class FakePacer final : public Pacer {
 public:
  std::chrono::milliseconds delay(const http::Request& /*request*/, SteadyTime /*now*/) override {
    if (delays.empty()) return {};
    const auto next = delays.front();
    delays.pop_front();
    return next;
  }
  void learn(const http::Request& /*request*/, const http::Response& response, SystemTime /*now*/,
             SteadyTime /*steady_now*/) override {
    learned.push_back(response.status);
  }
  std::chrono::milliseconds longest_wait() const override { return 600s; }

  std::deque<std::chrono::milliseconds> delays;
  std::vector<int> learned;
};

struct PacedFixture : CallerFixture {
  PacedFixture() { caller_paced(); }
  void caller_paced() { paced.emplace("Vendor", kOwn, gate, &pacer); }
  Action call_paced() {
    http::Request request;
    request.url = "https://vendor.test/things";
    return paced->call(request, "GET /things", response, interpret, last, context, stop.get_token());
  }
  FakePacer pacer;
  std::optional<Caller> paced;
};

TEST_CASE("a request waits for its turn, however often it is told to, and the pacer learns from every answer") {
  PacedFixture f;
  f.pacer.delays = {3s, 2s};
  f.client.script({answer("no", 500), answer("ok")});
  CHECK(f.call_paced() == Action::ok);
  CHECK(f.waited() >= 5s);
  CHECK(f.pacer.learned == std::vector<int>{500, 200});
}

TEST_CASE("a turn that comes too late ends the sync with a transient error and without a request") {
  PacedFixture f;
  f.pacer.delays = {601s};
  CHECK_THROWS_AS(f.call_paced(), ConnectorError);
  CHECK(f.client.requests().empty());
}

TEST_CASE("a quota's wait that the vendor states may last longer than failures may, up to the pacer's bound") {
  PacedFixture f;
  f.environment.retry_limit = 10s;
  f.client.script(
      {answer("slow", 429, {{"Retry-After", "300"}}), answer("slow", 429, {{"Retry-After", "300"}}), answer("ok")});
  CHECK(f.call_paced() == Action::ok);
  CHECK(f.waited() == 600s);
  f.client.script({answer("slow", 429, {{"Retry-After", "601"}})});
  CHECK_THROWS_AS((f.call_paced(), f.call_paced()), ConnectorError);
}

TEST_CASE("the moment at which a quota comes back is waited for where no Retry-After says how long") {
  PacedFixture f;
  const auto reset = std::chrono::duration_cast<std::chrono::seconds>((f.clock.now() + 42s).time_since_epoch()).count();
  f.client.script({answer("slow", 429, {{"x-ratelimit-reset", std::to_string(reset)}}), answer("ok")});
  CHECK(f.call_paced() == Action::ok);
  CHECK(f.waited() == 42s);
}

TEST_CASE("waits for a quota add up to the pacer's bound, however short each is and whoever states it") {
  for (const bool asked : {true, false}) {
    PacedFixture f;
    f.environment.retry_limit = 24h;
    f.client.script(
        {answer("slow", 429, asked ? std::vector<http::Header>{{"Retry-After", "1"}} : std::vector<http::Header>{})});
    std::string text;
    try {
      f.call_paced();
    } catch (const ConnectorError& error) {
      CHECK(error.type() == FailureType::transient);
      text = error.what();
    }
    CHECK(text.find("quota") != std::string::npos);
    CHECK(text.find("s of waiting") != std::string::npos);
    CHECK(f.waited() <= 600s);
    CHECK(f.waited() > 540s);
  }
}

TEST_CASE("a quota's wait does not count towards the failures around it") {
  PacedFixture f;
  f.environment.retry_limit = 10s;
  f.client.script(
      {answer("away", 503), answer("slow", 429, {{"Retry-After", "300"}}), answer("away", 503), answer("ok")});
  CHECK(f.call_paced() == Action::ok);
}

}  // namespace
}  // namespace engagement::rest
