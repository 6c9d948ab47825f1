#include "rest/rules.hpp"

#include <array>
#include <string>

#include "support/catch.hpp"

namespace engagement::rest {
namespace {

using namespace std::chrono_literals;

Answer with_status(int status, std::string text = {}) {
  Answer answer;
  answer.status = status;
  answer.text = std::move(text);
  return answer;
}

TEST_CASE("an answer that its vendor calls a success is one, whatever the vendor's rules say") {
  const std::array own = {Rule{.name = "all fails", .failure = FailureType::config, .advice = "no"}};
  auto answer = with_status(200);
  answer.succeeded = true;
  CHECK(judge(answer, own).action == Action::ok);
}

TEST_CASE("the default rules judge by the HTTP status") {
  const struct {
    int status;
    Action action;
    FailureType failure;
  } cases[] = {{400, Action::fail, FailureType::system},     {401, Action::fail, FailureType::config},
               {403, Action::fail, FailureType::config},     {404, Action::fail, FailureType::system},
               {408, Action::retry, FailureType::transient}, {409, Action::fail, FailureType::system},
               {425, Action::retry, FailureType::transient}, {429, Action::slow_down, FailureType::transient},
               {499, Action::fail, FailureType::system},     {500, Action::retry, FailureType::transient},
               {502, Action::retry, FailureType::transient}, {503, Action::retry, FailureType::transient},
               {504, Action::retry, FailureType::transient}, {599, Action::retry, FailureType::transient},
               {600, Action::fail, FailureType::system},     {302, Action::fail, FailureType::system},
               {100, Action::fail, FailureType::system}};
  for (const auto& one : cases) {
    INFO(one.status);
    const Rule rule = judge(with_status(one.status), {});
    CHECK(rule.action == one.action);
    CHECK(rule.failure == one.failure);
    CHECK_FALSE(rule.advice.empty());
    CHECK_FALSE(rule.name.empty());
  }
}

TEST_CASE("a 200 that is no success is unknown, not ok") {
  CHECK(judge(with_status(200), {}).action == Action::fail);
  CHECK(judge(with_status(204), {}).failure == FailureType::system);
}

TEST_CASE("a vendor's own rows come first and in their order") {
  const std::array own = {
      Rule{.name = "second look", .statuses = 500, .code = 7, .action = Action::skip},
      Rule{
          .name = "five hundred", .statuses = 500, .action = Action::wait, .failure = FailureType::config, .pause = 5s},
      Rule{.name = "never reached", .statuses = 500, .failure = FailureType::config}};
  auto answer = with_status(500);
  CHECK(judge(answer, own).name == "five hundred");
  CHECK(judge(answer, own).pause == 5s);
  answer.code = 7;
  CHECK(judge(answer, own).name == "second look");
  answer.code = 8;
  CHECK(judge(answer, own).name == "five hundred");
  CHECK(judge(with_status(501), own).action == Action::retry);
}

TEST_CASE("every condition of a row has to hold") {
  const std::array own = {
      Rule{.name = "match", .statuses = {400, 404}, .code = 3, .text = "cursor", .action = Action::restart}};
  auto answer = with_status(402, "Invalid CURSOR given");
  answer.code = 3;
  CHECK(judge(answer, own).action == Action::restart);
  answer.code = std::nullopt;
  CHECK(judge(answer, own).name != "match");
  answer.code = 3;
  answer.text = "Invalid page";
  CHECK(judge(answer, own).name != "match");
  answer.text = "cursor";
  for (const int status : {399, 405}) {
    answer.status = status;
    CHECK(judge(answer, own).name != "match");
  }
  for (const int status : {400, 404}) {
    answer.status = status;
    CHECK(judge(answer, own).name == "match");
  }
}

TEST_CASE("an unreadable answer is repeated unless its status says more") {
  auto answer = with_status(200, "an HTML page: hello");
  answer.unreadable = true;
  CHECK(judge(answer, {}).action == Action::retry);
  CHECK(judge(answer, {}).failure == FailureType::transient);
  answer.status = 302;
  CHECK(judge(answer, {}).action == Action::retry);
  answer.status = 401;
  CHECK(judge(answer, {}).failure == FailureType::config);
  answer.status = 503;
  CHECK(judge(answer, {}).name == "server error");
  answer.status = 404;
  CHECK(judge(answer, {}).action == Action::fail);
}

TEST_CASE("the bytes of an unreadable answer are no words of the vendor") {
  const std::array own = {
      Rule{.name = "cursor gone", .statuses = {200, 499}, .text = "cursor", .action = Action::restart}};
  auto answer = with_status(200, R"(malformed JSON: {"status":"success","next_cursor":"Zi)");
  answer.unreadable = true;
  CHECK(judge(answer, own).action == Action::retry);
  answer.status = 400;
  CHECK(judge(answer, own).action == Action::fail);
}

TEST_CASE("faults of the transfer are repeated but where that is of no use") {
  using http::TransportFault;
  for (const auto fault : {TransportFault::cannot_resolve, TransportFault::cannot_connect, TransportFault::tls,
                           TransportFault::timeout, TransportFault::broken, TransportFault::bad_encoding}) {
    const Rule rule = judge(http::TransportError{fault, ""});
    INFO(http::to_string(fault));
    CHECK(rule.action == Action::retry);
    CHECK(rule.failure == FailureType::transient);
    CHECK_FALSE(rule.advice.empty());
  }
  for (const auto fault : {TransportFault::bad_url, TransportFault::refused_redirect}) {
    CHECK(judge(http::TransportError{fault, ""}).action == Action::fail);
    CHECK(judge(http::TransportError{fault, ""}).failure == FailureType::config);
  }
  CHECK(judge(http::TransportError{TransportFault::deadline, ""}).action == Action::fail);
  CHECK(judge(http::TransportError{TransportFault::deadline, ""}).failure == FailureType::transient);
}

TEST_CASE("a TLS failure names the setting for a certificate of one's own") {
  const Rule rule = judge(http::TransportError{http::TransportFault::tls, ""});
  CHECK(rule.advice.find("SSL_CERT_FILE") != std::string_view::npos);
}

std::optional<std::chrono::seconds> retry_after_of(std::string value) {
  http::Response response;
  response.headers.push_back({"retry-after", std::move(value)});
  // Sun, 01 Mar 2026 00:00:00.500
  const SystemTime now = std::chrono::sys_days(std::chrono::year{2026} / 3 / 1) + 500ms;
  return retry_after(response, now);
}

TEST_CASE("Retry-After is understood in seconds") {
  CHECK(retry_after_of("0") == 0s);
  CHECK(retry_after_of("7") == 7s);
  CHECK(retry_after_of("3600") == 1h);
}

TEST_CASE("Retry-After is understood as a date, rounded up, and never negative") {
  CHECK(retry_after_of("Sun, 01 Mar 2026 00:01:00 GMT") == 60s);
  CHECK(retry_after_of("Sun, 01 Mar 2026 00:00:01 GMT") == 1s);
  CHECK(retry_after_of("Sat, 28 Feb 2026 23:59:59 GMT") == 0s);
}

TEST_CASE("a Retry-After that makes no sense is none") {
  for (const char* value : {"", "soon", "-5", "1.5", "5s", "99999999999999999999", "Sun, 99 Mar 2026 00:00:00 GMT",
                            "01 Mar 2026", "Sun, 01 Mar 2026 00:01:00 EST"}) {
    INFO(value);
    CHECK_FALSE(retry_after_of(value).has_value());
  }
  CHECK_FALSE(retry_after(http::Response{}, {}).has_value());
}

TEST_CASE("an endless Retry-After stays a duration that can be added to") {
  const auto wait = retry_after_of("9223372036854775807");
  REQUIRE(wait.has_value());
  CHECK(*wait > 24h);
  CHECK(*wait <= 366 * 24h);
  CHECK(*retry_after_of("Fri, 31 Dec 9999 23:59:59 GMT") <= 366 * 24h);
}

}  // namespace
}  // namespace engagement::rest
