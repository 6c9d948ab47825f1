#include "json/value_walker.hpp"

#include <string>
#include <vector>

#include "json/indexed_text.hpp"
#include "support/catch.hpp"

namespace engagement::json {
namespace {

std::string nested(std::size_t depth, const std::string& open, const std::string& inner, const std::string& close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += inner;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST_CASE("every legal value is accepted and returned as written") {
  for (const char* json : {"0",
                           "-0",
                           "-0.0",
                           "1",
                           "-12",
                           "0.5",
                           "1.25",
                           "1e5",
                           "1E+5",
                           "1e-5",
                           "1.5e300",
                           "1e999",
                           "-1e-999",
                           "1180591620717411303424",
                           "0.1000000000000000055511151231257827",
                           "12345678901234567890123",
                           "true",
                           "false",
                           "null",
                           R"("")",
                           R"("a")",
                           R"("\"")",
                           R"("\\")",
                           R"("\\\"")",
                           R"("{[,:]}")",
                           "[]",
                           "{}",
                           "[ ]",
                           "{ }",
                           "[[]]",
                           "[{}]",
                           R"({"a":{}})",
                           R"({"":""})",
                           R"({"a":1,"a":2})",
                           "[1,[2,[3]],{}]",
                           R"([null,true,false,"x",-1.5e-7])",
                           R"({"a":[1,2,{"b":null}],"c":"d"})"}) {
    INFO(json);
    CHECK(refusal(json).empty());
    CHECK(refusal(json, true).empty());
    CHECK(IndexedText(json).walker().skip_value() == json);
  }
}

TEST_CASE("white space may stand around every token") {
  const std::string tokens[] = {"{",     "\"a\"", ":", "[",     "1", ",", "true", ",",
                                "\"x\"", "]",     ",", "\"b\"", ":", "{", "}",    "}"};
  for (const std::string& blank : std::vector<std::string>{" ", "\t", "\n", "\r", " \t\r\n ", std::string(70, ' ')}) {
    std::string json = blank;
    for (const auto& token : tokens) json += token + blank;
    CHECK(refusal(json).empty());
    CHECK(refusal(json, true).empty());
  }
}

TEST_CASE("malformed numbers and literals are refused wherever they stand") {
  for (const std::string scalar :
       {"tru",       "truee",     "True",  "TRUE", "fals", "falsee", "nul",  "nulll", "NaN",  "Infinity",
        "-Infinity", "undefined", "1.2.3", "01",   "-01",  "00",     "+1",   ".5",    "5.",   "-",
        "--1",       "1e",        "1e+",   "1e-",  "1ee5", "1e5.5",  "0x10", "1_000", "1f",   "1 2",
        "- 1",       "1,5,",      "'a'",   "a",    "\\",   "\\\"",   "\x01", "\x0c",  "\x1a", "\xc3\xab"}) {
    INFO(scalar);
    CHECK_FALSE(accepts(scalar));
    CHECK_FALSE(accepts("[" + scalar + "]"));
    CHECK_FALSE(accepts("{\"a\":" + scalar + "}"));
    CHECK_FALSE(refusal("[" + scalar + "]", true).empty());
    CHECK_FALSE(refusal("{\"a\":" + scalar + "}", true).empty());
  }
}

TEST_CASE("malformed structure is refused by skipping and by walking") {
  for (const char* json : {"[1 2]",
                           "[1,]",
                           "[,1]",
                           "[1,,2]",
                           "[",
                           "]",
                           "[1",
                           "[1,",
                           "{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,\"a\":1}",
                           "{\"a\" 1}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\"::1}",
                           "{\"a\":1:2}",
                           "{a:1}",
                           "{1:2}",
                           "{null:1}",
                           "{\"a\":1",
                           "{\"a\":",
                           "{\"a\"",
                           "[1}",
                           "{\"a\":1]",
                           "[[1]",
                           "[1]]",
                           "{}}",
                           "{}{}",
                           "[][]",
                           "1 1",
                           "\"a\"b",
                           "\"a\"\"b\"",
                           "[\"a\"b]",
                           "[\"a\"\"b\"]",
                           "[\"a\":1]",
                           "{\"a\",\"b\"}",
                           "[{]}",
                           "true false",
                           "[true false]",
                           "{\"a\":1}garbage",
                           "{\"a\":1},",
                           ",",
                           ":",
                           "[1]1",
                           "[:]",
                           "[1:]",
                           "{[]:1}",
                           "{\"a\":1,,\"b\":2}",
                           "[\"a\" b]",
                           "1[2]",
                           "[1[2]]",
                           "[1{}]",
                           "[1\"a\"]",
                           "{\"a\"[1]}",
                           "[\x0c]",
                           "[1\x0c"
                           "2]",
                           "{\"a\"\x1a"
                           "1}"}) {
    INFO(json);
    CHECK_FALSE(refusal(json).empty());
    CHECK_FALSE(refusal(json, true).empty());
  }
}

TEST_CASE("a refusal says what was wanted, what was found, and where") {
  const IndexedText text(R"({"a":1 "b":2})");
  auto walker = text.walker();
  try {
    walker.skip_value();
    FAIL("accepted");
  } catch (const MalformedJson& error) {
    CHECK(error.offset() == 7);
    CHECK(std::string(error.what()).find("comma") != std::string::npos);
    CHECK(std::string(error.what()).find("\"b\":2}") != std::string::npos);
  }
  CHECK(refusal("[1").find("the end") != std::string::npos);
}

TEST_CASE("nesting is followed down to 1024 levels and refused below them") {
  CHECK(accepts(nested(1024, "[", "", "]")));
  CHECK(accepts(nested(1023, "{\"a\":", "{}", "}")));
  CHECK_FALSE(accepts(nested(1025, "[", "", "]")));
  CHECK_FALSE(accepts(nested(1024, "{\"a\":", "[]", "}")));
  CHECK_FALSE(accepts(nested(100'000, "[", "", "]")));
}

TEST_CASE("closing brackets have to match at every depth") {
  const std::string inner = nested(500, "[", "", "]");
  CHECK(accepts("{\"a\":" + inner + "}"));
  CHECK_FALSE(accepts("{\"a\":" + inner + "]"));
  CHECK_FALSE(accepts(nested(500, "[", "", "]") + "]"));
}

TEST_CASE("members come in order with their names as written") {
  const IndexedText text(R"( { "a" : 1 , "b\u0062" : [ 2 ] , "" : { "x" : null } } )");
  auto walker = text.walker();
  std::vector<std::string> seen;
  std::string_view key;
  walker.enter_object();
  while (walker.next_member(key)) {
    seen.emplace_back(key);
    seen.emplace_back(walker.skip_value());
  }
  walker.finish();
  CHECK(seen == std::vector<std::string>{"a", "1", R"(b\u0062)", "[ 2 ]", "", R"({ "x" : null })"});
}

TEST_CASE("elements come in order and nested containers can be entered") {
  const IndexedText text(R"([1,["x",[]],{"k":"v"},"last"])");
  auto walker = text.walker();
  std::string_view key;
  walker.enter_array();
  REQUIRE(walker.next_element());
  CHECK(walker.skip_value() == "1");
  REQUIRE(walker.next_element());
  REQUIRE(walker.at_array());
  walker.enter_array();
  REQUIRE(walker.next_element());
  CHECK(walker.at_string());
  CHECK(walker.skip_value() == R"("x")");
  REQUIRE(walker.next_element());
  CHECK(walker.skip_value() == "[]");
  CHECK_FALSE(walker.next_element());
  REQUIRE(walker.next_element());
  REQUIRE(walker.at_object());
  walker.enter_object();
  REQUIRE(walker.next_member(key));
  CHECK(key == "k");
  CHECK(walker.skip_value() == R"("v")");
  CHECK_FALSE(walker.next_member(key));
  REQUIRE(walker.next_element());
  CHECK(walker.offset() == 22);
  CHECK(walker.skip_value() == R"("last")");
  CHECK_FALSE(walker.next_element());
  walker.finish();
}

TEST_CASE("a copy goes on from the same place and leaves the original there") {
  const IndexedText text(R"([{"a":1},2])");
  auto walker = text.walker();
  walker.enter_array();
  REQUIRE(walker.next_element());
  auto copy = walker;
  CHECK(walker.skip_value() == R"({"a":1})");
  std::string_view key;
  copy.enter_object();
  REQUIRE(copy.next_member(key));
  CHECK(key == "a");
}

TEST_CASE("entering what is no such container is refused") {
  const IndexedText text("[1]");
  auto walker = text.walker();
  CHECK_THROWS_AS(walker.enter_object(), MalformedJson);
  walker.enter_array();
  REQUIRE(walker.next_element());
  CHECK_THROWS_AS(walker.enter_array(), MalformedJson);
}

TEST_CASE("finish refuses whatever follows the outermost value") {
  const IndexedText text("[1] 2");
  auto walker = text.walker();
  walker.skip_value();
  CHECK_THROWS_AS(walker.finish(), MalformedJson);
}

TEST_CASE("strings end where they end whatever blanks follow") {
  const IndexedText text("[\"a\"   ,\"b\\\\\"\n\n,\"\"\t]");
  auto walker = text.walker();
  std::vector<std::string> seen;
  walker.enter_array();
  while (walker.next_element()) seen.emplace_back(walker.skip_value());
  CHECK(seen == std::vector<std::string>{R"("a")", R"("b\\")", R"("")"});
}

}  // namespace
}  // namespace engagement::json
