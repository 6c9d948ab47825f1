#include "rest/authorizer.hpp"

#include <array>

#include "rest/caller.hpp"
#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::rest {
namespace {

using test::answer;

constexpr std::array kRefreshed = {Rule{.name = "token refused",
                                        .statuses = 401,
                                        .action = Action::refresh,
                                        .failure = FailureType::config,
                                        .advice = "Log in again."}};

// Counts up: "token 1", and a new one each time one is refused.
struct CountingAuthorizer final : Authorizer {
  void authorize(http::Request& request, engine::Context& /*context*/, const std::stop_token& /*stop*/) override {
    request.headers.push_back({"Authorization", "token " + std::to_string(token)});
  }
  bool renew(const http::Request& request, const Answer& /*answer*/, engine::Context& /*context*/,
             const std::stop_token& /*stop*/) override {
    refused.push_back(request.headers.back().value);
    ++token;
    return useful;
  }
  int token = 1;
  bool useful = true;
  std::vector<std::string> refused;
};

struct AuthorizerFixture : test::StreamFixture {
  Action call() {
    http::Request request;
    request.url = "https://vendor.test/things";
    const auto interpret = [](http::Response& got) {
      Answer judged;
      judged.status = got.status;
      judged.succeeded = got.status == 200;
      return judged;
    };
    return caller.call(request, "GET /things", response, interpret, last, context, stop.get_token());
  }

  std::vector<std::string> tokens() const {
    std::vector<std::string> all;
    for (const auto& request : client.requests()) {
      REQUIRE(request.headers.size() == 1);
      all.push_back(request.headers.front().value);
    }
    return all;
  }

  protocol::ConfiguredStream stream = test::configured("things");
  engine::StreamContext context{environment, logger, writer, stream, false};
  engine::RequestGate gate{1};
  CountingAuthorizer authorizer;
  Caller caller{"Vendor", kRefreshed, gate, nullptr, &authorizer};
  http::Response response;
  Answer last;
};

TEST_CASE("every repeat of a request is authorized anew") {
  AuthorizerFixture f;
  f.client.script({answer("", 503), answer("", 503), answer("")});
  CHECK(f.call() == Action::ok);
  CHECK(f.tokens() == std::vector<std::string>{"token 1", "token 1", "token 1"});
}

TEST_CASE("a request whose credentials are refused is sent once more with new ones") {
  AuthorizerFixture f;
  f.client.script({answer("", 401), answer("")});
  CHECK(f.call() == Action::ok);
  CHECK(f.tokens() == std::vector<std::string>{"token 1", "token 2"});
  CHECK(f.authorizer.refused == std::vector<std::string>{"token 1"});
}

TEST_CASE("new credentials that are refused at once are a failure and are not replaced again") {
  AuthorizerFixture f;
  f.client.script({answer("", 401)});
  CHECK_THROWS_AS(f.call(), ConnectorError);
  CHECK(f.client.requests().size() == 2);
  CHECK(f.authorizer.refused.size() == 1);
}

TEST_CASE("a request is not sent again where new credentials would be of no use") {
  AuthorizerFixture f;
  f.authorizer.useful = false;
  f.client.script({answer("", 401), answer("")});
  CHECK_THROWS_AS(f.call(), ConnectorError);
  CHECK(f.client.requests().size() == 1);
}

TEST_CASE("without an authorizer a refusal is the caller's outcome") {
  AuthorizerFixture f;
  f.client.script({answer("", 401)});
  const Caller plain("Vendor", kRefreshed, f.gate);
  const auto interpret = [](http::Response& got) {
    Answer judged;
    judged.status = got.status;
    return judged;
  };
  CHECK(plain.call({}, "GET /things", f.response, interpret, f.last, f.context, f.stop.get_token()) == Action::refresh);
}

}  // namespace
}  // namespace engagement::rest
