#include "simulator/sheets/tokens.hpp"

#include <openssl/rand.h>

#include <array>
#include <sstream>

#include "simulator/common/http_text.hpp"
#include "simulator/common/text.hpp"
#include "simulator/sheets/refusal.hpp"

namespace engagement::simulator::sheets {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view kGrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/";
// What Google's own Python library claims, whatever the key file's token_uri is.
constexpr std::string_view kGoogleAudience = "https://oauth2.googleapis.com/token";
constexpr std::int64_t kLongestLife = 3'600;
constexpr std::int64_t kSkew = 300;  // how far the clocks may be apart

struct Assertion {
  std::string signed_text, signature;
  json header, claims;
};

std::optional<Assertion> parse_assertion(const std::string& text) {
  const auto first = text.find('.'), second = text.find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  const auto header = base64url_decode(std::string_view(text).substr(0, first));
  const auto claims = base64url_decode(std::string_view(text).substr(first + 1, second - first - 1));
  const auto signature = base64url_decode(std::string_view(text).substr(second + 1));
  if (!header || !claims || !signature) return std::nullopt;
  Assertion assertion{text.substr(0, second), *signature, json::parse(*header, nullptr, false),
                      json::parse(*claims, nullptr, false)};
  if (!assertion.header.is_object() || !assertion.claims.is_object()) return std::nullopt;
  return assertion;
}

// What the scopes, separated by blanks, allow; nullopt for one that is none of Google's for this API.
std::optional<Grant> grant_of(const json& scopes) {
  if (!scopes.is_string()) return std::nullopt;
  Grant grant;
  std::istringstream words(scopes.get<std::string>());
  for (std::string word; words >> word;) {
    if (!word.starts_with(kScope)) return std::nullopt;
    const std::string name = word.substr(kScope.size());
    const bool writes = name == "spreadsheets" || name == "drive" || name == "drive.file";
    if (!writes && name != "spreadsheets.readonly" && name != "drive.readonly") return std::nullopt;
    grant.reads = true;
    grant.writes = grant.writes || writes;
  }
  return grant.reads ? std::optional(grant) : std::nullopt;
}

std::string random_token() {
  std::array<unsigned char, 24> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string token = "ya29.sim.";
  for (const unsigned char byte : bytes) put_hex(token, byte, 2);
  return token;
}

Reply invalid_grant(const std::string& description) { return token_error("invalid_grant", description); }

}  // namespace

Reply Tokens::issue(const std::string& form, const std::string& token_uri) {
  const QueryFields fields(form);
  const std::string grant_type = fields.value("grant_type").value_or("");
  if (grant_type.empty()) return token_error("invalid_request", "Required parameter is missing: grant_type");
  if (grant_type != kGrantType) return token_error("unsupported_grant_type", "Invalid grant_type: " + grant_type);
  const auto text = fields.value("assertion");
  if (!text) return token_error("invalid_request", "Required parameter is missing: assertion");
  const auto assertion = parse_assertion(*text);
  if (!assertion) return invalid_grant("Invalid JWT: Failed to parse the assertion.");
  const json& claims = assertion->claims;
  if (claims.value("iss", json()) != account_.email()) return invalid_grant("Invalid grant: account not found");
  const bool right_key = assertion->header.value("kid", json(account_.key_id())) == account_.key_id();
  const bool right_algorithm = assertion->header.value("alg", json()) == "RS256";
  if (!right_key || !right_algorithm || !account_.has_signed(assertion->signed_text, assertion->signature)) {
    return invalid_grant("Invalid JWT Signature.");
  }
  const json audience = claims.value("aud", json());
  if (audience != token_uri && audience != kGoogleAudience) {
    return invalid_grant("Invalid JWT: Failed audience check. The right audience is " + token_uri);
  }
  const json iat = claims.value("iat", json()), exp = claims.value("exp", json());
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
  const bool timely = iat.is_number_integer() && exp.is_number_integer() && iat <= now + kSkew && exp > now - kSkew &&
                      exp > iat && exp.get<std::int64_t>() - iat.get<std::int64_t>() <= kLongestLife;
  if (!timely) {
    return invalid_grant(
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and "
        "exp values in the JWT claim.");
  }
  const auto grant = grant_of(claims.value("scope", json()));
  if (!grant) return token_error("invalid_scope", "Invalid OAuth scope or ID token audience provided.");

  const std::string token = random_token();
  {
    const std::lock_guard lock(mutex_);
    issued_[token] = {*grant, clock_.steady_now() + options_.token_life};
  }
  Reply reply;
  reply.content_type = "application/json; charset=UTF-8";
  reply.set_text(
      ordered_json{{"access_token", token}, {"expires_in", options_.token_life.count() - 1}, {"token_type", "Bearer"}}
          .dump());
  return reply;
}

std::optional<Grant> Tokens::find(const std::string& token) const {
  const std::lock_guard lock(mutex_);
  const auto found = issued_.find(token);
  if (found == issued_.end() || clock_.steady_now() >= found->second.until) return std::nullopt;
  return found->second.grant;
}

ordered_json Tokens::claims_in(const std::string& form) {
  const QueryFields fields(form);
  const auto assertion = parse_assertion(fields.value("assertion").value_or(""));
  ordered_json seen = {{"grant_type", fields.value("grant_type").value_or("")}};
  if (assertion) {
    seen["header"] = assertion->header;
    seen["claims"] = assertion->claims;
  }
  return seen;
}

}  // namespace engagement::simulator::sheets
