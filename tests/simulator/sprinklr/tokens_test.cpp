#include "client.hpp"

namespace engagement::simulator::sprinklr {
namespace {

constexpr const char* kMe = "/api/v2/me";
constexpr const char* kForm = "application/x-www-form-urlencoded";

TEST_CASE("A refresh token is good once, and ends the access token before it") {
  Simulated simulated;
  CHECK(simulated.get(kMe).status == 200);
  const auto refreshed = simulated.refresh("sim+refresh/0=");
  REQUIRE(refreshed.status == 200);
  CHECK(refreshed.header("SPR-TOKEN-VERSION") == "2");
  CHECK(refreshed.json().at("expires_in") == 2'591'999);
  const auto second = refreshed.json().at("refresh_token").get<std::string>();
  for (const char c : {'+', '/', '='}) CHECK(second.find(c) != std::string::npos);

  CHECK(simulated.get(kMe).status == 401);
  CHECK(simulated.get(kMe).json().at("data").empty());
  simulated.token = refreshed.json().at("access_token").get<std::string>();
  CHECK(simulated.get(kMe).json().at("data").at("id") == 551);

  const auto reused = simulated.refresh("sim+refresh/0=");
  CHECK(reused.status == 400);
  CHECK(reused.json().at("error") == "invalid_grant");
  CHECK(simulated.get(kMe).status == 200);
  CHECK(simulated.refresh(second).status == 200);
}

TEST_CASE("A refresh token that was encoded twice, or not at all, is another one") {
  const Simulated simulated;
  CHECK(simulated.refresh(percent_encode("sim+refresh/0=")).json().at("error") == "invalid_grant");
  const auto raw = simulated.post("/oauth/token",
                                  "grant_type=refresh_token&client_id=sim-key&client_secret=sim-secret&redirect_uri="
                                  "https://localhost/callback&refresh_token=sim+refresh/0=",
                                  {}, kForm);
  CHECK(raw.json().at("error") == "invalid_grant");
}

TEST_CASE("The parameters may stand in the query, and the redirect address must be there and match") {
  const Simulated simulated;
  const std::string start = "/oauth/token?grant_type=refresh_token&client_id=sim-key&client_secret=sim-secret";
  const std::string token = "&refresh_token=" + percent_encode("sim+refresh/0=");
  CHECK(simulated.post(start + token, "", {}, kForm).status == 400);
  CHECK(simulated.post(start + token + "&redirect_uri=https://other", "", {}, kForm).status == 400);
  CHECK(simulated.post(start + token + "&redirect_uri=https://localhost/callback", "", {}, kForm).status == 200);
}

TEST_CASE("Client credentials mint a new pair, and a wrong secret is refused") {
  Options options = Simulated::options();
  options.expires_in_text = true;
  const Simulated simulated(options);
  const std::string grant = "grant_type=client_credentials&client_id=sim-key&client_secret=";
  CHECK(simulated.post("/oauth/token", grant + "wrong", {}, kForm).status == 401);
  CHECK(simulated.get(kMe).status == 200);
  const auto minted = simulated.post("/oauth/token", grant + "sim-secret", {}, kForm);
  CHECK(minted.json().contains("refresh_token"));
  CHECK(minted.json().at("expires_in") == "2591999");
  CHECK(simulated.get(kMe).status == 401);
}

TEST_CASE("An access token ends after its life") {
  Options options = Simulated::options();
  options.initial_token_life = std::chrono::seconds(60);
  Simulated simulated(options);
  CHECK(simulated.get(kMe).status == 200);
  simulated.clock.advance(std::chrono::seconds(60));
  CHECK(simulated.get(kMe).status == 401);
}

TEST_CASE("A refresh whose answer is lost has taken effect; one that fails has not") {
  Simulated simulated;
  simulated.fault({{"fault", "refresh_fails"}});
  CHECK(simulated.refresh("sim+refresh/0=").status == 500);
  simulated.fault({{"fault", "lost_refresh"}});
  CHECK(simulated.refresh("sim+refresh/0=").status == -1);
  CHECK(simulated.refresh("sim+refresh/0=").status == 400);
  const auto known = simulated.get("/_simulator/tokens").json();
  CHECK(known.at("refreshes") == 1);
  CHECK(simulated.refresh(known.at("refresh_token").get<std::string>()).status == 200);
}

TEST_CASE("The simulator's own calls expire and rotate the tokens, and the log holds no secret") {
  Simulated simulated;
  CHECK(simulated.put("/_simulator/tokens?action=expire").status == 200);
  CHECK(simulated.get(kMe).status == 401);
  CHECK(simulated.put("/_simulator/tokens?action=rotate").json().at("pairs_made") == 1);
  CHECK(simulated.refresh("sim+refresh/0=").status == 400);
  const std::string log = simulated.get("/_simulator/requests").body;
  CHECK(log.find("sim-secret") == std::string::npos);
  CHECK(log.find("sim+refresh") == std::string::npos);
  CHECK(log.find("sim-access") == std::string::npos);
  CHECK(log.find(R"("refresh_token":"used")") != std::string::npos);
}

TEST_CASE("A missing key, a wrong key and a wrong environment are told apart") {
  Options options = Simulated::options();
  options.environment = "prod2";
  const Simulated simulated(options);
  const httplib::Headers token = {{"Authorization", "Bearer sim-access"}};
  CHECK(simulated.get("/prod2/api/v2/me").status == 200);
  CHECK(simulated.get("/api/v2/me").status == 421);
  CHECK(simulated.get("/prod3/api/v2/me").status == 421);
  CHECK(simulated.get("/prod2/api/v2/me", token).error() == "Missing or wrong key");
  const auto inactive = simulated.get("/prod2/api/v2/me", {{"Key", "another"}, {"Authorization", "Bearer sim-access"}});
  CHECK(inactive.status == 403);
  CHECK(inactive.body == "<h1>Developer Inactive</h1>");
  CHECK(simulated.get("/prod2/api/v2/me", {{"Key", "sim-key"}}).status == 401);
  CHECK(Simulated().get("/prod/api/v2/me").status == 421);
}

}  // namespace
}  // namespace engagement::simulator::sprinklr
