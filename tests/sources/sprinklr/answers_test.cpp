#include "sources/sprinklr/answers.hpp"

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

struct Judged {
  rest::Answer answer;
  rest::Rule rule;
};

Judged judged(int status, const std::string& body, Special special = Special::none, bool v1 = false) {
  rest::Page page;
  page.response.status = status;
  page.response.body.append(body);
  page.response.body.pad();
  rest::PageShape shape{{"data.data", "rows"}, failure_values()};
  page.read(shape);
  const auto answer = v1 ? judge_page_v1(page) : judge_page(page);
  const auto rules = rules_for(special, "a right");
  return {answer, rest::judge(answer, rules)};
}

TEST_CASE("an answer is a success only where Sprinklr says so") {
  CHECK(judged(200, R"({"data":{"data":[{}]},"errors":[]})").answer.succeeded);
  CHECK(judged(200, R"({"data":{},"errors":[]})").answer.succeeded);
  CHECK(judged(200, R"({"data":null})").answer.succeeded);
  CHECK(judged(200, "{\n \"data\": {},\n \"errors\": [\n ]\n}").answer.succeeded);
  CHECK(judged(200, R"({"data":{"data":[{}]}})").answer.succeeded);
  CHECK(judged(200, R"({"data":{"data":[{}]},"errors":null})").answer.succeeded);
  CHECK_FALSE(judged(200, R"({"data":{"data":[{}]},"errors":[{"message":"x"}]})").answer.succeeded);
  CHECK_FALSE(judged(200, R"({"data":{},"message":"Streaming is not enabled for you"})").answer.succeeded);
  CHECK_FALSE(judged(200, R"({"status":"FAILURE","data":[]})").answer.succeeded);
  for (const char* body : {"", "{}", "[]", "null", "<html></html>", R"({"data":{"data":[{"a":1)", R"({"ok":true})"}) {
    INFO(body);
    CHECK(judged(200, body).answer.unreadable);
    CHECK(judged(200, body).rule.action == rest::Action::retry);
  }
  CHECK(judged(200, "{}", Special::none, true).answer.succeeded);
  CHECK(judged(200, "[]", Special::none, true).answer.unreadable);
}

TEST_CASE("the words of a failure are found in whatever they are written") {
  CHECK(judged(400, R"({"errors":[{"message":"one"},{"message":"two"},"three"]})").answer.text == "one; two; three");
  CHECK(judged(400, R"({"message":"bare"})").answer.text == "bare");
  CHECK(judged(400, R"({"error":"invalid_grant","error_description":"why"})").answer.text == "invalid_grant: why");
  CHECK(judged(400, R"({"fault":{"faultstring":"gone","detail":{}}})").answer.text == "gone");
  CHECK(judged(403, "<?xml version=\"1.0\"?>\n<h1>Developer  Over\nQps</h1>").answer.text == "Developer Over Qps");
  CHECK(judged(502, std::string(5000, 'x')).answer.text.size() == 300);
}

TEST_CASE("a list whose name is missing is empty only in an answer that holds nothing at all") {
  const auto judged_member = [](const std::string& body) {
    rest::Page page;
    page.response.status = 200;
    page.response.body.append(body);
    page.response.body.pad();
    rest::PageShape shape{{"MACROS"}, failure_values()};
    page.read(shape);
    const auto answer = judge_member("MACROS")(page);
    const auto rules = rules_for(Special::none, "a right");
    return rest::judge(answer, rules).action;
  };
  CHECK(judged_member("{}") == rest::Action::skip);
  CHECK(judged_member(R"({"CLIENTS":[]})") == rest::Action::retry);
  CHECK(judged_member(R"({"resources":[{"id":1}]})") == rest::Action::retry);
  CHECK(judged_member(R"({"MACROS":null})") == rest::Action::ok);
  CHECK(judged_member(R"({"error":"x"})") == rest::Action::retry);
  CHECK(judged_member("[]") == rest::Action::retry);
}

TEST_CASE("each failure has its outcome") {
  const auto action = [](int status, const std::string& words, Special special = Special::none) {
    return judged(status, Json{{"errors", {{{"message", words}}}}}.dump(), special).rule.action;
  };
  using rest::Action;
  CHECK(action(400, "Please try again") == Action::retry);
  CHECK(action(400, "Cannot fetch more than 10000 messages overall", Special::report) == Action::split);
  CHECK(action(400, "Cannot fetch more than 10000 messages overall") == Action::fail);
  CHECK(action(504, "", Special::report) == Action::split);
  CHECK(action(504, "") == Action::retry);
  CHECK(action(500, "") == Action::retry);
  CHECK(action(429, "Rate limit exceeded") == Action::slow_down);
  CHECK(action(403, "Developer Over Qps") == Action::slow_down);
  CHECK(action(403, "developer over rate") == Action::slow_down);
  CHECK(action(403, "Developer Inactive") == Action::fail);
  CHECK(action(401, "Unauthorized") == Action::refresh);
  CHECK(action(401, "Invalid consumer key") == Action::fail);
  CHECK(action(401, "Invalid access token for this API key") == Action::refresh);
  CHECK(action(421, "") == Action::fail);
  const auto forbidden = judged(400, R"({"errors":[{"message":"Access to resource is forbidden"}]})");
  CHECK(forbidden.rule.advice == "a right");
  CHECK(forbidden.rule.failure == FailureType::config);
  CHECK(judged(403, R"({"message":"Forbidden"})").rule.advice == "a right");
  CHECK(judged(400, R"({"message":"Invalid request/response"})").rule.failure == FailureType::config);
}

}  // namespace
}  // namespace engagement::sprinklr
