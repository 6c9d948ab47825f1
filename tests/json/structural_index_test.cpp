#include "json/structural_index.hpp"

#include <string>
#include <utility>

#include "json/indexed_text.hpp"
#include "support/catch.hpp"

namespace engagement::json {
namespace {

using namespace std::string_literals;

std::string after_build(std::string_view json) { return std::string(IndexedText(json).text.view()); }

TEST_CASE("the index lists brackets, separators and the first byte of every value") {
  const IndexedText text(R"({"a":[1, true,"x y"]})");
  std::string found;
  for (std::size_t i = 0; i < text.index.count(); ++i) found += text.text.data()[text.index.positions()[i]];
  CHECK(found == R"({":[1,t,"]})");
}

TEST_CASE("a legal text stays as it is, byte for byte") {
  const std::string json = "{\"a\" : \"\xc3\xab\\u0041\\/\",\t\"big\":123456789012345678901234567890.5e-3}";
  const IndexedText text(json);
  CHECK(text.text.view() == json);
  CHECK(text.repairs.total() == 0);
}

TEST_CASE("line breaks between values become blanks and those inside strings escapes") {
  CHECK(after_build("{\r\n\"a\":\n1\r}") == "{  \"a\": 1 }");
  const IndexedText text("{\r\n\"a\":\"x\r\ny\"}\r\n");
  CHECK(text.text.view() == R"({  "a":"x\u000d\u000ay"}  )");
  CHECK(text.repairs.control_characters == 2);
}

TEST_CASE("a byte order mark at the beginning is ignored and elsewhere kept") {
  CHECK(after_build("\xef\xbb\xbf{}") == "   {}");
  CHECK(after_build("\"\xef\xbb\xbf\"") == "\"\xef\xbb\xbf\"");
  CHECK_THROWS_AS(IndexedText("\xef\xbb\xbf"), MalformedJson);
}

TEST_CASE("every kind of repair is counted on its own") {
  const IndexedText text("[\"\xff\",\"\\ud800\",\"\x02\",\"\xe2\x80\xa8\xc2\x85\"]");
  CHECK(text.text.view() == "[\"\xef\xbf\xbd\",\"\\ufffd\",\"\\u0002\",\"\\u2028\\u0085\"]");
  CHECK(text.repairs.invalid_utf8 == 1);
  CHECK(text.repairs.lone_surrogates == 1);
  CHECK(text.repairs.control_characters == 1);
  CHECK(text.repairs.line_separators == 2);
}

TEST_CASE("separators are repaired wherever they stand relative to a block of sixteen bytes") {
  for (std::size_t before = 0; before < 70; ++before) {
    const std::string filling(before, 'a');
    INFO(before);
    CHECK(after_build("\"" + filling + "\xe2\x80\xa9\"") == "\"" + filling + "\\u2029\"");
    CHECK(after_build("\"" + filling + "\xc2\x85\"") == "\"" + filling + "\\u0085\"");
  }
}

TEST_CASE("what no repair can mend is malformed") {
  for (const char* json : {"", " ", "\n", "\"", "\"abc", "{\"a", "\"\\", "\"\\\"", R"("\q")", R"("\u12")"}) {
    INFO(json);
    CHECK_THROWS_AS(IndexedText(json), MalformedJson);
  }
}

TEST_CASE("a backslash before a raw control character is a bad escape, not a backslash in the text") {
  CHECK_THROWS_AS(IndexedText("\"a\\\nb\""), MalformedJson);
  CHECK_THROWS_AS(IndexedText("\"a\\\x01\""), MalformedJson);
  CHECK_THROWS_AS(IndexedText("\"a\\\0b\""s), MalformedJson);
}

TEST_CASE("a backslash before a byte that is no UTF-8 is a bad escape") {
  CHECK_THROWS_AS(IndexedText("\"a\\\xff\""), MalformedJson);
}

TEST_CASE("one index serves texts of any size one after another") {
  StructuralIndex index;
  PaddedBuffer text;
  for (const std::size_t size : {std::size_t{10}, std::size_t{500'000}, std::size_t{3}, std::size_t{2'000'000}}) {
    text.clear();
    text.append("[\"" + std::string(size, 'x') + "\",1]");
    CHECK(index.build(text).total() == 0);
    CHECK(index.count() == 5);
    ValueWalker walker(text, index);
    CHECK(walker.skip_value().size() == size + 6);
    walker.finish();
  }
}

TEST_CASE("an index is usable after a malformed text and after a repaired one") {
  StructuralIndex index;
  PaddedBuffer text;
  text.append("\"open");
  CHECK_THROWS_AS(index.build(text), MalformedJson);
  text.clear();
  text.append("[\"\xff\"]");
  CHECK(index.build(text).invalid_utf8 == 1);
  text.clear();
  text.append("[1]");
  CHECK(index.build(text).total() == 0);
  CHECK(text.view() == "[1]");
  CHECK(index.count() == 3);
}

TEST_CASE("an index can be moved with its positions") {
  StructuralIndex index;
  PaddedBuffer text;
  text.append("[1,2]");
  index.build(text);
  const StructuralIndex moved = std::move(index);
  REQUIRE(moved.count() == 5);
  CHECK(ValueWalker(text, moved).skip_value() == "[1,2]");
}

}  // namespace
}  // namespace engagement::json
