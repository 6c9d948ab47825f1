#include "sources/kustomer/records/key_names.hpp"

#include "support/catch.hpp"

namespace engagement::kustomer {
namespace {

TEST_CASE("keys become snake_case as the tap's two regular expressions have it") {
  // Each second text was made by Python's re.sub and str.lower.
  const std::pair<const char*, const char*> kCases[] = {
      {"lastOrderIdNum", "last_order_id_num"},
      {"os00Str", "os00_str"},
      {"HTMLBodyTxt", "html_body_txt"},
      {"externalID", "external_id"},
      {"lastOrder2Num", "last_order2_num"},
      {"shopify-orders", "shopify-orders"},
      {"twitter-dm", "twitter-dm"},
      {"aB", "a_b"},
      {"ABc", "a_bc"},
      {"A", "a"},
      {"AB", "ab"},
      {"aBC", "a_bc"},
      {"XMLHttpRequest", "xml_http_request"},
      {"größeStr", "größe_str"},
      {"ÄnderungStr", "änderung_str"},
      {"orderID2Str", "order_id2_str"},
      {"__Foo", "___foo"},
      {"foo_Bar", "foo__bar"},
      {"Foo Bar", "foo _bar"},
      {"iOSApp", "i_os_app"},
      {"ABCd", "ab_cd"},
      {"a1B2C3", "a1_b2_c3"},
      {"straßeÖffnung", "straßeöffnung"},
      {"ÀÉÎ", "àéî"},
      {"URLs", "ur_ls"},
      {"X_Y", "x_y"},
      {"xYzABC", "x_yz_abc"},
      {"\nAbc", "\nabc"},
      {"", ""},
  };
  for (const auto& [key, wanted] : kCases) CHECK(to_snake_case(key) == wanted);
}

TEST_CASE("two spellings that become the same have one name, and the same spelling is found again in any order") {
  KeyNames names;
  auto& first = names.of("createdAt");
  auto& second = names.of("created_at");
  auto& other = names.of("updatedAt");
  CHECK(&first == &second);
  CHECK(&first != &other);
  CHECK(first.written == ",\"created_at\":");
  for (int times = 0; times < 3; ++times) {
    CHECK(&names.of("updatedAt") == &other);
    CHECK(&names.of("createdAt") == &first);
    CHECK(&names.of("created_at") == &first);
  }
  CHECK(&names.named("updated_at") == &other);
}

TEST_CASE("an escaped key is decoded before it is renamed, and written as JSON again") {
  KeyNames names;
  CHECK(&names.of("created\\u0041t") == &names.of("createdAt"));
  CHECK(names.of("say\\\"Hi").written == R"(,"say\"_hi":)");
}

TEST_CASE("keys that never end are forgotten once they are many") {
  KeyNames names;
  bool forgot = false;
  for (int number = 0; number < 20'000; ++number) {
    forgot = names.forget_if_crowded() || forgot;
    const auto key = "key" + std::to_string(number) + "Str";
    CHECK(names.of(key).text == "key" + std::to_string(number) + "_str");
  }
  CHECK(forgot);
}

}  // namespace
}  // namespace engagement::kustomer
