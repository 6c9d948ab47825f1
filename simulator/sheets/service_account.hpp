#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace engagement::simulator::sheets {

// A service account with an RSA key of 2048 bits that exists as long as the process. Immutable and thread safe.
class ServiceAccount {
 public:
  ServiceAccount();
  ~ServiceAccount();
  ServiceAccount(const ServiceAccount&) = delete;
  ServiceAccount& operator=(const ServiceAccount&) = delete;

  const std::string& email() const { return email_; }
  const std::string& key_id() const { return key_id_; }
  // The key file as Google's console hands it out, private key and all.
  nlohmann::ordered_json key_file(const std::string& token_uri) const;

  // Whether `signature` is RS256 of `text` by this account's key.
  bool has_signed(std::string_view text, std::string_view signature) const;

 private:
  evp_pkey_st* key_;
  std::string email_ = "query-sheet@simulated-project.iam.gserviceaccount.com";
  std::string key_id_;
};

// RFC 4648 section 5, without padding; nullopt for what is not.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace engagement::simulator::sheets
