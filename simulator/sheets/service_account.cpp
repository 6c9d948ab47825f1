#include "simulator/sheets/service_account.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "simulator/common/text.hpp"

namespace engagement::simulator::sheets {

namespace {

constexpr unsigned kKeyBits = 2'048;

template <auto Free>
struct FreeBy {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bytes = std::unique_ptr<BIO, FreeBy<BIO_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string pem_of(EVP_PKEY* key) {
  const Bytes memory(BIO_new(BIO_s_mem()));
  if (!memory || PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot write a private key");
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

ServiceAccount::ServiceAccount() : key_(EVP_RSA_gen(kKeyBits)) {
  std::array<unsigned char, 20> id{};
  if (key_ == nullptr || RAND_bytes(id.data(), static_cast<int>(id.size())) != 1) {
    throw std::runtime_error("OpenSSL cannot make an RSA key");
  }
  for (const unsigned char byte : id) put_hex(key_id_, byte, 2);
}

ServiceAccount::~ServiceAccount() { EVP_PKEY_free(key_); }

nlohmann::ordered_json ServiceAccount::key_file(const std::string& token_uri) const {
  return {{"type", "service_account"},
          {"project_id", "simulated-project"},
          {"private_key_id", key_id_},
          {"private_key", pem_of(key_)},
          {"client_email", email_},
          {"client_id", "100000000000000000001"},
          {"auth_uri", "https://accounts.google.com/o/oauth2/auth"},
          {"token_uri", token_uri},
          {"auth_provider_x509_cert_url", "https://www.googleapis.com/oauth2/v1/certs"},
          {"universe_domain", "googleapis.com"}};
}

bool ServiceAccount::has_signed(std::string_view text, std::string_view signature) const {
  const Digest digest(EVP_MD_CTX_new());
  return digest && EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_) == 1 &&
         EVP_DigestVerify(digest.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) == 1;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  std::string usual(text);
  if (usual.find_first_of("+/=\r\n \t") != std::string::npos || usual.size() % 4 == 1) return std::nullopt;
  std::replace(usual.begin(), usual.end(), '-', '+');
  std::replace(usual.begin(), usual.end(), '_', '/');
  const std::size_t padding = (4 - usual.size() % 4) % 4;
  usual.append(padding, '=');
  std::string decoded(usual.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()), bytes_of(usual),
                                   static_cast<int>(usual.size()));
  if (size < 0) return std::nullopt;
  decoded.resize(static_cast<std::size_t>(size) - padding);
  return decoded;
}

}  // namespace engagement::simulator::sheets
