#include "json/text_repair.hpp"

#include <string>

#include "json/structural_index.hpp"
#include "support/catch.hpp"

namespace engagement::json {
namespace {

using namespace std::string_literals;

TextTraits traits_of(std::string_view text) {
  PaddedBuffer buffer;
  buffer.append(text);
  buffer.pad();
  return scan_text(buffer.view());
}

struct Rewritten {
  std::string text;
  Repairs repairs;
};

Rewritten rewritten(std::string_view text) {
  PaddedBuffer in;
  in.append(text);
  in.pad();
  PaddedBuffer out;
  const Repairs repairs = rewrite_safely(in.view(), out);
  return {std::string(out.view()), repairs};
}

struct Escapes {
  std::string text;
  std::uint64_t replaced;
};

Escapes checked(std::string text) {
  const auto replaced = check_escapes(text.data(), text.size());
  return {text, replaced};
}

bool bad_escape(std::string text) {
  try {
    check_escapes(text.data(), text.size());
    return false;
  } catch (const MalformedJson&) {
    return true;
  }
}

TEST_CASE("a plain text has no traits") {
  const auto traits = traits_of(R"({"name":"Zoë \u0041","list":[1,2,3]})");
  CHECK(traits.has_backslash);
  const auto plain = traits_of("{\"name\":\"Zo\xc3\xab, \xe2\x82\xac 5\",\"list\":[1,2,3]}");
  CHECK_FALSE(plain.has_backslash);
  CHECK_FALSE(plain.has_line_break);
  CHECK_FALSE(plain.has_line_separator);
}

TEST_CASE("every trait is found at every place of a text, block borders and the end included") {
  for (std::size_t before = 0; before < 40; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      const std::string head(before, 'a');
      const std::string tail(after, 'b');
      INFO(before << " bytes before, " << after << " behind");
      CHECK(traits_of(head + "\\" + tail).has_backslash);
      CHECK(traits_of(head + "\n" + tail).has_line_break);
      CHECK(traits_of(head + "\r" + tail).has_line_break);
      for (const char* separator : {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"}) {
        const auto traits = traits_of(head + separator + tail);
        CHECK(traits.has_line_separator);
        CHECK_FALSE(traits.has_backslash);
        CHECK_FALSE(traits.has_line_break);
      }
    }
  }
}

TEST_CASE("what only resembles a separator is none") {
  for (const char* text : {"\xc2\x84", "\xc3\x85", "\xe2\x80\xa7", "\xe2\x80\xaa", "\xe2\x81\xa8", "\xe3\x80\xa8"}) {
    for (std::size_t before = 0; before < 20; ++before) {
      CHECK_FALSE(traits_of(std::string(before, ' ') + text).has_line_separator);
    }
  }
  // Cut off by the end: the padding must not complete it.
  CHECK_FALSE(traits_of("\xc2").has_line_separator);
  CHECK_FALSE(traits_of("\xe2\x80").has_line_separator);
}

TEST_CASE("legal escapes stay as they are") {
  const std::string text = R"("\" \\ \/ \b \f \n \r \t \u0041 \uABCD \uabcd \ud83d\ude00")";
  const auto result = checked(text);
  CHECK(result.text == text);
  CHECK(result.replaced == 0);
}

TEST_CASE("bad escapes are malformed") {
  for (const char* text : {R"("\x41")", R"("\a")", R"("\u12")", R"("\u12g4")", R"("\U0041")", R"("\u")", R"("\')",
                           "\"\\\xc3\xab\"", "\\", "\\u004"}) {
    INFO(text);
    CHECK(bad_escape(text));
  }
}

TEST_CASE("the place of a bad escape is told in bytes") {
  std::string text = R"("ab\qcd")";
  try {
    check_escapes(text.data(), text.size());
    FAIL("accepted");
  } catch (const MalformedJson& error) {
    CHECK(error.offset() == 3);
  }
}

TEST_CASE("a lone surrogate becomes the replacement character in place") {
  CHECK(checked(R"("\ud800")").text == R"("\ufffd")");
  CHECK(checked(R"("\uDFFF")").text == R"("\ufffd")");
  CHECK(checked(R"("\udc00\ud800")").text == R"("\ufffd\ufffd")");
  CHECK(checked(R"("\udc00\ud800")").replaced == 2);
  CHECK(checked(R"("\ud800x")").text == R"("\ufffdx")");
  CHECK(checked(R"("\ud800\n")").text == R"("\ufffd\n")");
  CHECK(checked(R"("\ud800\u0041")").text == R"("\ufffd\u0041")");
}

TEST_CASE("a high surrogate before a pair is lone and the pair stays") {
  const auto result = checked(R"("\ud800\ud83d\ude00")");
  CHECK(result.text == R"("\ufffd\ud83d\ude00")");
  CHECK(result.replaced == 1);
}

TEST_CASE("an escaped backslash before u is no unicode escape") {
  const auto result = checked(R"("\\ud800 \\u12")");
  CHECK(result.text == R"("\\ud800 \\u12")");
  CHECK(result.replaced == 0);
}

TEST_CASE("line breaks become blanks of the same number") {
  std::string text = "{\r\n\"a\"\n:\r1\n}\n";
  blank_line_breaks(text.data(), text.size());
  CHECK(text == "{  \"a\" : 1 } ");
}

TEST_CASE("control characters inside strings are escaped and outside of them left") {
  const auto result = rewritten("{\"a\tb\":\"c\r\n\x01\",\n\t\"d\":1}");
  CHECK(result.text == "{\"a\\u0009b\":\"c\\u000d\\u000a\\u0001\",\n\t\"d\":1}");
  CHECK(result.repairs.control_characters == 4);
  CHECK(result.repairs.total() == 4);
}

TEST_CASE("a NUL inside a string is escaped like any control character") {
  const auto result = rewritten("\"a\0b\""s);
  CHECK(result.text == R"("a\u0000b")");
  CHECK(result.repairs.control_characters == 1);
}

TEST_CASE("an escaped quote does not end the string for the repair") {
  CHECK(rewritten("\"a\\\"\n\"").text == R"("a\"\u000a")");
  CHECK(rewritten("\"a\\\\\"\n").text == "\"a\\\\\"\n");
}

TEST_CASE("line separators are escaped inside strings only") {
  const auto result = rewritten("\"\xc2\x85\xe2\x80\xa8\xe2\x80\xa9\"\xe2\x80\xa8");
  CHECK(result.text == "\"\\u0085\\u2028\\u2029\"\xe2\x80\xa8");
  CHECK(result.repairs.line_separators == 3);
}

TEST_CASE("every byte that belongs to no well-formed character becomes one replacement character") {
  const struct {
    const char* bytes;
    std::uint64_t repairs;
  } cases[] = {{"\x80", 1},         {"\xc0\xaf", 2},         {"\xc3", 1},         {"\xe0\x80\x80", 3},
               {"\xed\xa0\x80", 3}, {"\xf4\x90\x80\x80", 4}, {"\xf8\x88\x80", 3}, {"\xe2\x82", 2},
               {"\xf0\x9f\x98", 3}, {"\xff\xfe", 2},         {"\xc1\xbf", 2},     {"\xf0\x80\x80\x80", 4}};
  for (const auto& one : cases) {
    const auto result = rewritten("\"a"s + one.bytes + "z\"");
    std::string expected = "\"a";
    for (std::uint64_t i = 0; i < one.repairs; ++i) expected += "\xef\xbf\xbd";
    CHECK(result.text == expected + "z\"");
    CHECK(result.repairs.invalid_utf8 == one.repairs);
  }
}

TEST_CASE("well-formed characters of every length stay") {
  const std::string text =
      "\"\x7f \xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf\"";
  const auto result = rewritten(text);
  CHECK(result.text == text);
  CHECK(result.repairs.total() == 0);
}

TEST_CASE("repairs add up") {
  Repairs sum{1, 2, 3, 4};
  sum += Repairs{10, 20, 30, 40};
  CHECK(sum.invalid_utf8 == 11);
  CHECK(sum.lone_surrogates == 22);
  CHECK(sum.control_characters == 33);
  CHECK(sum.line_separators == 44);
  CHECK(sum.total() == 110);
}

}  // namespace
}  // namespace engagement::json
