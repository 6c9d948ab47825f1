#pragma once

#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "simulator/common/http_text.hpp"
#include "simulator/sheets/service.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace engagement::simulator::sheets {

// A simulator in this process, on a free port and a clock whose waits take no time, and a client that signs with
// OpenSSL as Google's libraries do.
class Simulated {
 public:
  static nlohmann::json content() {
    return nlohmann::json::parse(R"({"title":"Numbers","timeZone":"Asia/Kolkata","locale":"en_GB","tabs":[
      {"title":"Queries","gid":0,"rows":[
        ["name","from","event","enabled","Amount"],
        ["a",{"date":"2026-01-31"},"Charged",true,12.5],
        [],
        ["b",{"datetime":"2026-01-31T12:00:00"},null,false,7,"",null],
        ["",null]]},
      {"title":"Anna's asks / EU","gid":77,"rows":[["x"],["y"]]},
      {"title":"Empty","gid":78}]})");
  }

  explicit Simulated(Options options = {}) : service(std::move(options), content(), clock) { service.start(0); }

  struct Answer {
    int status = -1;  // -1: no answer
    std::string body;
    nlohmann::json json() const { return nlohmann::json::parse(body); }
    // The Sheets API's error.
    std::string error_status() const { return json().at("error").at("status").get<std::string>(); }
    std::string error_message() const { return json().at("error").at("message").get<std::string>(); }
  };

  nlohmann::json key() const { return service.state().account.key_file(service.state().token_uri()); }

  nlohmann::json claims(const std::string& scope = "spreadsheets.readonly") const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
    return {{"iss", key().at("client_email")},
            {"scope", "https://www.googleapis.com/auth/" + scope},
            {"aud", key().at("token_uri")},
            {"iat", now},
            {"exp", now + 3'600}};
  }

  Answer ask_for_token(const nlohmann::json& claims_json, const std::string& pem,
                       const nlohmann::json& header = {{"alg", "RS256"}, {"typ", "JWT"}}) const {
    const std::string text = base64url(header.dump()) + '.' + base64url(claims_json.dump());
    const std::string assertion = text + '.' + base64url(signature(text, pem));
    return post(
        "/token",
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + percent_encode(assertion), {},
        "application/x-www-form-urlencoded");
  }
  std::string token(const std::string& scope = "spreadsheets.readonly") const {
    return ask_for_token(claims(scope), key().at("private_key").get<std::string>())
        .json()
        .at("access_token")
        .get<std::string>();
  }

  std::string path() const { return "/v4/spreadsheets/" + service.state().options.spreadsheet_id; }
  std::string values_path(const std::string& range) const { return path() + "/values/" + percent_encode(range); }

  Answer get(const std::string& target, const std::string& bearer = "") const {
    httplib::Client client = new_client();
    return answer_of(client.Get(target, headers(bearer)));
  }
  // Unformatted, as a reader of rows asks.
  Answer values(const std::string& range, const std::string& bearer) const {
    return get(values_path(range) + "?valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=SERIAL_NUMBER", bearer);
  }
  Answer post(const std::string& target, const std::string& body, const std::string& bearer = "",
              const std::string& type = "application/json") const {
    httplib::Client client = new_client();
    return answer_of(client.Post(target, headers(bearer), body, type));
  }
  Answer put(const std::string& target, const std::string& body, const std::string& bearer = "") const {
    httplib::Client client = new_client();
    return answer_of(client.Put(target, headers(bearer), body, "application/json"));
  }
  void fault(const nlohmann::json& rules) { service.state().faults.replace(rules); }

  static std::string base64url(const std::string& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    while (!text.empty() && text.back() == '=') text.pop_back();
    for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
  }

  test::FakeClock clock;
  Service service;

 private:
  template <auto Free>
  struct FreeBy {
    template <typename T>
    void operator()(T* object) const {
      Free(object);
    }
  };

  static std::string signature(const std::string& text, const std::string& pem) {
    const std::unique_ptr<BIO, FreeBy<BIO_free>> memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>> private_key(
        PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
    const std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>> digest(EVP_MD_CTX_new());
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, private_key.get()) != 1 ||
        EVP_DigestSign(digest.get(), nullptr, &size, bytes, text.size()) != 1) {
      throw std::runtime_error("cannot sign");
    }
    std::string signed_bytes(size, '\0');
    EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signed_bytes.data()), &size, bytes, text.size());
    signed_bytes.resize(size);
    return signed_bytes;
  }

  static httplib::Headers headers(const std::string& bearer) {
    if (bearer.empty()) return {};
    return {{"Authorization", "Bearer " + bearer}};
  }
  httplib::Client new_client() const {
    httplib::Client client("127.0.0.1", service.port());
    client.set_url_encode(false);
    return client;
  }
  static Answer answer_of(const httplib::Result& result) {
    if (!result) return {};
    return {result->status, result->body};
  }
};

}  // namespace engagement::simulator::sheets
