#pragma once

#include <array>
#include <chrono>
#include <string>

#include "rest/caller.hpp"
#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::rest {

using namespace std::chrono_literals;
using test::answer;
using test::fault;
using test::ScriptedAnswer;

inline constexpr std::array kOwn = {
    Rule{.name = "preparing",
         .statuses = {200, 299},
         .code = 2,
         .action = Action::wait,
         .advice = "Try a smaller window."},
    Rule{.name = "throttled",
         .statuses = {200, 299},
         .code = 1,
         .action = Action::slow_down,
         .advice = "Later.",
         .pause = 30s},
    Rule{.name = "nothing", .statuses = {200, 499}, .text = "nothing here", .action = Action::skip},
    Rule{.name = "gone", .statuses = {200, 499}, .text = "gone", .action = Action::restart},
};

// The vendor of these tests: a body "ok" is a success, one of digits its code, anything else its words.
inline Answer interpret(http::Response& response) {
  Answer answer;
  answer.status = response.status;
  const std::string body(response.body.view());
  answer.succeeded = body == "ok";
  if (!body.empty() && body.find_first_not_of("0123456789") == std::string::npos) {
    answer.code = std::stoll(body);
  } else if (!answer.succeeded) {
    answer.text = body;
  }
  return answer;
}

struct CallerFixture : test::StreamFixture {
  CallerFixture() { environment.retry_limit = 900s; }

  Action call() {
    const http::Request request{.method = http::Method::get,
                                .url = "https://vendor.test/things",
                                .headers = {},
                                .body = {},
                                .deadline = {},
                                .repeatable = true};
    return caller.call(request, "GET /things", response, interpret, last, context, stop.get_token());
  }

  ConnectorError failure() {
    try {
      call();
    } catch (const ConnectorError& error) {
      return error;
    }
    FAIL("no failure");
    throw std::logic_error("never reached");
  }

  // All waits of one sleep put together: the context sleeps in steps.
  std::chrono::milliseconds waited() const { return clock.waited(); }

  protocol::ConfiguredStream stream = test::configured("things");
  engine::StreamContext context{environment, logger, writer, stream, false};
  engine::RequestGate gate{3};
  Caller caller{"Vendor", kOwn, gate};
  http::Response response;
  Answer last;
};

}  // namespace engagement::rest
