// The single-use refresh token, by the real binary against the simulator: it is never used without need, never twice,
// and its successor is never lost without a word.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "binary/sprinklr.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"

namespace engagement::test {

namespace {

std::string status_of(const Output& output) {
  const auto statuses = output.of("CONNECTION_STATUS", "connectionStatus");
  return statuses.empty() ? "" : statuses.front().at("status").get<std::string>();
}
std::string message_of(const Output& output) {
  return output.of("CONNECTION_STATUS", "connectionStatus").at(0).value("message", "");
}
// The configuration of the last CONTROL message.
Json control_of(const Output& output) {
  const auto controls = output.of("CONTROL", "control");
  return controls.empty() ? Json() : controls.back().at("connectorConfig").at("config");
}

}  // namespace

TEST_CASE("Sprinklr: a token that works is not renewed by check, discover or read") {
  Sprinklr sprinklr;
  sprinklr.credentials()["token_expiry_date"] = "2020-01-01T00:00:00Z";
  CHECK(status_of(sprinklr.connector.check(sprinklr.config)) == "SUCCEEDED");
  sprinklr.catalog();
  CHECK(sprinklr.token_requests() == 0);
  sprinklr.credentials().erase("token_expiry_date");
  CHECK(sprinklr.read(sprinklr.catalog()).exit_code == 0);
  CHECK(sprinklr.token_requests() == 0);
}

TEST_CASE("Sprinklr: an ended token is renewed once, and the next run goes on with the handed-over configuration") {
  Sprinklr sprinklr({"--initial-token-seconds", "0"});
  const Output first = sprinklr.read(sprinklr.catalog("incremental", {"responses", "cases"}));
  CHECK(first.exit_code == 0);
  CHECK(Sprinklr::rows_of(first).size() == sprinklr.rows());
  CHECK(MessageOrder::violation(first).value_or("") == "");
  // discover asks nothing of Sprinklr, read renewed once.
  CHECK(sprinklr.token_requests() == 1);
  const Json renewed = control_of(first);
  REQUIRE(renewed.is_object());
  CHECK(renewed.at("credentials").at("refresh_token") != sprinklr.credentials().at("refresh_token"));
  Json others = renewed;
  others["credentials"] = sprinklr.credentials();
  CHECK(others == sprinklr.config);
  for (const auto& log : first.of("LOG", "log")) {
    CHECK_FALSE(has(log.dump(), renewed.at("credentials").at("refresh_token").get<std::string>()));
    CHECK_FALSE(has(log.dump(), renewed.at("credentials").at("access_token").get<std::string>()));
  }
  sprinklr.config = renewed;
  CHECK(sprinklr.read(sprinklr.catalog()).exit_code == 0);
  CHECK(sprinklr.token_requests() == 1);
}

TEST_CASE("Sprinklr: the message with the new token comes before the first record that it brought") {
  Sprinklr sprinklr({"--initial-token-seconds", "0"});
  const Output output = sprinklr.read(sprinklr.catalog());
  CHECK(output.out.find(R"({"type":"CONTROL")") < output.out.find(R"({"type":"RECORD")"));
}

TEST_CASE("Sprinklr: with --update-config the file follows, and keeps its mode") {
  Sprinklr sprinklr({"--initial-token-seconds", "0"});
  const std::string file = sprinklr.connector.file(sprinklr.config.dump());
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::string catalog = sprinklr.connector.file(sprinklr.catalog().dump());
  for (int run = 0; run < 2; ++run) {
    const Output output = sprinklr.connector.run({"read", "--update-config", "--config", file, "--catalog", catalog});
    CHECK(output.exit_code == 0);
  }
  CHECK(sprinklr.token_requests() == 1);
  std::ifstream stream(file);
  CHECK(Json::parse(stream).at("credentials").at("refresh_token") != sprinklr.credentials().at("refresh_token"));
  CHECK(std::filesystem::status(file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("Sprinklr: a lost refresh is one request, a configuration error, and asks to log in again") {
  for (const Json& fault : {Json{{"fault", "lost_refresh"}}, Json{{"fault", "refresh_fails"}},
                            Json{{"fault", "reset"}, {"match", {{"step", "token"}}}},
                            Json{{"fault", "truncate_body"}, {"match", {{"step", "token"}}}}}) {
    INFO(fault);
    Sprinklr sprinklr({"--initial-token-seconds", "0"});
    const Json catalog = sprinklr.catalog("incremental", {"responses", "cases"});
    sprinklr.simulator.set_faults(fault);
    const Output output = sprinklr.read(catalog);
    CHECK(output.exit_code == 1);
    CHECK(sprinklr.token_requests() == 1);
    for (const char* stream : {"responses", "cases"}) CHECK(output.statuses(stream).back() == "INCOMPLETE");
    REQUIRE(output.errors().size() == 1);
    CHECK(output.errors()[0].at("failure_type") == "config_error");
    CHECK(has(output.errors()[0].at("message"), "Log in to Sprinklr again"));
    CHECK(output.of("CONTROL", "control").empty());
  }
}

TEST_CASE("Sprinklr: a wrong key is one configuration error, however many streams are read") {
  Sprinklr sprinklr;
  const Json catalog = sprinklr.catalog("incremental", {"responses", "cases"});
  sprinklr.config["credentials"]["client_id"] = "wrong";
  const Output output = sprinklr.read(catalog);
  REQUIRE(output.errors().size() == 1);
  CHECK(output.errors()[0].at("failure_type") == "config_error");
  CHECK(has(output.errors()[0].at("message"), "Client ID"));
  for (const char* stream : {"responses", "cases"}) CHECK(output.statuses(stream).back() == "INCOMPLETE");
  CHECK(sprinklr.token_requests() == 0);
}

TEST_CASE("Sprinklr: a signal waits for a refresh that takes longer than five seconds, and its token is handed over") {
  Sprinklr sprinklr({"--initial-token-seconds", "0"});
  const Json catalog = sprinklr.catalog();
  sprinklr.simulator.set_faults({{"fault", "stall"}, {"seconds", 7}, {"match", {{"step", "token"}}}});
  Process process(sprinklr.connector.read_command(sprinklr.config, catalog));
  while (sprinklr.token_requests() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  process.send_signal(SIGTERM);
  const Output output = Connector::finish(process);
  CHECK(output.signal == SIGTERM);
  REQUIRE(control_of(output).is_object());
  CHECK(Sprinklr::rows_of(output).empty());
  CHECK(output.errors().empty());
  sprinklr.config = control_of(output);
  CHECK(sprinklr.read(catalog).exit_code == 0);
}

TEST_CASE("Sprinklr: of a token in words that are cut nothing is shown") {
  Sprinklr sprinklr;
  const auto token = "T" + std::string(299, 'k');
  sprinklr.credentials()["access_token"] = token;
  for (const int before : {150, 290}) {
    const auto words = std::string(static_cast<std::size_t>(before), 'x') + " " + token;
    sprinklr.simulator.set_faults({{"fault", "bad_request"}, {"message", words}, {"times", 0}});
    const Output output = sprinklr.read(sprinklr.catalog());
    REQUIRE(output.errors().size() == 1);
    CHECK(has(output.out, "xxxx"));
    CHECK_FALSE(has(output.out, "Tkkkkkkk"));
  }
}

TEST_CASE("Sprinklr: a token that another client has rotated is told from a wrong key, address and environment") {
  Sprinklr sprinklr;
  const Output usable = sprinklr.connector.check(sprinklr.config);
  CHECK(status_of(usable) == "SUCCEEDED");
  sprinklr.simulator.set_faults({{"fault", "rotated"}});
  const Output rotated = sprinklr.connector.check(sprinklr.config);
  CHECK(status_of(rotated) == "FAILED");
  CHECK(has(message_of(rotated), "another client of the same API key"));

  const auto failed = [&](const std::function<void(Json&)>& change) {
    Sprinklr fresh;
    change(fresh.config);
    const Output output = fresh.connector.check(fresh.config);
    CHECK(status_of(output) == "FAILED");
    CHECK(output.exit_code == 0);
    return message_of(output);
  };
  CHECK(has(failed([](Json& config) { config["credentials"]["client_id"] = "wrong"; }), "Client ID"));
  CHECK(has(failed([](Json& config) { config["environment"] = "prod9"; }), "Environment (environment)"));
  CHECK(has(failed([](Json& config) {
              config["credentials"]["access_token"] = "old";
              config["credentials"]["redirect_uri"] = "https://elsewhere";
            }),
            "Redirect URI"));
  CHECK(has(failed([](Json& config) {
              config["credentials"]["access_token"] = "old";
              config["credentials"]["client_secret"] = "wrong";
            }),
            "Client Secret"));
}

TEST_CASE("Sprinklr: a check that had to use the refresh token says so, and hands the new one over") {
  Sprinklr sprinklr;
  sprinklr.credentials().erase("access_token");
  const Output output = sprinklr.connector.check(sprinklr.config);
  CHECK(status_of(output) == "SUCCEEDED");
  CHECK(has(message_of(output), "The refresh token has been used"));
  CHECK(control_of(output).is_object());
  CHECK(sprinklr.token_requests() == 1);
}

TEST_CASE("Sprinklr: client credentials and an access token alone work, too") {
  Sprinklr minted;
  minted.config["credentials"] = {
      {"auth_type", "client_credentials"}, {"client_id", "sim-key"}, {"client_secret", "sim-secret"}};
  const Output output = minted.read(minted.catalog());
  CHECK(output.exit_code == 0);
  CHECK(Sprinklr::rows_of(output).size() == minted.rows());
  CHECK(output.of("CONTROL", "control").empty());

  Sprinklr alone({"--environment", "prod4"});
  alone.config["environment"] = "prod4";
  alone.config["credentials"] = {
      {"auth_type", "access_token"}, {"client_id", "sim-key"}, {"access_token", "sim-access"}};
  CHECK(alone.read(alone.catalog()).exit_code == 0);
  alone.simulator.set_faults({{"fault", "expired_token"}});
  const Output ended = alone.read(alone.catalog());
  CHECK(ended.exit_code == 1);
  CHECK(ended.errors().at(0).at("failure_type") == "config_error");
}

}  // namespace engagement::test
