#include "sources/sprinklr/tokens.hpp"

#include <atomic>
#include <thread>

#include "sources/sprinklr/tokens_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;

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

TEST_CASE("the deadline of check cuts a refresh off, which asks to log in again, and none is begun shortly before it") {
  TokensFixture f(Json{{"access_token", ""}}, TokenUse::check);
  f.environment.deadline = f.clock.steady_now() + 60s;
  f.client.script({fault(http::TransportFault::deadline)});
  const auto text = message_of([&] { f.call(); });
  CHECK(f.token_requests().at(0).deadline == f.environment.deadline);
  CHECK(has(text, "config_error"));
  CHECK(has(text, "Log in to Sprinklr again"));

  TokensFixture late(Json{{"access_token", ""}}, TokenUse::check);
  late.environment.deadline = late.clock.steady_now() + 9s;
  CHECK(has(message_of([&] { late.call(); }), "transient_error"));
  CHECK(late.token_requests().empty());
}

TEST_CASE("a refresh is critical work until its token has been handed over") {
  TokensFixture f(Json{{"access_token", ""}});
  engine::CriticalWork work;
  f.environment.critical_work = &work;
  f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
    CHECK(work.in_progress() == asks_for_token(request));
    return asks_for_token(request) ? granted(2) : answer(kMe);
  });
  f.call();
  CHECK_FALSE(work.in_progress());
}

TEST_CASE("after a stop no refresh begins") {
  TokensFixture f;
  f.client.answer_with([&](const http::Request&, const std::stop_token&) { return answer(kMe); });
  f.stop.request_stop();
  http::Request request;
  f.config.credentials.access_token.clear();
  Tokens tokens(f.config, TokenUse::sync);
  CHECK_THROWS_AS(tokens.authorize(request, f.context, f.stop.get_token()), Stopped);
  CHECK(f.client.requests().empty());
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

TEST_CASE("a check that fails after it has used the refresh token says so") {
  TokensFixture f(Json{{"access_token", ""}}, TokenUse::check);
  f.client.script({granted(2), answer(R"({"message":"Forbidden"})", 403)});
  const auto text = message_of([&] { make_sprinklr_source()->check(f.config.json, f.context, {}); });
  CHECK(has(text, "Generate API Token"));
  CHECK(has(text, "The refresh token has been used"));
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
  f.clock.advance(10min);
  f.call();
  CHECK(f.token_requests().size() == 3);
  CHECK(f.token_requests().front().body ==
        "grant_type=client_credentials&client_id=the-key&client_secret=the%2Bsecret");
  CHECK(f.tokens_used() == std::vector<std::string>{"Bearer access-2", "Bearer access-2", "Bearer access-3"});
  CHECK(f.updates.configs.empty());
  CHECK(f.updates.secrets.size() == 4);
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
