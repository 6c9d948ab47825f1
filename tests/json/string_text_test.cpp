#include "json/string_text.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.hpp"

namespace engagement::json {
namespace {

using namespace std::string_literals;

std::string in_quotes(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

TEST_CASE("every escape is decoded") {
  CHECK(decode_string(R"(a\"b\\c\/d\be\ff\ng\rh\ti)") == "a\"b\\c/d\be\ff\ng\rh\ti");
  CHECK(decode_string(R"(\u0041\u00e9\u20AC\ud83d\ude00)") == "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(decode_string("\\u0000x") == "\0x"s);
  CHECK(decode_string("") == "");
  CHECK(decode_string("plain \xc3\xa9") == "plain \xc3\xa9");
}

TEST_CASE("the borders of the encoded lengths are decoded as UTF-8") {
  CHECK(decode_string(R"(\u007f\u0080\u07ff\u0800\uffff)") == "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf");
  CHECK(decode_string(R"(\ud800\udc00\udbff\udfff)") == "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

TEST_CASE("lone surrogates decode to the replacement character") {
  CHECK(decode_string(R"(\ud800)") == "\xef\xbf\xbd");
  CHECK(decode_string(R"(\udc00)") == "\xef\xbf\xbd");
  CHECK(decode_string(R"(\ud800\u0041)") ==
        "\xef\xbf\xbd"
        "A");
  CHECK(decode_string(R"(\ud800\ud83d\ude00)") == "\xef\xbf\xbd\xf0\x9f\x98\x80");
}

TEST_CASE("an escape is found at every place of a text") {
  for (std::size_t size = 0; size < 30; ++size) {
    CHECK_FALSE(has_escape(std::string(size, 'a')));
    CHECK_FALSE(has_escape(std::string(size, '\xdc')));  // '\\' with its highest bit set
    CHECK_FALSE(has_escape(std::string(size, ']')));     // its neighbours
    CHECK_FALSE(has_escape(std::string(size, '[')));
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '\\';
      CHECK(has_escape(text));
    }
  }
}

TEST_CASE("a name is the same however it is written") {
  CHECK(same_key("ts", "ts"));
  CHECK(same_key(R"(t\u0073)", "ts"));
  CHECK(same_key(R"(\u0074\u0073)", "ts"));
  CHECK_FALSE(same_key("tS", "ts"));
  CHECK_FALSE(same_key("ts2", "ts"));
  CHECK_FALSE(same_key("t", "ts"));
  CHECK_FALSE(same_key("", "ts"));
  CHECK_FALSE(same_key(R"(t\u0074)", "ts"));
}

TEST_CASE("a value as written tells whether it is a string") {
  CHECK(is_string(R"("")"));
  CHECK_FALSE(is_string("1"));
  CHECK_FALSE(is_string(""));
  CHECK(string_content(R"("ab")") == "ab");
  CHECK(string_content(R"("")") == "");
}

TEST_CASE("a quoted text is JSON that says the text") {
  for (const std::string text : {"", "plain", "a\"b\\c/", "\n\r\t\b\f\x01\x1f", "Z\xc3\xb6\xc3\xab", "\xf0\x9f\x98\x80",
                                 "\xc2\x85|\xe2\x80\xa8|\xe2\x80\xa9", "\x7f"}) {
    INFO(text);
    CHECK(nlohmann::json::parse(in_quotes(text)).get<std::string>() == text);
  }
  CHECK(nlohmann::json::parse(in_quotes("a\0b"s)).get<std::string>() == "a\0b"s);
}

TEST_CASE("a quoted text holds nothing that ends a line") {
  CHECK(in_quotes("a\nb\rc") == R"("a\u000ab\u000dc")");
  CHECK(in_quotes("x\xc2\x85y\xe2\x80\xa8z\xe2\x80\xa9") == R"("x\u0085y\u2028z\u2029")");
}

TEST_CASE("bytes that are no UTF-8 are quoted as the replacement character") {
  CHECK(in_quotes("a\xff"
                  "b\xc3") ==
        "\"a\xef\xbf\xbd"
        "b\xef\xbf\xbd\"");
}

TEST_CASE("a quoted text is appended") {
  std::string out = "x:";
  append_quoted(out, "y");
  CHECK(out == R"(x:"y")");
}

}  // namespace
}  // namespace engagement::json
