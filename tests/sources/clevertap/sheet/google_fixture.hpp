#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <set>
#include <string>

#include "engine/command_context.hpp"
#include "engine/config_updates.hpp"
#include "sources/clevertap/clevertap_fixture.hpp"
#include "sources/clevertap/sheet/google_sheets.hpp"

namespace engagement::clevertap {

// An RSA key that lives as long as the tests.
inline EVP_PKEY* test_key() {
  static const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(2048), &EVP_PKEY_free);
  return key.get();
}

inline std::string test_key_pem() {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_PKCS8PrivateKey(out.get(), test_key(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

inline protocol::Json key_file() {
  return {{"type", "service_account"},
          {"private_key_id", "k1"},
          {"private_key", test_key_pem()},
          {"client_email", "reader@project.iam.gserviceaccount.com"},
          {"token_uri", "https://oauth2.googleapis.com/token"}};
}

// A configuration with a query sheet that a service account reads.
inline protocol::Json sheet_json(const protocol::Json& changes = protocol::Json::object(),
                                 const std::string& key_text = key_file().dump()) {
  protocol::Json sheet{{"spreadsheet", "1aB"},
                       {"credentials", {{"auth_type", "service_account"}, {"service_account_json", key_text}}}};
  sheet.update(changes);
  return {{"query_sheet", sheet}};
}

inline protocol::Json api_key_json(const protocol::Json& changes = protocol::Json::object()) {
  protocol::Json sheet{{"spreadsheet", "1aB"}, {"credentials", {{"auth_type", "api_key"}, {"api_key", "AIza/+1"}}}};
  sheet.update(changes);
  return {{"query_sheet", sheet}};
}

class CollectedSecrets final : public engine::ConfigUpdates {
 public:
  void replace(const protocol::Json& /*config*/) override {}
  void prepare() override {}
  void add_secret(std::string_view secret) override { secrets.emplace(secret); }
  std::set<std::string, std::less<>> secrets;
};

// Google in a function: one spreadsheet of two tabs.
struct GoogleFixture : test::StreamFixture {
  GoogleFixture() {
    environment.config_updates = &secrets;
    client.answer_with([this](const http::Request& request, const std::stop_token&) { return answer_to(request); });
  }

  test::ScriptedAnswer answer_to(const http::Request& request) const {
    if (request.method == http::Method::post) return token;
    return has(request.url, "/values/") ? values : titles;
  }

  SheetTable read(const protocol::Json& config) {
    engine::CommandContext context(environment, logger);
    return GoogleSheets(read_sheet_config(config).value()).read(context, stop.get_token());
  }

  CollectedSecrets secrets;
  test::ScriptedAnswer token = test::answer(R"({"access_token":"ya29.token","expires_in":3599,"token_type":"Bearer"})");
  test::ScriptedAnswer titles =
      test::answer(R"({"properties":{"title":"Numbers","timeZone":"Asia/Kolkata","locale":"en_GB"},"sheets":[)"
                   R"({"properties":{"sheetId":5,"title":"Chart1","sheetType":"OBJECT"}},)"
                   R"({"properties":{"sheetId":0,"title":"Queries","sheetType":"GRID"}},)"
                   R"({"properties":{"sheetId":77,"title":"Anna's asks / EU","sheetType":"GRID"}}]})");
  test::ScriptedAnswer values = test::answer(
      R"({"range":"Queries!A1:Z1000","majorDimension":"ROWS","values":[["name","event"],["orders","Charged"]]})");
};

}  // namespace engagement::clevertap
