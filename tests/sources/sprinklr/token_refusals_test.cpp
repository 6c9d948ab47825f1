// Requests and renewals that Sprinklr refuses, or does not answer.

#include "sources/sprinklr/tokens_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;

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

TEST_CASE("a 401 that is about the token renews it, whatever else it names") {
  for (const char* words : {"Invalid access token for this API key", "invalid_token: access token expired (apikey abc)",
                            "Token expired. Please regenerate the token for your environment"}) {
    TokensFixture f;
    f.client.script({answer(Json{{"errors", {{{"message", words}}}}}.dump(), 401), granted(2), answer(kMe)});
    f.call();
    CHECK(f.token_requests().size() == 1);
  }
}

TEST_CASE("a right that is missing and answered by 401 costs one refresh token, and is named") {
  TokensFixture f;
  const auto refused = answer(R"({"errors":[{"message":"Insufficient rights"}]})", 401);
  f.client.script({refused, granted(2), refused});
  for (int stream = 0; stream < 6; ++stream) {
    const auto text = message_of([&] { f.call(); });
    CHECK(has(text, "config_error"));
    CHECK(has(text, "Generate API Token"));
  }
  CHECK(f.token_requests().size() == 1);
}

TEST_CASE("a 401 that is not about the token renews no token that has just been accepted") {
  TokensFixture f(Json::object(), TokenUse::check);
  const auto refused = answer(R"({"errors":[{"message":"You do not have permission to view this report"}]})", 401);
  f.client.script({answer(kMe), refused});
  f.call();
  CHECK(has(message_of([&] { f.call(); }), "config_error"));
  CHECK(f.token_requests().empty());
}

TEST_CASE("a refresh token is not used up where its successor could not be stored") {
  TokensFixture f;
  f.updates.cannot_replace = true;
  f.client.script({answer(kRefused, 401)});
  CHECK(has(message_of([&] { f.call(); }), "cannot be replaced"));
  CHECK(f.token_requests().empty());
}

TEST_CASE("a token that this process got is renewed when its end has come, or it is old and called ended") {
  TokensFixture known;
  known.client.script({answer(kRefused, 401), granted(2, 3600), answer(kMe), granted(3), answer(kMe)});
  known.call();
  known.clock.advance(59min);
  known.call();
  CHECK(known.token_requests().size() == 2);
  TokensFixture unknown(Json{{"access_token", ""}});
  unknown.client.script({answer(R"({"access_token":"access-2","refresh_token":"r"})"), answer(kMe),
                         answer(kRefused, 401), granted(3), answer(kMe)});
  unknown.call();
  unknown.clock.advance(8h);
  unknown.call();
  CHECK(unknown.token_requests().size() == 2);
}

TEST_CASE("a 401 that is about the key or the environment renews nothing") {
  for (const auto& words :
       {"Invalid consumer key", "Invalid APIKey/ClientID", "wrong environment", "invalid_client: client_id not found",
        "Developer Inactive", "Invalid client identifier abc", "Missing or wrong key"}) {
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
      answer("", 408),
      answer("", 425),
      answer(R"({"message":"Please try again"})", 400),
      fault(http::TransportFault::refused_redirect),
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

TEST_CASE("a redirect of a refresh names the host and the environment") {
  TokensFixture f(Json{{"access_token", ""}});
  f.client.script({fault(http::TransportFault::refused_redirect)});
  const auto text = message_of([&] { f.call(); });
  CHECK(has(text, "API Host (api_host)"));
  CHECK(has(text, "Environment (environment)"));
  TokensFixture unusable(Json{{"access_token", ""}});
  unusable.client.script({fault(http::TransportFault::bad_url)});
  CHECK(has(message_of([&] { unusable.call(); }), "config_error"));
}

TEST_CASE("a token that still works is gone on with where another cannot be got") {
  TokensFixture f(Json{{"token_expiry_date", "2026-03-01T00:01:00Z"}});
  f.client.script({fault(http::TransportFault::cannot_connect), answer(kMe), answer(kMe), granted(2), answer(kMe)});
  f.call();
  f.call();
  CHECK(f.token_requests().size() == 1);
  CHECK(f.logs("WARN").size() == 1);
  f.clock.advance(31s);
  f.call();
  CHECK(f.tokens_used() == std::vector<std::string>{"Bearer access-1", "Bearer access-1", "Bearer access-2"});

  TokensFixture ended(Json{{"token_expiry_date", "2026-03-01T00:00:00Z"}});
  ended.client.script({fault(http::TransportFault::cannot_connect)});
  CHECK(has(message_of([&] { ended.call(); }), "transient_error"));
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

TEST_CASE("minting a token is tried again where Sprinklr has trouble") {
  for (const auto& trouble : {answer(R"({"message":"Please try again"})", 400), answer("", 408), answer("", 425)}) {
    TokensFixture f(Json{{"auth_type", "client_credentials"}, {"access_token", ""}});
    f.client.script({trouble, granted(2), answer(kMe)});
    f.call();
    CHECK(f.token_requests().size() == 2);
  }
}

TEST_CASE("client credentials that are refused say so") {
  TokensFixture f(Json{{"auth_type", "client_credentials"}, {"access_token", ""}});
  f.client.script({answer(R"({"error":"invalid_client"})", 401)});
  CHECK(has(message_of([&] { f.call(); }), "Client ID and Client Secret"));
}

}  // namespace
}  // namespace engagement::sprinklr
