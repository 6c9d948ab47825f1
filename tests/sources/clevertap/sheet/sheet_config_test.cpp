#include "sources/clevertap/sheet/sheet_config.hpp"

#include "sources/clevertap/sheet/google_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;

SheetConfig sheet_config_with(const std::string& address) {
  return read_sheet_config(sheet_json({{"spreadsheet", address}})).value();
}

TEST_CASE("a configuration without a query sheet has none") {
  CHECK_FALSE(read_sheet_config(Json::object()));
  CHECK_FALSE(read_sheet_config({{"query_sheet", nullptr}}));
}

TEST_CASE("a spreadsheet is named by its address or its id") {
  for (const char* address : {"1aB_c-D", " 1aB_c-D ", "https://docs.google.com/spreadsheets/d/1aB_c-D/edit",
                              "https://docs.google.com/spreadsheets/d/1aB_c-D",
                              "https://docs.google.com/spreadsheets/u/1/d/1aB_c-D/edit#gid=0",
                              "docs.google.com/spreadsheets/d/1aB_c-D?usp=sharing"}) {
    INFO(address);
    CHECK(sheet_config_with(address).spreadsheet_id == "1aB_c-D");
  }
}

TEST_CASE("the tab is the one that the address names") {
  CHECK_FALSE(sheet_config_with("1aB_c-D").gid);
  CHECK_FALSE(sheet_config_with("https://docs.google.com/spreadsheets/d/1aB/edit").gid);
  CHECK(sheet_config_with("https://docs.google.com/spreadsheets/d/1aB/edit#gid=0").gid == 0);
  CHECK(sheet_config_with("https://docs.google.com/spreadsheets/d/1aB/edit?gid=77#gid=78").gid == 78);
}

TEST_CASE("what names no spreadsheet is an error that shows an address") {
  for (const char* address :
       {"", "my sheet", "https://example.com/d/1aB/edit", "https://docs.google.com/document/d/1aB",
        "https://docs.google.com/spreadsheets/d/e/2PACX-1/pubhtml", "https://docs.google.com/spreadsheets/d//edit"}) {
    INFO(address);
    const auto message = message_of([&] { sheet_config_with(address); });
    CHECK(has(message, "config_error: Query Sheet (query_sheet), Spreadsheet (spreadsheet)"));
    CHECK(has(message, "https://docs.google.com/spreadsheets/d/"));
  }
}

TEST_CASE("a key file says who reads, with which key, and where tokens are") {
  const auto account = read_sheet_config(sheet_json()).value().account.value();
  CHECK(account.email == "reader@project.iam.gserviceaccount.com");
  CHECK(account.key_id == "k1");
  CHECK(account.token_uri == "https://oauth2.googleapis.com/token");
  CHECK(has(account.private_key, "BEGIN PRIVATE KEY"));
  Json key = key_file();
  key.erase("token_uri");
  CHECK(read_sheet_config(sheet_json(Json::object(), key.dump())).value().account->token_uri ==
        "https://oauth2.googleapis.com/token");
}

TEST_CASE("what is no key file is an error that shows nothing of it") {
  Json other = key_file();
  other["type"] = "authorized_user";
  Json without_email = key_file();
  without_email.erase("client_email");
  for (const auto& text : {std::string("SECRET-TEXT"), std::string("{\"a\":SECRET-TEXT}"), std::string("[]"),
                           std::string(), other.dump(), without_email.dump()}) {
    const auto message = message_of([&] { read_sheet_config(sheet_json(Json::object(), text)); });
    INFO(message);
    CHECK(message.starts_with("config_error: "));
    CHECK(has(message, "Service Account Key (credentials.service_account_json)"));
    CHECK_FALSE(has(message, "SECRET-TEXT"));
    CHECK_FALSE(has(message, "BEGIN PRIVATE KEY"));
  }
}

TEST_CASE("an API key stands alone") {
  const auto config = read_sheet_config({{"query_sheet",
                                          {{"spreadsheet", "1aB"},
                                           {"range", " Queries "},
                                           {"credentials", {{"auth_type", "api_key"}, {"api_key", " AIza "}}},
                                           {"api_base_url", "http://127.0.0.1:1/"}}}})
                          .value();
  CHECK_FALSE(config.account);
  CHECK(config.api_key == "AIza");
  CHECK(config.range == "Queries");
  CHECK(config.base_url == "http://127.0.0.1:1");
}

}  // namespace
}  // namespace engagement::clevertap
