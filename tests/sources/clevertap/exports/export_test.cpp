#include "sources/clevertap/exports/export.hpp"

#include <atomic>

#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using test::answer;
using test::ScriptedAnswer;

ScriptedAnswer created(const std::string& cursor) {
  return answer(R"({"status":"success","cursor":")" + cursor + "\"}");
}

ScriptedAnswer page(int records, const std::string& next = {}) {
  std::string body = R"({"status":"success","records":[)";
  for (int i = 0; i < records; ++i) body += i == 0 ? "{\"a\":1}" : ",{\"a\":1}";
  body += "]";
  if (!next.empty()) body += R"(,"next_cursor":")" + next + "\"";
  return answer(body + "}");
}

ScriptedAnswer terminal() { return answer(R"({"status":"success"})"); }
ScriptedAnswer failure(const std::string& words, int code, int status = 200) {
  return answer(R"({"status":"fail","error":")" + words + R"(","code":)" + std::to_string(code) + "}", status);
}

struct CountingConsumer final : ExportConsumer {
  WantedMembers wanted() const override { return {}; }
  void export_began() override {
    ++exports;
    records = 0;
  }
  void page(const ExportPage& page) override {
    pages.push_back(page.records.size());
    records += page.records.size();
  }
  int exports = 0;
  std::size_t records = 0;  // of the last export
  std::vector<std::size_t> pages;
};

struct ExportFixture : ClevertapFixture {
  std::optional<std::string> run() { return run_export(account, query, consumer, context, stop.get_token()); }

  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const auto& request : client.requests()) {
      all.push_back(std::string(http::to_string(request.method)) + " " + request.url.substr(kHost.size()));
    }
    return all;
  }

  static constexpr std::string_view kHost = "https://api.clevertap.com";
  Account account{config_with()};
  ExportQuery query{"/1/events.json", "batch_size=23", R"({"event_name":"Charged"})", "events of Charged"};
  CountingConsumer consumer;
};

TEST_CASE("an export is created once and its pages are read until one has no next cursor") {
  ExportFixture f;
  f.client.script({created("c1"), page(3, "c2"), page(2, "c3"), terminal()});
  CHECK_FALSE(f.run().has_value());
  CHECK(f.paths() == std::vector<std::string>{"POST /1/events.json?batch_size=23", "GET /1/events.json?cursor=c1",
                                              "GET /1/events.json?cursor=c2", "GET /1/events.json?cursor=c3"});
  CHECK(f.client.requests()[0].body == R"({"event_name":"Charged"})");
  CHECK(f.consumer.pages == std::vector<std::size_t>{3, 2, 0});
  CHECK(f.consumer.exports == 1);
  CHECK(f.context.counts().pages == 3);
  CHECK(f.context.counts().requests == 4);
}

TEST_CASE("a last page with records and without a cursor is read, too") {
  ExportFixture f;
  f.client.script({created("c1"), page(5)});
  CHECK_FALSE(f.run().has_value());
  CHECK(f.consumer.records == 5);
  CHECK(f.paths().size() == 2);
}

TEST_CASE("a cursor goes back exactly as it came") {
  ExportFixture f;
  f.client.script({created(R"(Afl%2BjfgI%2FJBg%3D%3D)"), page(1, R"(x+y\/z=~%zz)"), terminal()});
  f.run();
  CHECK(f.paths()[1] == "GET /1/events.json?cursor=Afl%2BjfgI%2FJBg%3D%3D");
  CHECK(f.paths()[2] == "GET /1/events.json?cursor=x+y/z=~%zz");
}

TEST_CASE("only what cannot stand in a URL is encoded in a cursor") {
  ExportFixture f;
  f.client.script({created(R"(a b#c&d\"e\u00e9)"), terminal()});
  f.run();
  CHECK(f.paths()[1] == "GET /1/events.json?cursor=a%20b%23c%26d%22e%C3%A9");
}

TEST_CASE("empty and short pages in the middle are no end") {
  ExportFixture f;
  f.client.script({created("c1"), page(0, "c2"), answer(R"({"status":"success","next_cursor":"c3"})"), page(1, "c4"),
                   page(23, "c5"), terminal()});
  CHECK_FALSE(f.run().has_value());
  CHECK(f.consumer.records == 24);
}

TEST_CASE("a hundred empty pages in a row end nothing and are warned of once") {
  ExportFixture f;
  std::vector<ScriptedAnswer> answers = {created("c0")};
  for (int number = 1; number <= 250; ++number) answers.push_back(page(0, "c" + std::to_string(number)));
  answers.push_back(page(1));
  f.client.script(answers);
  CHECK_FALSE(f.run().has_value());
  CHECK(f.consumer.records == 1);
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "100 pages without a record"));
}

TEST_CASE("a cursor that comes again at once or later is an error and not an endless circle") {
  for (const auto& cursors : {std::vector<std::string>{"a", "a"}, std::vector<std::string>{"a", "b", "a"},
                              std::vector<std::string>{"a", "b", "c", "b"}}) {
    ExportFixture f;
    std::vector<ScriptedAnswer> answers = {created(cursors[0])};
    for (std::size_t i = 1; i < cursors.size(); ++i) answers.push_back(page(1, cursors[i]));
    answers.push_back(page(1));
    f.client.script(answers);
    const auto text = message_of([&] { f.run(); });
    CHECK(has(text, "system_error"));
    CHECK(has(text, "same cursor twice"));
    CHECK(f.paths().size() == cursors.size());
  }
}

TEST_CASE("an export in preparation is asked for again by the same cursor") {
  ExportFixture f;
  f.client.script({created("c1"), failure("Request still in progress", 2), failure("Request still in progress", 2),
                   page(4, "c2"), failure("Request still in progress", 2), terminal()});
  CHECK_FALSE(f.run().has_value());
  CHECK(f.paths() == std::vector<std::string>{"POST /1/events.json?batch_size=23", "GET /1/events.json?cursor=c1",
                                              "GET /1/events.json?cursor=c1", "GET /1/events.json?cursor=c1",
                                              "GET /1/events.json?cursor=c2", "GET /1/events.json?cursor=c2"});
  CHECK(f.consumer.records == 4);
}

TEST_CASE("an expired cursor begins the export again and the consumer hears of it") {
  for (const auto& expired :
       {failure("Invalid cursor", 400, 400), failure("Incorrect Usage", 3), failure("Cursor expired", 7)}) {
    ExportFixture f;
    f.client.script({created("c1"), page(3, "c2"), expired, created("d1"), page(3, "d2"), page(2, "d3"), terminal()});
    CHECK_FALSE(f.run().has_value());
    CHECK(f.consumer.exports == 2);
    CHECK(f.consumer.records == 5);
    CHECK(f.paths()[3] == "POST /1/events.json?batch_size=23");
    CHECK(f.paths()[4] == "GET /1/events.json?cursor=d1");
    CHECK(f.logs("WARN").size() == 1);
  }
}

TEST_CASE("the cursors of an export that began again may be those of the first") {
  ExportFixture f;
  f.client.script(
      {created("c1"), page(3, "c2"), failure("Invalid cursor", 400, 400), created("c1"), page(3, "c2"), terminal()});
  CHECK_FALSE(f.run().has_value());
  CHECK(f.consumer.records == 3);
}

TEST_CASE("an export whose cursor expires again and again fails as transient") {
  ExportFixture f;
  std::atomic<int> posts = 0;
  f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
    if (request.method == http::Method::post) return created("c" + std::to_string(++posts));
    return failure("Invalid cursor", 400, 400);
  });
  const auto text = message_of([&] { f.run(); });
  CHECK(has(text, "transient_error"));
  CHECK(has(text, "window_days"));
  CHECK(posts == 6);
}

TEST_CASE("a refused event is an outcome with CleverTap's words and no failure") {
  for (const auto& refusal :
       {failure("Export not allowed for this event", 400, 400), failure(R"([\"Invalid event : Charged\"])", 400),
        failure(R"([\"Invalid event : Charged\"])", 400, 400)}) {
    ExportFixture f;
    f.client.script({refusal});
    const auto words = f.run();
    REQUIRE(words.has_value());
    CHECK((has(*words, "Export not allowed") || *words == "Invalid event : Charged"));
    CHECK(f.consumer.exports == 0);
    CHECK(f.paths().size() == 1);
  }
}

TEST_CASE("an event that is refused in the middle of its pages is an error") {
  ExportFixture f;
  f.client.script({created("c1"), failure("Export not allowed for this event", 400, 400)});
  CHECK(has(message_of([&] { f.run(); }), "system_error"));
}

TEST_CASE("an export without a cursor is an error and not an empty export") {
  ExportFixture f;
  f.client.script({terminal()});
  CHECK(has(message_of([&] { f.run(); }), "system_error: CleverTap accepted an export but gave no cursor"));
}

TEST_CASE("a POST that is answered like a bad cursor is an error") {
  ExportFixture f;
  f.client.script({failure("Incorrect Usage", 3)});
  CHECK(has(message_of([&] { f.run(); }), "system_error"));
  CHECK(f.paths().size() == 1);
}

TEST_CASE("bad credentials in the middle of an export are a config error") {
  ExportFixture f;
  f.client.script({created("c1"), page(1, "c2"), failure("Invalid Credentials", 401, 401)});
  CHECK(has(message_of([&] { f.run(); }), "config_error"));
  CHECK(f.consumer.records == 1);
}

TEST_CASE("an unknown failure inside a 200 is an error and never an empty page") {
  ExportFixture f;
  f.client.script({created("c1"), page(1, "c2"), failure("Something new", 4711)});
  const auto text = message_of([&] { f.run(); });
  CHECK(has(text, "system_error"));
  CHECK(has(text, "Something new"));
}

TEST_CASE("a page that came broken is fetched again by the same cursor, whole") {
  for (const auto& broken :
       {answer("<html><title>502</title></html>", 502), answer("<html><title>Blocked</title></html>", 403),
        answer("<html>nothing here</html>", 404), answer("<html>Bad Request</html>", 400), answer("garbage"),
        answer(R"({"status":"success","next_cursor":"c2","records":[{"a":1},{"a")"),
        answer(R"({"status":"success","next_cursor":"c2","records":[{"a":tru}]})"), answer("", 500),
        test::fault(http::TransportFault::broken), test::fault(http::TransportFault::bad_encoding)}) {
    ExportFixture f;
    f.client.script({created("c1"), broken, page(2, "c2"), terminal()});
    CHECK_FALSE(f.run().has_value());
    CHECK(f.consumer.records == 2);
    CHECK(f.consumer.exports == 1);
    CHECK(f.paths()[2] == "GET /1/events.json?cursor=c1");
  }
}

TEST_CASE("an answer to the POST that came broken is asked for again") {
  ExportFixture f;
  f.client.script({answer(R"({"status":"success","cursor":"abc)"), created("c1"), terminal()});
  CHECK_FALSE(f.run().has_value());
  CHECK(f.paths()[2] == "GET /1/events.json?cursor=c1");
}

TEST_CASE("repairs of pages are reported to the stream") {
  ExportFixture f;
  f.client.script({created("c1"), answer("{\"status\":\"success\",\"records\":[{\"a\":\"\xff\"}]}")});
  f.run();
  f.context.report();
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "1 invalid UTF-8"));
}

TEST_CASE("a stop ends an export as a stop") {
  ExportFixture f;
  std::atomic<int> pages = 0;
  f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
    if (request.method == http::Method::post) return created("c0");
    if (++pages == 3) f.stop.request_stop();
    return page(1, "c" + std::to_string(pages));
  });
  CHECK_THROWS_AS(f.run(), Stopped);
  CHECK(pages == 3);
}

}  // namespace
}  // namespace engagement::clevertap
