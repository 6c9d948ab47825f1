#include "core/lower_case.hpp"

#include "support/catch.hpp"

namespace engagement {
namespace {

TEST_CASE("a text becomes lower case as Python makes it, whatever the machine's locale") {
  CHECK(lower_case("REPLY_Post_0") == "reply_post_0");
  CHECK(lower_case("ÄÉΩЖ") == "äéωж");
  CHECK(lower_case("dateµcreatedTime") == "dateµcreatedtime");
  CHECK(lower_case("İ") == "i̇");
}

TEST_CASE("bytes that are no UTF-8 stay as they are in lower case") {
  CHECK(lower_case("A\xff\xc3"
                   "B") ==
        "a\xff\xc3"
        "b");
}

}  // namespace
}  // namespace engagement
