#include "sources/kustomer/organisation.hpp"

#include "sources/kustomer/kustomer_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::kustomer {
namespace {

std::string error_of(const std::string& body, int status = 400) {
  const ReadPage read(body, status);
  const auto answer = judge_answer(read.page);
  CHECK_FALSE(answer.succeeded);
  return answer.text;
}

// What a call that is answered so ends with.
std::string failure_of(const std::string& body, int status, const std::string& role = "org.permission.brand.read") {
  test::StreamFixture f;
  f.environment.retry_limit = std::chrono::seconds(0);
  f.client.script({test::answer(body, status)});
  engine::CommandContext context(f.environment, f.logger);
  const auto organisation = std::make_shared<const Organisation>(config_with());
  const RoleCaller caller(organisation, role);
  rest::Page page;
  return message_of([&] { caller.call(organisation->get("/v1/brands"), "GET /v1/brands", page, context, {}); });
}

TEST_CASE("what a list was asked for holds for the pages behind its links, too") {
  const Organisation organisation(config_with({{"org", "acme"}}));
  const std::string users = "https://acme.api.kustomerapp.com/v1/users";
  const auto follow = [&](const std::string& link) {
    return organisation.follow(link, "/v1/users?pageSize=500&deleted=false").url;
  };
  CHECK(follow("/v1/users?page=2") == users + "?page=2&pageSize=500&deleted=false");
  CHECK(follow("/v1/users?page=2&pageSize=100") == users + "?page=2&pageSize=100&deleted=false");
  CHECK(follow("/v1/users?deleted=true&page=2&pageSize=9") == users + "?deleted=true&page=2&pageSize=9");
  CHECK(follow("/v1/users") == users + "?pageSize=500&deleted=false");
}

TEST_CASE("links lead to the host of the configuration, the version said once") {
  const Organisation organisation(config_with({{"org", "acme"}, {"user_agent", "me"}}));
  const std::string host = "https://acme.api.kustomerapp.com";
  CHECK(organisation.follow("/v1/users?page=2&pageSize=500", "/v1/users").url ==
        host + "/v1/users?page=2&pageSize=500");
  CHECK(organisation.follow("?page=2&x=a b", "/v1/tags?pageSize=5").url == host + "/v1/tags?page=2&x=a%20b&pageSize=5");
  CHECK(organisation.follow("v1/users?page=2", "/v1/users").url == host + "/v1/users?page=2");
  CHECK(organisation.follow("/users?page=2", "/v1/users").url == host + "/v1/users?page=2");
  CHECK(organisation.follow("/v2.1/chat?page=2", "/v1/users").url == host + "/v2.1/chat?page=2");
  CHECK(organisation.follow("https://elsewhere.example/v1/users?page=3", "/v1/users").url == host + "/v1/users?page=3");
  const auto request = organisation.post("/v1/customers/search", "{}");
  CHECK(request.url == host + "/v1/customers/search");
  std::string headers;
  for (const auto& header : request.headers) headers += header.name + ": " + header.value + "\n";
  CHECK(headers ==
        "Authorization: Bearer test-key-1234\nAccept: application/json\nUser-Agent: me\nContent-Type: "
        "application/json\n");
  CHECK(Organisation(config_with({{"api_base_url", "http://127.0.0.1:9/v1"}})).get("/v1/x").url ==
        "http://127.0.0.1:9/v1/x");
}

TEST_CASE("errors of both shapes are shown") {
  CHECK(error_of(R"({"errors":[{"code":"bad_request","message":"Invalid body","meta":{}}]})") ==
        "bad_request: Invalid body");
  CHECK(error_of(
            R"({"errors":[{"status":"400","code":"invalid","title":"Bad","detail":"page is odd"},{"title":"B"}]})") ==
        "invalid: page is odd; B");
  CHECK(error_of(R"({"errors":{"message":"one"}})") == "one");
  CHECK(error_of(R"({"errors":["text"]})") == "text");
  CHECK(error_of(R"({"error":"plain"})") == "plain");
  CHECK(error_of(R"({"message":"other"})") == "other");
}

TEST_CASE("a 200 with errors, without data, cut or of a search that timed out is no success") {
  CHECK(error_of(R"({"errors":[{"status":"503","detail":"busy"}],"data":[]})", 200) == "busy");
  CHECK(has(error_of(R"({"meta":{}})", 200), "without \"data\""));
  CHECK(has(error_of(R"({"data":[)", 200), "malformed"));
  CHECK(has(error_of(R"({"meta":{"timed_out":true},"data":[]})", 200), "timed_out"));
  const ReadPage good(R"({"meta":{"timed_out":false},"data":[]})");
  CHECK(judge_answer(good.page).succeeded);
}

TEST_CASE("a key is refused in words that say what to mend") {
  CHECK(has(failure_of(R"({"errors":[{"code":"unauthorized","message":"Expired token"}]})", 401),
            "config_error: Kustomer answered HTTP 401 (\"unauthorized: Expired token\"). The API Key (api_token) has "
            "expired"));
  CHECK(has(failure_of(R"({"errors":[{"message":"Invalid token"}]})", 401), "Check the API Key (api_token)"));
  const std::string pod =
      R"({"errors":[{"message":"Auth token associated with pod prod2 but request is being handled by prod1"}]})";
  for (const int status : {400, 401, 403}) {
    CHECK(has(failure_of(pod, status), "config_error"));
    CHECK(has(failure_of(pod, status), "Set Region (region) to \"eu\""));
  }
  CHECK(has(failure_of(R"({"errors":[{"message":"Auth token associated with pod prod9 but"}]})", 401),
            "Name the Organisation (org)"));
}

TEST_CASE("trouble inside of Kustomer that comes with a 200 may pass, and an empty answer is called one") {
  CHECK(has(failure_of(R"({"errors":[{"code":"internal","message":"boom"}]})", 200), "transient_error"));
  const auto text = failure_of("", 403);
  CHECK(has(text, "HTTP 403 (\"an empty body\"). The API key lacks a role"));
}

TEST_CASE("a missing role is named, and a 404 is no success") {
  const auto text = failure_of(R"({"errors":[{"code":"forbidden","message":"no"}]})", 403);
  CHECK(has(text, "config_error"));
  CHECK(has(text, "org.permission.brand.read"));
  CHECK(has(failure_of(R"({"errors":[{"code":"not_found"}]})", 404), "config_error"));
  CHECK(has(failure_of(R"({"errors":[{"code":"payment"}]})", 402), "plan"));
  CHECK(has(failure_of(R"({"errors":[{"code":"bad_request"}]})", 400), "system_error"));
  CHECK(has(failure_of("oops", 503), "transient_error"));
}

}  // namespace
}  // namespace engagement::kustomer
