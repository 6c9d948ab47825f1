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
    Rule{"preparing", 200, 299, 2, {}, Action::wait, FailureType::transient, "Try a smaller window.", {}},
    Rule{"throttled", 200, 299, 1, {}, Action::slow_down, FailureType::transient, "Later.", 30s},
    Rule{"nothing", 200, 499, {}, "nothing here", Action::skip, FailureType::config, {}, {}},
    Rule{"gone", 200, 499, {}, "gone", Action::restart, FailureType::transient, {}, {}},
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
