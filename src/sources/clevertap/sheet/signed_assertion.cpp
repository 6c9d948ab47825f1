#include "sources/clevertap/sheet/signed_assertion.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "core/error.hpp"

namespace engagement::clevertap {

namespace {

template <auto release>
struct Release {
  template <typename T>
  void operator()(T* object) const {
    release(object);
  }
};
using SslBuffer = std::unique_ptr<BIO, Release<BIO_free_all>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Signing = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;

// RFC 7515, appendix C: base64 in the URL's alphabet, without padding.
std::string base64url(const unsigned char* bytes, std::size_t count) {
  std::string text(4 * ((count + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(count));
  text.resize(static_cast<std::size_t>(length));
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string base64url(const std::string& text) {
  return base64url(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

// A key that is locked by a pass phrase is none of Google's, and nobody is there to be asked for it.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

PrivateKey rsa_key(const std::string& pem) {
  const SslBuffer text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PrivateKey key(text ? PEM_read_bio_PrivateKey(text.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
  if (key && EVP_PKEY_base_id(key.get()) == EVP_PKEY_RSA) return key;
  throw config_error(
      "Query Sheet (query_sheet), Service Account Key (credentials.service_account_json): its \"private_key\" is no "
      "RSA key. Paste the whole key file just as Google made it.");
}

std::string rs256(const std::string& text, const std::string& pem) {
  const PrivateKey key = rsa_key(pem);
  const Signing signing(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t length = 0;
  bool signed_well = signing && EVP_DigestSignInit(signing.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
                     EVP_DigestSign(signing.get(), nullptr, &length, bytes, text.size()) == 1;
  std::vector<unsigned char> signature(length);
  signed_well = signed_well && EVP_DigestSign(signing.get(), signature.data(), &length, bytes, text.size()) == 1;
  if (!signed_well) {
    throw system_error("The service account's key could not sign the request for a token. Please report this.",
                       "EVP_DigestSign failed");
  }
  return base64url(signature.data(), length);
}

}  // namespace

std::string signed_assertion(const ServiceAccountKey& key, SystemTime now) {
  using protocol::Json;
  const auto issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  Json header{{"alg", "RS256"}, {"typ", "JWT"}};
  if (!key.key_id.empty()) header["kid"] = key.key_id;
  const Json claims{{"iss", key.email},
                    {"scope", "https://www.googleapis.com/auth/spreadsheets.readonly"},
                    {"aud", key.token_uri},
                    {"iat", issued},
                    {"exp", issued + 3600}};
  const std::string text = base64url(header.dump()) + "." + base64url(claims.dump());
  return text + "." + rs256(text, key.private_key);
}

}  // namespace engagement::clevertap
