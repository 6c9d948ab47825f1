#include "sources/clevertap/account.hpp"

#include "engine/command_context.hpp"
#include "sources/clevertap/answer_rules.hpp"
#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using test::answer;

std::optional<std::string> header(const http::Request& request, std::string_view name) {
  for (const auto& one : request.headers) {
    if (one.name == name) return one.value;
  }
  return std::nullopt;
}

TEST_CASE("plain words are made of a text, a list in a text, and anything else") {
  CHECK(plain_words("Invalid Credentials") == "Invalid Credentials");
  CHECK(plain_words(R"(["Invalid event : X"])") == "Invalid event : X");
  CHECK(plain_words(R"(["a",2,"b"])") == "a; 2; b");
  CHECK(plain_words("[not a list") == "[not a list");
  CHECK(plain_words("[]").empty());
  CHECK(plain_words("").empty());
}

TEST_CASE("an envelope is a success only with the word and a good status") {
  const Envelope good{"success", "", std::nullopt};
  CHECK(to_answer(200, good).succeeded);
  CHECK(to_answer(299, good).succeeded);
  CHECK_FALSE(to_answer(300, good).succeeded);
  CHECK_FALSE(to_answer(500, good).succeeded);
  CHECK_FALSE(to_answer(200, {"partial", "", std::nullopt}).succeeded);
  CHECK_FALSE(to_answer(200, {"fail", "no", 3}).succeeded);
  CHECK(to_answer(200, {"fail", "no", 3}).code == 3);
}

TEST_CASE("an envelope that says nothing is none of CleverTap's") {
  CHECK(to_answer(200, {}).unreadable);
  CHECK_FALSE(to_answer(200, {std::nullopt, "words", std::nullopt}).unreadable);
  CHECK_FALSE(to_answer(200, {std::nullopt, "", 1}).unreadable);
}

TEST_CASE("requests carry the credentials, and only a POST has a content type") {
  const Account account(config_with({{"region", "in1"}}));
  const auto get = account.get("/1/events.json?cursor=a%3D");
  CHECK(get.method == http::Method::get);
  CHECK(get.url == "https://in1.api.clevertap.com/1/events.json?cursor=a%3D");
  CHECK(header(get, "X-CleverTap-Account-Id") == "TEST-123-4567");
  CHECK(header(get, "X-CleverTap-Passcode") == "AAA-BBB-CCCC");
  CHECK_FALSE(header(get, "Content-Type").has_value());
  CHECK(get.body.empty());
  const auto post = account.post("/1/events.json", "{}");
  CHECK(post.method == http::Method::post);
  CHECK(header(post, "Content-Type") == "application/json");
  CHECK(header(post, "X-CleverTap-Passcode") == "AAA-BBB-CCCC");
  CHECK(post.body == "{}");
}

TEST_CASE("the names of events come from getSchema without repetition or blanks") {
  ClevertapFixture f;
  f.client.script({answer(R"({"status":"success","events":[{"name":"Charged","eventCount":5},{"name":"App Launched"},
                              {"name":""},{"noname":1},7,{"name":"Charged"},{"name":3}]})")});
  const Account account(config_with());
  CHECK(account.event_names(f.context, {}) == std::vector<std::string>{"Charged", "App Launched"});
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "4 entries of GET /getSchema?type=events have no name"));
  CHECK(f.client.urls() == std::vector<std::string>{"https://api.clevertap.com/getSchema?type=events"});
}

TEST_CASE("a schema without events is a system error that says what to do") {
  ClevertapFixture f;
  f.client.script({answer(R"({"status":"success"})")});
  const Account account(config_with());
  const auto text = message_of([&] { account.event_names(f.context, {}); });
  CHECK(has(text, "system_error"));
  CHECK(has(text, "event_names"));
}

// How each documented failure of the API is judged, by what becomes of a call.
std::string outcome_of(int status, const std::string& body) {
  ClevertapFixture f;
  f.client.script({answer(body, status), answer(R"({"status":"success","events":[]})")});
  const Account account(config_with());
  const auto text = message_of([&] { account.event_names(f.context, {}); });
  return text.empty() ? "repeated" : text.substr(0, text.find(':'));
}

TEST_CASE("every failure that CleverTap is known to send is judged as it means it") {
  CHECK(outcome_of(200, R"({"status":"fail","error":"Request Throttled","code":1})") == "repeated");
  CHECK(outcome_of(200, R"({"status":"fail","error":"Request still in progress, please retry later","code":2})") ==
        "repeated");
  CHECK(outcome_of(202, R"({"status":"fail","error":"in progress","code":2})") == "repeated");
  CHECK(outcome_of(429, R"({"status":"fail","error":"Too many concurrent requests","code":429})") == "repeated");
  CHECK(outcome_of(200, R"({"status":"fail","error":"Too many requests"})") == "repeated");
  CHECK(outcome_of(500, R"({"status":"fail","error":"An unknown error occurred","code":500})") == "repeated");
  CHECK(outcome_of(200, R"({"status":"fail","error":"An unknown error occurred"})") == "repeated");
  CHECK(outcome_of(200, R"({"status":"fail","error":"x","code":500})") == "repeated");
  CHECK(outcome_of(200, R"({"status":"fail","error":"x","code":503})") == "repeated");
  CHECK(outcome_of(503, "<html><title>Service Unavailable</title></html>") == "repeated");
  CHECK(outcome_of(200, "<html><title>Maintenance</title></html>") == "repeated");
  CHECK(outcome_of(200, R"({"status":"success","next_cursor":"ab)") == "repeated");
  CHECK(outcome_of(401, R"({"status":"fail","error":"Invalid Credentials","code":401})") == "config_error");
  CHECK(outcome_of(401, "nothing") == "config_error");
  CHECK(outcome_of(200, R"({"status":"fail","error":"Invalid Credentials"})") == "config_error");
  CHECK(outcome_of(200, R"({"status":"fail","error":"x","code":401})") == "config_error");
  CHECK(outcome_of(403, R"({"status":"fail","error":"Forbidden","code":403})") == "config_error");
  CHECK(outcome_of(200, R"({"status":"fail","error":"invalid date","code":4002})") == "config_error");
  CHECK(outcome_of(400, R"({"status":"fail","error":"batch_size is wrong","code":400})") == "config_error");
  CHECK(outcome_of(404, R"({"status":"fail","error":"Not found"})") == "config_error");
  CHECK(outcome_of(200, R"({"status":"fail","error":"who knows","code":77})") == "system_error");
  CHECK(outcome_of(200, R"({"status":"fail","error":"Request still in progress, please retry later"})") == "repeated");
  CHECK(outcome_of(200, R"({"status":"fail","error":"x","code":2.0})") == "repeated");
  CHECK(outcome_of(200, R"({"status":"fail","error":"Request Throttled"})") == "repeated");
  CHECK(outcome_of(400, R"({"status":"fail","error":"Too many groups: at most 5","code":400})") == "config_error");
  CHECK(outcome_of(429, "<html><title>Slow down</title></html>") == "repeated");
}

TEST_CASE("throttling waits half a minute at least") {
  ClevertapFixture f;
  f.client.script({answer(R"({"status":"fail","error":"Request Throttled","code":1})"),
                   answer(R"({"status":"success","events":[]})")});
  const Account account(config_with());
  account.event_names(f.context, {});
  CHECK(f.clock.waited() == std::chrono::seconds(30));
}

TEST_CASE("credentials are proven by a call that any passcode may make") {
  ClevertapFixture f;
  f.client.script({answer(R"({"status":"success","count":1})")});
  const Account account(config_with());
  CHECK(message_of([&] { account.prove_credentials(f.context, {}); }).empty());
  REQUIRE(f.client.requests().size() == 1);
  CHECK(f.client.requests()[0].url == "https://api.clevertap.com/1/now.json");
  CHECK(f.client.requests()[0].body == "{}");
}

TEST_CASE("bad credentials name the fields to check") {
  ClevertapFixture f;
  f.client.script({answer(R"({"status":"fail","error":"Invalid Credentials","code":401})", 401)});
  const Account account(config_with());
  const auto text = message_of([&] { account.prove_credentials(f.context, {}); });
  CHECK(has(text, "config_error"));
  for (const char* word : {"account id", "passcode", "region", "Invalid Credentials"}) CHECK(has(text, word));
}

TEST_CASE("an event is unknown or refused whatever words its name repeats") {
  for (const char* words : {"[\\\"Invalid event : Login Too Many Requests\\\"]", "Invalid event : Invalid Credentials",
                            "Invalid event : Payment in progress", "Invalid event : Request Throttled",
                            "Export not allowed for this event: cursor moved"}) {
    for (const int status : {200, 400}) {
      INFO(words);
      rest::Answer said;
      said.status = status;
      said.code = 400;
      said.text = words;
      CHECK(rest::judge(said, common_rules()).action == rest::Action::skip);
    }
  }
}

TEST_CASE("a list of events of which none has a name is a system error that says what to do") {
  for (const char* list : {R"(["Charged","App Launched"])", R"([{"eventName":"Charged"}])"}) {
    ClevertapFixture f;
    f.client.script({answer(R"({"status":"success","events":)" + std::string(list) + "}")});
    const Account account(config_with());
    const auto text = message_of([&] { account.event_names(f.context, {}); });
    CHECK(has(text, "system_error"));
    CHECK(has(text, "none with a \"name\""));
    CHECK(has(text, "event_names"));
  }
}

TEST_CASE("where the list of events is refused the message says by what and names the way out") {
  ClevertapFixture f;
  f.client.script({answer(R"({"status":"fail","error":"Forbidden","code":403})", 403)});
  const Account account(config_with());
  const auto text = message_of([&] { account.event_names(f.context, {}); });
  for (const char* part : {"config_error", "GET /getSchema", "403", "Forbidden", "event_names"}) CHECK(has(text, part));
}

TEST_CASE("a failure without words shows the beginning of its body") {
  ClevertapFixture f;
  f.client.script({answer(R"({"status":"fail","code":77})")});
  const Account account(config_with());
  CHECK(has(message_of([&] { account.event_names(f.context, {}); }), R"({"status":"fail","code":77})"));
  CHECK(shortened(std::string(500, 'x')).size() < 210);
  CHECK(shortened("short") == "short");
}

}  // namespace
}  // namespace engagement::clevertap
