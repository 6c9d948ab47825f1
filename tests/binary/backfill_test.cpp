// A period read again past the state, by the command line.

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"

namespace engagement::test {

namespace {

Output backfill(Clevertap& test, const Json& catalog, const Json& state, const std::string& since,
                const std::string& until) {
  auto command = test.connector.read_command(test.config, catalog, state);
  command.insert(command.end(), {"--since", since, "--until", until});
  return Connector::run_command(command);
}

}  // namespace

TEST_CASE("A backfill reads its days, no more and no less, and gives the state back as it came") {
  Clevertap test;
  const Json catalog = test.catalog("incremental", "events");
  const Output sync = test.connector.read(test.config, catalog);
  const Json states = last_states(sync);
  const Output again = backfill(test, catalog, states, "2026-03-02", "2026-03-04");
  CHECK(again.exit_code == 0);
  CHECK(MessageOrder::violation(again).value_or("") == "");
  CHECK(again.records("events") == test.simulator.truth("from=20260302&to=20260304").at("events").get<std::size_t>());
  REQUIRE(again.states("events").size() == 1);
  CHECK(again.states("events")[0].at("stream") == states[0].at("stream"));
  // The same rows under the same keys.
  const auto all = Clevertap::events_of(sync);
  for (const auto& id : Clevertap::events_of(again)) CHECK(all.count(id) == 1);
}

TEST_CASE("A backfill in the configuration that no read would accept fails the check") {
  Clevertap test;
  test.config["backfill"] = {{"since", "2026-03-04"}, {"until", "2026-03-02"}};
  const Output output = test.connector.run({"check", "--config", test.connector.file(test.config.dump())});
  const auto status = output.of("CONNECTION_STATUS", "connectionStatus").at(0);
  CHECK(status.at("status") == "FAILED");
  CHECK(status.at("message").get<std::string>().find("backfill") != std::string::npos);
}

TEST_CASE("A backfill that makes no sense is a configuration error that names the day") {
  Clevertap test;
  const Json catalog = test.catalog("incremental", "events");
  for (const auto& [since, until, said] :
       {std::tuple("2026-03-04", "2026-03-02", "lies after"), std::tuple("2026-02-31", "2026-03-02", "2026-02-31"),
        std::tuple("2999-01-01", "2999-01-02", "in the future")}) {
    INFO(since);
    const Output output = backfill(test, catalog, Json::array(), since, until);
    CHECK(output.exit_code == 1);
    REQUIRE(output.errors().size() == 1);
    CHECK(output.errors()[0].at("failure_type") == "config_error");
    CHECK(output.errors()[0].at("message").get<std::string>().find(said) != std::string::npos);
    CHECK(output.records("events") == 0);
  }
}

}  // namespace engagement::test
