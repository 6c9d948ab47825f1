#include "sources/clevertap/exports/export_page.hpp"

#include "rest/rules.hpp"
#include "sources/clevertap/account.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

struct ReadPage {
  explicit ReadPage(std::string_view body, int status = 200) {
    page.response.status = status;
    page.response.body.append(body);
    answer = page.read();
  }
  ExportPage page;
  rest::Answer answer;
};

TEST_CASE("a page has its records as sent and the cursor of the next") {
  const ReadPage read(R"({"status":"success","next_cursor":"ZiZj%2BNw%3D%3D","records":[{"a":1e999},{ "b" : [2] }]})");
  CHECK(read.answer.succeeded);
  CHECK(read.answer.status == 200);
  REQUIRE(read.page.records.size() == 2);
  CHECK(read.page.records[0].text == R"({"a":1e999})");
  CHECK(read.page.records[1].text == R"({ "b" : [2] })");
  json::ValueWalker walker = read.page.records[1].walker;
  CHECK(walker.skip_value() == R"({ "b" : [2] })");
  CHECK(read.page.next_cursor == "ZiZj%2BNw%3D%3D");
}

TEST_CASE("the terminal page says success and nothing more") {
  const ReadPage read(R"({"status":"success"})");
  CHECK(read.answer.succeeded);
  CHECK(read.page.records.empty());
  CHECK_FALSE(read.page.next_cursor.has_value());
}

TEST_CASE("the answer to the POST says cursor, and next_cursor wins where both are given") {
  CHECK(ReadPage(R"({"status":"success","cursor":"A%3D"})").page.next_cursor == "A%3D");
  CHECK(ReadPage(R"({"next_cursor":"B","status":"success","cursor":"A"})").page.next_cursor == "B");
  CHECK(ReadPage(R"({"cursor":"A","status":"success","next_cursor":null})").page.next_cursor == "A");
}

TEST_CASE("an empty or null cursor is none, and escapes of JSON are undone") {
  CHECK_FALSE(ReadPage(R"({"status":"success","next_cursor":""})").page.next_cursor.has_value());
  CHECK_FALSE(ReadPage(R"({"status":"success","next_cursor":null})").page.next_cursor.has_value());
  CHECK(ReadPage(R"({"status":"success","next_cursor":"a\/b\u003d"})").page.next_cursor == "a/b=");
  CHECK(ReadPage(R"({"status":"success","next_cursor":123})").page.next_cursor == "123");
}

TEST_CASE("records may be null, absent or empty") {
  for (const char* body :
       {R"({"status":"success","records":null,"next_cursor":"c"})", R"({"status":"success","next_cursor":"c"})",
        R"({"status":"success","records":[],"next_cursor":"c"})"}) {
    const ReadPage read(body);
    CHECK(read.answer.succeeded);
    CHECK(read.page.records.empty());
    CHECK(read.page.next_cursor == "c");
  }
}

TEST_CASE("records that are no array, and a record that is no object, are unreadable") {
  for (const char* body :
       {R"({"status":"success","records":{}})", R"({"status":"success","records":"none"})",
        R"({"status":"success","records":[{"a":1},2]})", R"({"status":"success","records":[{"a":1},null]})",
        R"({"status":"success","records":[[]]})"}) {
    const ReadPage read(body);
    INFO(body);
    CHECK_FALSE(read.answer.succeeded);
    CHECK(read.answer.unreadable);
    CHECK(read.page.records.empty());
  }
}

TEST_CASE("a failure inside a 200 is a failure with its code and words, and has no records") {
  const ReadPage read(R"({"status":"fail","error":"Incorrect Usage","code":3,"records":[{"a":1}]})");
  CHECK_FALSE(read.answer.succeeded);
  CHECK_FALSE(read.answer.unreadable);
  CHECK(read.answer.code == 3);
  CHECK(read.answer.text == "Incorrect Usage");
  CHECK(read.page.records.empty());
}

TEST_CASE("a success inside a failing status is no success") {
  CHECK_FALSE(ReadPage(R"({"status":"success","records":[{"a":1}]})", 500).answer.succeeded);
  CHECK(ReadPage(R"({"status":"success"})", 202).answer.succeeded);
}

TEST_CASE("the words of an error are plain whether they are a text, a list or a list in a text") {
  CHECK(ReadPage(R"({"status":"fail","error":"[\"Invalid event : X\"]","code":400})", 400).answer.text ==
        "Invalid event : X");
  CHECK(ReadPage(R"({"status":"fail","error":["one","two"],"code":"400"})").answer.text == "one; two");
  CHECK(ReadPage(R"({"status":"fail","error":["one"],"code":"400"})").answer.code == 400);
  CHECK(ReadPage(R"({"status":"fail","error":null})").answer.text == R"({"status":"fail","error":null})");
}

TEST_CASE("what is no JSON of CleverTap's is unreadable and says what a person can make of it") {
  const ReadPage html("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>", 502);
  CHECK(html.answer.unreadable);
  CHECK(html.answer.status == 502);
  CHECK(html.answer.text == "an HTML page: 502 Bad Gateway");
  for (const char* body : {"", "   ", "garbage", "[]", "null", "\"success\"", "{}", R"({"records":[{"a":1}]})",
                           R"({"status":"success","records":[{"a":1})", R"({"status":"success"}x)",
                           R"({"status":"success","records":[{"a":tru}]})", R"({"status":"success",})"}) {
    const ReadPage read(body);
    INFO(body);
    CHECK_FALSE(read.answer.succeeded);
    CHECK(read.answer.unreadable);
    CHECK(read.page.records.empty());
    CHECK_FALSE(read.answer.text.empty());
  }
}

TEST_CASE("names of members are known however they are spelled") {
  const ReadPage read(R"({"st\u0061tus":"succ\u0065ss","\u0072ecords":[{}],"next\u005fcursor":"c"})");
  CHECK(read.answer.succeeded);
  CHECK(read.page.records.size() == 1);
  CHECK(read.page.next_cursor == "c");
}

TEST_CASE("repairs of a page are counted and its records usable") {
  const ReadPage read("{\"status\":\"success\",\r\n\"records\":[{\"a\":\"\xff\"},{\"a\":\"\\ud800\"}]}");
  REQUIRE(read.page.records.size() == 2);
  CHECK(read.page.records[0].text == "{\"a\":\"\xef\xbf\xbd\"}");
  CHECK(read.page.records[1].text == R"({"a":"\ufffd"})");
  CHECK(read.page.repairs.total() == 2);
}

TEST_CASE("a page that is used again forgets the one before") {
  ExportPage page;
  page.response.status = 200;
  page.response.body.append(R"({"status":"success","next_cursor":"c","records":[{"a":1}]})");
  page.read();
  REQUIRE(page.records.size() == 1);
  for (const char* body : {R"({"status":"success"})", "garbage"}) {
    page.response.body.clear();
    page.response.body.append(body);
    page.read();
    CHECK(page.records.empty());
    CHECK_FALSE(page.next_cursor.has_value());
  }
}

TEST_CASE("members of interest are found in the same walk, the last of a name, and collisions with them") {
  ExportPage page;
  page.response.status = 200;
  page.response.body.append(
      R"({"status":"success","records":[{"a":1,"b":{"a":2},"a":[3]},{},{"\u0061":"x","mine":0}]})");
  const WantedMembers wanted{{"a", "b"}, {"mine"}};
  REQUIRE(page.read(wanted).succeeded);
  REQUIRE(page.records.size() == 3);
  CHECK(page.records[0].text == R"({"a":1,"b":{"a":2},"a":[3]})");
  CHECK(page.records[0].value(0) == "[3]");
  CHECK(page.records[0].value(1) == R"({"a":2})");
  CHECK_FALSE(page.records[0].collision);
  CHECK(page.records[1].text == "{}");
  CHECK_FALSE(page.records[1].member(0));
  CHECK(page.records[1].value(0).empty());
  CHECK(page.records[2].value(0) == R"("x")");
  CHECK(page.records[2].collision);
}

}  // namespace
}  // namespace engagement::clevertap
