#include "rest/caller_fixture.hpp"

namespace engagement::rest {
namespace {

using Waits = std::vector<std::chrono::milliseconds>;

TEST_CASE("a good answer comes back at once and counts for the statistics") {
  CallerFixture f;
  f.client.script({answer("ok")});
  CHECK(f.call() == Action::ok);
  CHECK(f.response.body.view() == "ok");
  CHECK(f.waited() == 0ms);
  CHECK(f.context.counts().requests == 1);
  CHECK(f.client.urls() == std::vector<std::string>{"https://vendor.test/things"});
}

TEST_CASE("skip and restart are outcomes for the caller to act on") {
  CallerFixture f;
  f.client.script({answer("nothing here", 400), answer("the cursor is gone")});
  CHECK(f.call() == Action::skip);
  CHECK(f.last.text == "nothing here");
  CHECK(f.call() == Action::restart);
  CHECK(f.last.text == "the cursor is gone");
  CHECK(f.waited() == 0ms);
}

TEST_CASE("a failing call is repeated with a back-off that doubles up to a minute") {
  CallerFixture f;  // the random fraction is one half
  f.client.script(std::vector<ScriptedAnswer>(9, answer("away", 503)));
  f.client.script({answer("ok")});
  CHECK(f.call() == Action::ok);
  CHECK(f.client.requests().size() == 10);
  // half of 1, 2, 4, 8, 16, 32, 60, 60, 60
  CHECK(f.waited() == 500ms + 1s + 2s + 4s + 8s + 16s + 30s + 30s + 30s);
}

TEST_CASE("the back-off is jittered over its whole length") {
  for (const double fraction : {0.0, 0.25, 0.999}) {
    CallerFixture f;
    test::FixedRandom random(fraction);
    engine::Environment environment{f.client, f.clock, random, 900s, std::nullopt};
    engine::StreamContext context(environment, f.logger, f.writer, f.stream, false);
    f.client.script({answer("away", 503), answer("away", 503), answer("ok")});
    CHECK(f.caller.call({}, "GET", f.response, interpret, f.last, context, {}) == Action::ok);
    CHECK(f.waited().count() ==
          static_cast<std::int64_t>(1000 * fraction) + static_cast<std::int64_t>(2000 * fraction));
    CHECK(random.calls() == 2);
  }
}

TEST_CASE("a call that keeps failing is given up when the retry limit has passed") {
  CallerFixture f;
  f.client.script({answer("away", 503)});
  const auto error = f.failure();
  CHECK(error.type() == FailureType::transient);
  CHECK(f.waited() <= 900s);
  CHECK(f.waited() > 900s - 30s);  // the longest pause of this jitter
  const std::string text = error.what();
  CHECK(text.find("Vendor answered HTTP 503 (\"away\").") == 0);
  CHECK(error.internal_message().find("GET /things") == 0);
}

TEST_CASE("a retry limit of zero allows no repeat that waits") {
  CallerFixture f;
  f.environment.retry_limit = 0s;
  f.client.script({answer("away", 503)});
  CHECK(f.failure().type() == FailureType::transient);
  CHECK(f.client.requests().size() == 1);
}

TEST_CASE("Retry-After wins over the back-off") {
  CallerFixture f;
  f.client.script({answer("away", 503, {{"Retry-After", "120"}}), answer("ok")});
  CHECK(f.call() == Action::ok);
  CHECK(f.waited() == 120s);
}

TEST_CASE("a Retry-After of zero is no leave to repeat in a tight loop") {
  CallerFixture f;
  f.client.script({answer("away", 503, {{"Retry-After", "0"}})});
  CHECK(f.failure().type() == FailureType::transient);
  CHECK(f.client.requests().size() < 60);
}

TEST_CASE("a Retry-After beyond the retry limit fails at once") {
  CallerFixture f;
  f.client.script({answer("", 429, {{"Retry-After", "901"}})});
  CHECK(f.failure().type() == FailureType::transient);
  CHECK(f.waited() == 0ms);
  CHECK(f.client.requests().size() == 1);
}

TEST_CASE("a Retry-After up to the retry limit is waited for") {
  CallerFixture f;
  f.client.script({answer("", 429, {{"Retry-After", "900"}}), answer("ok")});
  CHECK(f.call() == Action::ok);
  CHECK(f.waited() == 900s);
}

TEST_CASE("too many requests shrink the gate and a long wait for them is announced") {
  CallerFixture f;
  f.client.script({answer("", 429, {{"Retry-After", "15"}}), answer("", 429), answer("ok")});
  CHECK(f.call() == Action::ok);
  CHECK(f.gate.limit() == 1);
  CHECK(f.kinds() == std::vector<std::string>{"RATE_LIMITED"});
}

TEST_CASE("a rule's own pause is the least that is waited") {
  CallerFixture f;
  f.client.script({answer("1"), answer("ok")});
  CHECK(f.call() == Action::ok);
  CHECK(f.waited() == 30s);
  CHECK(f.gate.limit() == 2);
}

TEST_CASE("server errors do not shrink the gate") {
  CallerFixture f;
  f.client.script({answer("", 500), answer("ok")});
  CHECK(f.call() == Action::ok);
  CHECK(f.gate.limit() == 3);
}

TEST_CASE("an answer in preparation is asked for after 1, 2, 4, 8, 16 and then every 30 seconds") {
  CallerFixture f;
  std::vector<std::chrono::milliseconds> times;
  f.client.answer_with([&](const http::Request&, const std::stop_token&) {
    times.push_back(f.clock.waited());
    return answer(times.size() < 9 ? "2" : "ok");
  });
  CHECK(f.call() == Action::ok);
  CHECK(times == Waits{0s, 1s, 3s, 7s, 15s, 31s, 61s, 91s, 121s});
}

TEST_CASE("an answer in preparation is waited for two hours and then fails as transient") {
  CallerFixture f;
  f.client.script({answer("2")});
  const auto error = f.failure();
  CHECK(error.type() == FailureType::transient);
  CHECK(std::string(error.what()).find("smaller window") != std::string::npos);
  CHECK(error.internal_message().find("code 2") != std::string::npos);
  CHECK(f.waited() <= 2h);
  CHECK(f.waited() > 2h - 30s);
}

TEST_CASE("failures before an answer in preparation do not count towards those after it") {
  CallerFixture f;
  std::vector<ScriptedAnswer> answers = {answer("away", 503)};
  for (int i = 0; i < 45; ++i) answers.push_back(answer("2"));  // over twenty minutes
  answers.push_back(answer("away", 503));
  answers.push_back(answer("ok"));
  f.client.script(answers);
  CHECK(f.call() == Action::ok);
  CHECK(f.waited() > 900s);
}

TEST_CASE("broken transfers are repeated and named when they are given up") {
  CallerFixture f;
  f.client.script({fault(http::TransportFault::broken), fault(http::TransportFault::timeout), answer("ok")});
  CHECK(f.call() == Action::ok);
  CHECK(f.client.requests().size() == 3);

  CallerFixture gone;
  gone.client.script({fault(http::TransportFault::cannot_connect, "refused")});
  const auto error = gone.failure();
  CHECK(error.type() == FailureType::transient);
  CHECK(std::string(error.what()).find("Vendor could not be reached (\"cannot connect: refused\")") == 0);
}

TEST_CASE("a transfer that cannot be trusted fails as transient with advice") {
  CallerFixture f;
  f.client.script({fault(http::TransportFault::tls, "self-signed certificate")});
  const auto error = f.failure();
  CHECK(error.type() == FailureType::transient);
  CHECK(std::string(error.what()).find("self-signed certificate") != std::string::npos);
  CHECK(std::string(error.what()).find("SSL_CERT_FILE") != std::string::npos);
}

TEST_CASE("an address that cannot be used fails at once as a config error") {
  for (const auto kind : {http::TransportFault::bad_url, http::TransportFault::refused_redirect}) {
    CallerFixture f;
    f.client.script({fault(kind)});
    CHECK(f.failure().type() == FailureType::config);
    CHECK(f.client.requests().size() == 1);
  }
}

TEST_CASE("bad credentials fail at once as a config error") {
  CallerFixture f;
  f.client.script({answer("Invalid", 401)});
  CHECK(f.failure().type() == FailureType::config);
  CHECK(f.client.requests().size() == 1);
}

TEST_CASE("a deadline is given to the transfer and cuts every wait") {
  CallerFixture f;
  f.environment.deadline = f.clock.steady_now() + 10s;
  f.client.script({answer("away", 503)});
  CHECK(f.failure().type() == FailureType::transient);
  CHECK(f.waited() < 10s);
  CHECK(f.client.requests().front().deadline == f.environment.deadline);
}

TEST_CASE("a transfer cut by its deadline is not repeated") {
  CallerFixture f;
  f.client.script({fault(http::TransportFault::deadline)});
  CHECK(f.failure().type() == FailureType::transient);
  CHECK(f.client.requests().size() == 1);
}

TEST_CASE("a stop ends the back-off") {
  CallerFixture f;
  f.client.script({answer("away", 503)});
  f.clock.on_wait([&](auto) { f.stop.request_stop(); });
  CHECK_THROWS_AS(f.call(), Stopped);
  CHECK(f.client.requests().size() == 1);
}

TEST_CASE("the place in the gate is free while a call waits") {
  CallerFixture f;
  engine::RequestGate narrow(1);
  const Caller caller("Vendor", kOwn, narrow);
  f.client.script({answer("away", 503), answer("ok")});
  f.clock.on_wait([&](auto) {
    const auto pass = narrow.enter({});  // hangs if the waiting call held its place
  });
  CHECK(caller.call({}, "GET", f.response, interpret, f.last, f.context, {}) == Action::ok);
}

TEST_CASE("every repeat is logged with its reason") {
  CallerFixture f;
  f.client.script({answer("away", 503), answer("ok")});
  f.call();
  const auto lines = f.logs("INFO");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] == "things: GET /things: server error (away); next try in 0.5 s");
}

}  // namespace
}  // namespace engagement::rest
