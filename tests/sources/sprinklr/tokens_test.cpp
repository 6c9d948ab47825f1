#include "sources/sprinklr/tokens.hpp"

#include <atomic>
#include <thread>

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;
using test::answer;
using test::fault;
using test::ScriptedAnswer;

ScriptedAnswer granted(int number, const Json& expires_in = 3600) {
  return answer(Json{
      {"access_token", "access-" + std::to_string(number)},
      {"refresh_token", "refresh+" + std::to_string(number) + "/="},
      {"token_type", "Bearer"},
      {"expires_in",
       expires_in}}.dump());
}

bool asks_for_token(const http::Request& request) { return has(request.url, "/oauth/token"); }

std::string authorization(const http::Request& request) {
  for (const auto& header : request.headers) {
    if (header.name == "Authorization") return header.value;
  }
  return {};
}

struct TokensFixture : SprinklrFixture {
  explicit TokensFixture(const Json& changes = Json::object(), TokenUse use = TokenUse::sync)
      : config(config_with({{"credentials",
                             [&] {
                               Json all = credentials_json();
                               all.update(changes);
                               return all;
                             }()},
                            {"environment", "prod4"}})),
        account(std::make_shared<Account>(config, use)) {}

  // One request for data, as any stream makes it.
  void call() { account->prove_credentials(context, stop.get_token()); }

  std::vector<http::Request> token_requests() const {
    std::vector<http::Request> all;
    for (const auto& request : client.requests()) {
      if (asks_for_token(request)) all.push_back(request);
    }
    return all;
  }
  std::vector<std::string> tokens_used() const {
    std::vector<std::string> all;
    for (const auto& request : client.requests()) {
      if (!asks_for_token(request)) all.push_back(authorization(request));
    }
    return all;
  }

  Config config;
  std::shared_ptr<Account> account;
  engine::CommandContext context{environment, logger};
};

const std::string kMe = R"({"data":{"id":551},"errors":[]})";
const std::string kRefused = R"({"data":[],"errors":[{"message":"Unauthorized: the access token has expired"}]})";

TEST_CASE("a token that works is used and not renewed, whether its end is unknown or far") {
  for (const Json& expiry : {Json(""), Json("2026-03-01T01:00:00Z")}) {
    TokensFixture f(Json{{"token_expiry_date", expiry}});
    f.client.script({answer(kMe)});
    f.call();
    CHECK(f.tokens_used() == std::vector<std::string>{"Bearer access-1"});
    CHECK(f.token_requests().empty());
    CHECK(f.updates.configs.empty());
    const auto request = f.client.requests().front();
    CHECK(request.url == "https://api3.sprinklr.com/prod4/api/v2/me");
    CHECK(request.headers.front().name == "Key");
    CHECK(request.headers.front().value == "the-key");
  }
}

TEST_CASE("a token is renewed shortly before its end, by one request that encodes everything once") {
  TokensFixture f(Json{{"token_expiry_date", "2026-03-01T00:01:00Z"}});
  f.client.script({granted(2), answer(kMe)});
  f.call();
  REQUIRE(f.token_requests().size() == 1);
  const auto request = f.token_requests().front();
  CHECK(request.method == http::Method::post);
  CHECK(request.url == "https://api3.sprinklr.com/prod4/oauth/token");
  CHECK(request.body ==
        "grant_type=refresh_token&client_id=the-key&client_secret=the%2Bsecret&refresh_token=refresh%2B1%2F%3D"
        "&redirect_uri=https%3A%2F%2Flocalhost%2Fcallback%3Fa%3Db");
  CHECK_FALSE(request.repeatable);
  CHECK_FALSE(request.deadline.has_value());
  CHECK(f.tokens_used() == std::vector<std::string>{"Bearer access-2"});
}

TEST_CASE("the whole new configuration is handed over before the new token is first used") {
  TokensFixture f(Json{{"token_expiry_date", "2026-03-01T00:00:00Z"}});
  f.client.script({granted(2), answer(kMe)});
  f.call();
  REQUIRE(f.updates.configs.size() == 1);
  CHECK(f.updates.requests_before.front() == 1);
  Json wanted = f.config.json;
  wanted["credentials"]["access_token"] = "access-2";
  wanted["credentials"]["refresh_token"] = "refresh+2/=";
  wanted["credentials"]["token_expiry_date"] = "2026-03-01T01:00:00Z";
  CHECK(f.updates.configs.front() == wanted);
  CHECK(f.updates.secrets == std::vector<std::string>{"access-2", "refresh+2/="});
}

TEST_CASE("expires_in may be a text, and where it is absent the end is unknown") {
  TokensFixture text(Json{{"access_token", ""}});
  text.client.script({granted(2, "28799"), answer(kMe)});
  text.call();
  CHECK(text.updates.configs.at(0)["credentials"]["token_expiry_date"] == "2026-03-01T07:59:59Z");

  TokensFixture none(Json{{"token_expiry_date", "2026-02-01T00:00:00Z"}});
  none.client.script({answer(R"({"access_token":"access-2","refresh_token":"r"})"), answer(kMe)});
  none.call();
  CHECK_FALSE(none.updates.configs.at(0)["credentials"].contains("token_expiry_date"));
  none.call();
  CHECK(none.token_requests().size() == 1);
}

TEST_CASE("an answer without a refresh token leaves the old one in place") {
  TokensFixture f(Json{{"access_token", ""}});
  f.client.script({answer(R"({"access_token":"access-2","expires_in":60})"), answer(kMe)});
  f.call();
  CHECK(f.updates.configs.at(0)["credentials"]["refresh_token"] == "refresh+1/=");
}

TEST_CASE("a token of a short life is used for half of it, not renewed for every request") {
  TokensFixture f(Json{{"access_token", ""}});
  f.client.script({granted(2, 60), answer(kMe), answer(kMe), granted(3, 60), answer(kMe)});
  f.call();
  f.call();
  CHECK(f.token_requests().size() == 1);
  f.clock.advance(31s);
  f.call();
  CHECK(f.token_requests().size() == 2);
}

TEST_CASE("a refused token is renewed once and the request is sent again") {
  TokensFixture f;
  f.client.script({answer(kRefused, 401), granted(2), answer(kMe)});
  f.call();
  CHECK(f.tokens_used() == std::vector<std::string>{"Bearer access-1", "Bearer access-2"});
  f.call();
  CHECK(f.token_requests().size() == 1);
}

TEST_CASE("a new token that is refused at once is a configuration error and not renewed again") {
  TokensFixture f;
  f.client.script({answer(kRefused, 401), granted(2), answer(kRefused, 401)});
  const auto text = message_of([&] { f.call(); });
  CHECK(has(text, "config_error"));
  CHECK(has(text, "an API key of its own"));
  CHECK(f.token_requests().size() == 1);
}

TEST_CASE("a 401 that is about the key or the environment renews nothing") {
  for (const auto& words : {"Invalid consumer key", "Invalid APIKey/ClientID", "wrong environment"}) {
    TokensFixture f;
    f.client.script({answer(Json{{"errors", {{{"message", words}}}}}.dump(), 401)});
    CHECK(has(message_of([&] { f.call(); }), "config_error"));
    CHECK(f.token_requests().empty());
  }
  TokensFixture inactive;
  inactive.client.script({answer("<h1>Developer Inactive</h1>", 403)});
  CHECK(has(message_of([&] { inactive.call(); }), "Client ID"));
  TokensFixture misdirected;
  misdirected.client.script({answer("", 421)});
  CHECK(has(message_of([&] { misdirected.call(); }), "Environment (environment)"));
}

TEST_CASE("a refresh whose answer is lost is never repeated and asks to log in again") {
  const std::vector<ScriptedAnswer> lost = {
      fault(http::TransportFault::broken),
      fault(http::TransportFault::timeout),
      fault(http::TransportFault::bad_encoding),
      answer("", 500),
      answer("<html>502</html>", 502),
      answer("", 503, {{"Retry-After", "1"}}),
      answer("", 504),
      answer(""),
      answer(R"({"access_token":"acc)"),
      answer(R"({"token_type":"Bearer"})"),
  };
  for (const auto& one : lost) {
    TokensFixture f(Json{{"access_token", ""}});
    f.client.script({one, granted(9), answer(kMe)});
    const auto text = message_of([&] { f.call(); });
    INFO(text);
    CHECK(has(text, "config_error"));
    CHECK(has(text, "Log in to Sprinklr again"));
    CHECK_FALSE(has(text, "acc\""));
    CHECK(f.clock.waits().empty());
    CHECK(f.updates.configs.empty());
    // Nor by the next stream that needs a token.
    CHECK(message_of([&] { f.call(); }) == text);
    CHECK(f.client.requests().size() == 1);
  }
}

TEST_CASE("a refresh that was never sent may be tried by the next attempt") {
  for (const auto kind :
       {http::TransportFault::cannot_resolve, http::TransportFault::cannot_connect, http::TransportFault::tls}) {
    TokensFixture f(Json{{"access_token", ""}});
    f.client.script({fault(kind)});
    CHECK(has(message_of([&] { f.call(); }), "transient_error"));
    CHECK(f.client.requests().size() == 1);
  }
}

TEST_CASE("each refusal of a refresh has its own words") {
  const auto refusal = [](ScriptedAnswer answered) {
    TokensFixture f(Json{{"access_token", ""}});
    f.client.script({std::move(answered)});
    const auto text = message_of([&] { f.call(); });
    CHECK(f.client.requests().size() == 1);
    return text;
  };
  const auto oauth = [](const std::string& error, const std::string& words, int status) {
    return answer(Json{{"error", error}, {"error_description", words}}.dump(), status);
  };
  const auto rotated = refusal(oauth("invalid_grant", "Invalid refresh token", 400));
  CHECK(has(rotated, "config_error"));
  CHECK(has(rotated, "another client of the same API key"));
  CHECK(has(rotated, "Log in to Sprinklr again"));
  CHECK(has(refusal(answer("", 421)), "Environment (environment)"));
  const auto key = refusal(oauth("invalid_client", "Invalid APIKey/ClientID", 401));
  CHECK(has(key, "Client ID and Client Secret"));
  CHECK_FALSE(has(key, "Log in"));
  CHECK(has(refusal(answer(R"({"message":"Missing or wrong key"})", 400)), "Client ID and Client Secret"));
  CHECK(has(refusal(answer("<h1>Developer Inactive</h1>", 403)), "Client ID and Client Secret"));
  CHECK(has(refusal(oauth("invalid_grant", "redirect_uri does not match", 400)), "Redirect URI"));
  CHECK(has(refusal(answer("<h1>Developer Over Rate</h1>", 403)), "transient_error"));
  CHECK(has(refusal(answer("{}", 429)), "transient_error"));
}

TEST_CASE("check uses the given token although it should have ended, and renews only what is refused") {
  TokensFixture usable(Json{{"token_expiry_date", "2026-01-01T00:00:00Z"}}, TokenUse::check);
  usable.client.script({answer(kMe)});
  usable.call();
  CHECK(usable.token_requests().empty());
  CHECK_FALSE(usable.account->tokens().refreshed());

  TokensFixture refused(Json{{"token_expiry_date", "2026-01-01T00:00:00Z"}}, TokenUse::check);
  refused.client.script({answer(kRefused, 401), granted(2), answer(kMe)});
  refused.call();
  CHECK(refused.token_requests().size() == 1);
  CHECK(refused.account->tokens().refreshed());
}

TEST_CASE("a stop does not cut a refresh off: its answer is the only copy of the next token") {
  TokensFixture f(Json{{"access_token", ""}});
  f.client.answer_with([&](const http::Request& request, const std::stop_token& stop) {
    if (!asks_for_token(request)) return answer(kMe);
    f.stop.request_stop();
    CHECK_FALSE(stop.stop_requested());
    return granted(2);
  });
  CHECK_THROWS_AS(f.call(), Stopped);
  CHECK(f.updates.configs.size() == 1);
}

TEST_CASE("streams whose requests are refused at the same time renew the token once") {
  TokensFixture f;
  std::atomic<int> refused = 0;
  f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
    if (asks_for_token(request)) return granted(2);
    if (authorization(request) == "Bearer access-2") return answer(kMe);
    ++refused;
    while (refused < 4) std::this_thread::yield();
    return answer(kRefused, 401);
  });
  f.config.workers = 4;
  f.account = std::make_shared<Account>(f.config, TokenUse::sync);
  std::vector<std::thread> streams;
  for (int at = 0; at < 4; ++at) streams.emplace_back([&] { f.call(); });
  for (auto& stream : streams) stream.join();
  CHECK(f.token_requests().size() == 1);
  CHECK(f.updates.configs.size() == 1);
}

TEST_CASE("client credentials mint a token when one is needed, and may ask again") {
  TokensFixture f(Json{{"auth_type", "client_credentials"}, {"access_token", ""}, {"refresh_token", ""}});
  f.client.script({answer("", 503), granted(2), answer(kMe), answer(kRefused, 401), granted(3), answer(kMe)});
  f.call();
  f.call();
  CHECK(f.token_requests().size() == 3);
  CHECK(f.token_requests().front().body ==
        "grant_type=client_credentials&client_id=the-key&client_secret=the%2Bsecret");
  CHECK(f.tokens_used() == std::vector<std::string>{"Bearer access-2", "Bearer access-2", "Bearer access-3"});
  CHECK(f.updates.configs.empty());
  CHECK(f.updates.secrets.size() == 4);
}

TEST_CASE("client credentials that are refused say so") {
  TokensFixture f(Json{{"auth_type", "client_credentials"}, {"access_token", ""}});
  f.client.script({answer(R"({"error":"invalid_client"})", 401)});
  CHECK(has(message_of([&] { f.call(); }), "Client ID and Client Secret"));
}

TEST_CASE("an access token alone is not renewed when it ends") {
  TokensFixture f(Json{{"auth_type", "access_token"}, {"refresh_token", ""}, {"client_secret", ""}});
  f.client.script({answer(kRefused, 401)});
  const auto text = message_of([&] { f.call(); });
  CHECK(has(text, "config_error"));
  CHECK(has(text, "credentials.access_token"));
  CHECK(f.token_requests().empty());
}

}  // namespace
}  // namespace engagement::sprinklr
