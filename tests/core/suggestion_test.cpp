#include "core/suggestion.hpp"

#include "support/catch.hpp"

using engagement::did_you_mean;
using engagement::nearest;
using Names = std::vector<std::string>;

TEST_CASE("the same letters in another case come before any other candidate") {
  CHECK(nearest("app launched", {"app launchet", "App Launched"}) == Names{"App Launched", "app launchet"});
}

TEST_CASE("candidates are ordered by edit distance and equally near ones keep their order") {
  CHECK(nearest("charged", {"chargxx", "chargex", "xharged", "charge"}, 4) ==
        Names{"chargex", "xharged", "charge", "chargxx"});
}

TEST_CASE("two neighbouring letters swapped count as one edit") {
  // Two edits without the swap, which would put "sprinkl" first.
  CHECK(nearest("sprinlkr", {"sprinlkxy", "sprinklr"}) == Names{"sprinklr", "sprinlkxy"});
}

TEST_CASE("a candidate is near within two edits, or within a third of a longer word") {
  CHECK(nearest("abcd", {"abxy"}) == Names{"abxy"});
  CHECK(nearest("abcd", {"axyz"}).empty());
  CHECK(nearest("abcdefghi", {"abcdefxyz"}) == Names{"abcdefxyz"});
  CHECK(nearest("abcdefghi", {"abcdewxyz"}).empty());
  CHECK(nearest("abcdefgh", {"abcdexyz"}).empty());
}

TEST_CASE("a candidate that shares nothing with the word is not near, however short both are") {
  CHECK(nearest("us", {"", "eu", "in"}) == Names{});
  CHECK(nearest("us9", {"", "eu1", "in1", "sg1", "us1", "sk1", "aps3", "mec1"}) == Names{"us1"});
}

TEST_CASE("no more suggestions are given than asked for, each once") {
  const Names many{"name1", "name2", "name2", "name3", "name4"};
  CHECK(nearest("name", many) == Names{"name1", "name2", "name3"});
  CHECK(nearest("name", many, 1) == Names{"name1"});
  CHECK(nearest("name", {}).empty());
}

TEST_CASE("letters beyond ASCII count as one each") {
  CHECK(nearest("caf\xc3\xa9", {"cafe"}) == Names{"cafe"});
  CHECK(nearest("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", {"\xe6\x97\xa5\xe6\x9c\xac"}) ==
        Names{"\xe6\x97\xa5\xe6\x9c\xac"});
}

TEST_CASE("the question names one, two or three candidates") {
  CHECK(did_you_mean("name", {"zzzzzzz"}) == "");
  CHECK(did_you_mean("name", {"name1"}) == R"(did you mean "name1"?)");
  CHECK(did_you_mean("name", {"name1", "name2"}) == R"(did you mean "name1" or "name2"?)");
  CHECK(did_you_mean("name", {"name1", "name2", "name3", "name4"}) == R"(did you mean "name1", "name2" or "name3"?)");
}
