#include "client.hpp"

namespace engagement::simulator::sheets {
namespace {

using nlohmann::json;

TEST_CASE("The key file has what a client needs, and the token it earns reads the sheet until it expires") {
  Simulated simulated;
  const json key = simulated.key();
  CHECK(key.at("type") == "service_account");
  CHECK(key.at("private_key").get<std::string>().starts_with("-----BEGIN PRIVATE KEY-----\n"));
  CHECK(key.at("token_uri") == simulated.service.state().base_url + "/token");
  const auto answer = simulated.ask_for_token(simulated.claims(), key.at("private_key").get<std::string>(),
                                              {{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key.at("private_key_id")}});
  CHECK(answer.status == 200);
  CHECK(answer.json().at("token_type") == "Bearer");
  CHECK(answer.json().at("expires_in") == 3'599);
  const auto token = answer.json().at("access_token").get<std::string>();
  CHECK(simulated.get(simulated.path(), token).status == 200);
  simulated.clock.advance(std::chrono::hours(1));
  CHECK(simulated.get(simulated.path(), token).status == 401);
}

TEST_CASE("An assertion that another key signed, or that was altered, is no grant") {
  const Simulated simulated;
  const ServiceAccount stranger;
  const auto foreign =
      simulated.ask_for_token(simulated.claims(), stranger.key_file("").at("private_key").get<std::string>());
  CHECK(foreign.status == 400);
  CHECK(foreign.json() == json{{"error", "invalid_grant"}, {"error_description", "Invalid JWT Signature."}});
  const auto pem = simulated.key().at("private_key").get<std::string>();
  for (const json& header :
       {json{{"alg", "HS256"}}, json{{"alg", "none"}}, json{{"alg", "RS256"}, {"kid", "another"}}}) {
    CHECK(simulated.ask_for_token(simulated.claims(), pem, header).json().at("error_description") ==
          "Invalid JWT Signature.");
  }
}

TEST_CASE("Issuer, audience, scope and times of an assertion must be right") {
  const Simulated simulated;
  const auto pem = simulated.key().at("private_key").get<std::string>();
  const auto error = [&](const char* name, const json& value) {
    json claims = simulated.claims();
    claims[name] = value;
    const auto answer = simulated.ask_for_token(claims, pem);
    CHECK(answer.status == 400);
    return answer.json().at("error").get<std::string>() + ": " +
           answer.json().at("error_description").get<std::string>();
  };
  CHECK(error("iss", "nobody@example.com") == "invalid_grant: Invalid grant: account not found");
  CHECK(error("aud", "https://www.example.com/token").starts_with("invalid_grant: Invalid JWT: Failed audience"));
  json google = simulated.claims();
  google["aud"] = "https://oauth2.googleapis.com/token";  // by google-auth, whatever the key file says
  CHECK(simulated.ask_for_token(google, pem).status == 200);
  CHECK(error("scope", "https://www.googleapis.com/auth/calendar").starts_with("invalid_scope"));
  CHECK(error("scope", nullptr).starts_with("invalid_scope"));
  const auto now = simulated.claims().at("iat").get<std::int64_t>();
  CHECK(error("exp", now + 3'601).find("short-lived") != std::string::npos);
  CHECK(error("exp", now - 301).find("short-lived") != std::string::npos);
  CHECK(error("iat", now + 301).find("short-lived") != std::string::npos);
  CHECK(error("exp", "soon").find("short-lived") != std::string::npos);
}

TEST_CASE("A form without the right grant type or an assertion is refused") {
  const Simulated simulated;
  const auto error = [&](const std::string& form) {
    return simulated.post("/token", form, "", "application/x-www-form-urlencoded").json().at("error");
  };
  const std::string grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
  CHECK(error("") == "invalid_request");
  CHECK(error("grant_type=password") == "unsupported_grant_type");
  CHECK(error(grant) == "invalid_request");
  CHECK(error(grant + "&assertion=a.b.c") == "invalid_grant");
  CHECK(error(grant + "&assertion=nonsense") == "invalid_grant");
}

TEST_CASE("The log tells what was claimed, and keeps neither signature nor token nor key") {
  const Simulated simulated;
  const std::string token = simulated.token();
  simulated.get(simulated.path(), token);
  simulated.get(simulated.path() + "?key=sim-api-key");
  simulated.get(simulated.path(), "stolen");
  const auto log = simulated.get("/_simulator/requests");
  const json entries = log.json();
  REQUIRE(entries.size() == 4);
  CHECK(entries[0].at("assertion").at("claims").at("scope") == "https://www.googleapis.com/auth/spreadsheets.readonly");
  CHECK(entries[1].at("headers").at("Authorization") == "right");
  CHECK(entries[2].at("query").at("key") == "right");
  CHECK(entries[3].at("headers").at("Authorization") == "wrong");
  CHECK(entries[3].at("status") == 401);
  CHECK(log.body.find(token) == std::string::npos);
  CHECK(log.body.find("stolen") == std::string::npos);
  CHECK(log.body.find("sim-api-key") == std::string::npos);
}

}  // namespace
}  // namespace engagement::simulator::sheets
