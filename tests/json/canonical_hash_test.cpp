#include "json/canonical_hash.hpp"

#include <set>
#include <string>

#include "json/indexed_text.hpp"
#include "support/catch.hpp"

namespace engagement::json {
namespace {

std::string hash_of(std::string_view json) {
  const IndexedText text(json);
  auto walker = text.walker();
  const auto hash = hash_value(walker);
  walker.finish();
  return to_hex(hash);
}

TEST_CASE("the order of members does not count at any depth") {
  CHECK(hash_of(R"({"a":1,"b":{"c":2,"d":[{"e":1,"f":2}]}})") == hash_of(R"({"b":{"d":[{"f":2,"e":1}],"c":2},"a":1})"));
}

TEST_CASE("white space does not count") {
  CHECK(hash_of(R"({"a":[1,2],"b":"x"})") == hash_of("  { \"a\" :\t[ 1 ,\r\n 2 ] , \"b\" : \"x\" }\n"));
}

TEST_CASE("the spelling of escapes does not count, in names and in values") {
  CHECK(hash_of(R"({"key":"value/é"})") == hash_of(R"({"k\u0065y":"val\u0075e\/\u00e9"})"));
  CHECK(hash_of(R"("😀")") == hash_of(R"("\ud83d\ude00")"));
}

TEST_CASE("everything else counts") {
  const char* texts[] = {"1",
                         "1.0",
                         "1e0",
                         "-1",
                         R"("1")",
                         "true",
                         R"("true")",
                         "false",
                         "null",
                         R"("null")",
                         R"("")",
                         "[]",
                         "{}",
                         "[[]]",
                         "[{}]",
                         R"({"a":1})",
                         R"({"a":"1"})",
                         R"({"b":1})",
                         R"({"a":2})",
                         "[1,2]",
                         "[2,1]",
                         "[1,[2]]",
                         "[[1],2]",
                         "[1,2,3]",
                         "[12]",
                         R"({"a":{}})",
                         R"({"a":[]})",
                         R"({"a":""})",
                         R"({"":"a"})",
                         R"({"a":null})",
                         R"(["a"])",
                         R"({"a":1,"b":2})",
                         R"({"a":2,"b":1})",
                         R"({"a":{"b":1}})",
                         R"({"b":{"a":1}})",
                         R"({"A":1})",
                         R"("a")",
                         R"("A")",
                         R"("a ")",
                         "[null]",
                         "[null,null]",
                         R"(["a","b"])",
                         R"(["ab"])",
                         R"({"a":{"c":1},"b":{"d":1}})",
                         R"({"a":{"d":1},"b":{"c":1}})"};
  std::set<std::string> hashes;
  for (const char* text : texts) {
    INFO(text);
    CHECK(hashes.insert(hash_of(text)).second);
  }
}

TEST_CASE("a member that comes twice differs from one that comes once") {
  CHECK(hash_of(R"({"a":1,"a":1})") != hash_of(R"({"a":1})"));
  CHECK(hash_of(R"({"a":1,"a":1})") != hash_of("{}"));
}

TEST_CASE("hashing passes exactly one value") {
  const IndexedText text(R"([{"a":1},"next"])");
  auto walker = text.walker();
  walker.enter_array();
  REQUIRE(walker.next_element());
  hash_value(walker);
  REQUIRE(walker.next_element());
  CHECK(walker.skip_value() == R"("next")");
}

TEST_CASE("a hash is written as 32 lower-case hexadecimal digits, the high half first") {
  CHECK(to_hex({0x0123456789abcdef, 0xfedcba9876543210}) == "fedcba98765432100123456789abcdef");
  CHECK(to_hex({}) == std::string(32, '0'));
  std::string out = "id=";
  append_hex(out, {1, 0});
  CHECK(out == "id=" + std::string(31, '0') + "1");
}

// Ids in destinations are made of these: a change of the numbers would be a new id for every old row.
TEST_CASE("the hash of bytes is XXH3 with its published value") {
  CHECK(to_hex(hash_bytes("")) == "99aa06d3014798d86001c324468d497f");
  CHECK(hash_bytes("a") != hash_bytes("b"));
}

}  // namespace
}  // namespace engagement::json
