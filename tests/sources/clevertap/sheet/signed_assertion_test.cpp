#include "sources/clevertap/sheet/signed_assertion.hpp"

#include <openssl/ec.h>

#include <vector>

#include "sources/clevertap/sheet/google_fixture.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;

std::string decoded(std::string text) {
  for (char& letter : text) {
    if (letter == '-') letter = '+';
    if (letter == '_') letter = '/';
  }
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  bytes.resize(bytes.size() - padding);
  return bytes;
}

std::vector<std::string> parts_of(const std::string& assertion) {
  const auto first = assertion.find('.');
  const auto second = assertion.find('.', first + 1);
  return {assertion.substr(0, first), assertion.substr(first + 1, second - first - 1), assertion.substr(second + 1)};
}

ServiceAccountKey account_key() {
  return {"reader@x.iam.gserviceaccount.com", test_key_pem(), "k1", "https://t/token"};
}

TEST_CASE("an assertion claims what Google asks for, for an hour") {
  const auto parts = parts_of(signed_assertion(account_key(), test::FakeClock::kStart));
  CHECK(Json::parse(decoded(parts[0])) == Json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "k1"}});
  CHECK(Json::parse(decoded(parts[1])) == Json{{"iss", "reader@x.iam.gserviceaccount.com"},
                                               {"scope", "https://www.googleapis.com/auth/spreadsheets.readonly"},
                                               {"aud", "https://t/token"},
                                               {"iat", 1772323200},
                                               {"exp", 1772326800}});
  for (const auto& part : parts) CHECK(part.find_first_of("+/=.") == std::string::npos);
}

TEST_CASE("an assertion is signed by the account's key") {
  const auto assertion = signed_assertion(account_key(), test::FakeClock::kStart);
  const auto parts = parts_of(assertion);
  const std::string text = parts[0] + "." + parts[1];
  const std::string signature = decoded(parts[2]);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> check(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  REQUIRE(EVP_DigestVerifyInit(check.get(), nullptr, EVP_sha256(), nullptr, test_key()) == 1);
  CHECK(EVP_DigestVerify(check.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                         reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
}

TEST_CASE("what is no RSA key is a config error that shows nothing of it") {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> curve(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_PKCS8PrivateKey(out.get(), curve.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long length = BIO_get_mem_data(out.get(), &text);
  for (const auto& pem : {std::string("SECRET"), std::string(), std::string(text, static_cast<std::size_t>(length)),
                          test_key_pem().substr(0, 300)}) {
    auto key = account_key();
    key.private_key = pem;
    const auto message = message_of([&] { signed_assertion(key, test::FakeClock::kStart); });
    CHECK(message.starts_with("config_error: Query Sheet (query_sheet), Service Account Key"));
    CHECK_FALSE(has(message, "SECRET"));
  }
}

}  // namespace
}  // namespace engagement::clevertap
