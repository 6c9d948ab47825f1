// source-kustomer from sync to sync: crowds in one millisecond, kills, changes, states of other connectors.

#include <algorithm>
#include <csignal>
#include <random>

#include "binary/kustomer.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

std::set<std::string> came(const Output& output, const std::string& stream) {
  return distinct(Kustomer::ids(output, stream));
}

Output succeeded(Output output) {
  INFO(output.log_text());
  CHECK(output.exit_code == 0);
  CHECK(output.err == "");
  CHECK(MessageOrder::violation(output).value_or("") == "");
  return output;
}

}  // namespace

TEST_CASE("Kustomer: thousands of rows of one millisecond come once each, whatever their order and the limit") {
  for (const char* limit : {"10000", "1000"}) {
    INFO(limit);
    Kustomer kustomer({"--tie", "conversation=2600@300,kobject=1400@400", "--records", "3000", "--row-limit", limit,
                       "--record-bytes", "800"});
    kustomer.config["page_size_limit"] = 500;
    const Json catalog = kustomer.catalog("incremental", {"conversations", "kobjects"});
    const Output output = succeeded(kustomer.connector.read(kustomer.config, catalog));
    CHECK((came(output, "conversations") == kustomer.truth("conversation")));
    CHECK((came(output, "kobjects") == kustomer.truth("kobject")));
    CHECK(Kustomer::ids(output, "conversations").size() == kustomer.truth("conversation").size());
    CHECK(Kustomer::ids(output, "kobjects").size() == kustomer.truth("kobject").size());
  }
}

TEST_CASE("Kustomer: killed at random bytes and resumed from the last state, every row arrives") {
  std::mt19937 random(20260301);
  Kustomer kustomer({"--latency-ms", "2"});
  const std::set<std::string> streams = {"conversations", "messages", "users"};
  for (const char* mode : {"full_refresh", "incremental"}) {
    const Json catalog = kustomer.catalog(mode, streams);
    for (int round = 0; round < 3; ++round) {
      INFO(mode << " " << round);
      std::set<std::string> conversations, messages;
      Json states = Json::array();
      for (int run = 0; run < 3; ++run) {
        Process process(kustomer.connector.read_command(kustomer.config, catalog, states));
        if (run < 2) {
          process.read_bytes(std::uniform_int_distribution<std::size_t>(1, 1'200'000)(random));
          process.send_signal(SIGKILL);
        }
        Output output = Connector::finish(process);
        output.out.resize(output.out.rfind('\n') + 1);
        if (run == 2) CHECK(output.exit_code == 0);
        conversations.merge(came(output, "conversations"));
        messages.merge(came(output, "messages"));
        states = last_states(output, std::move(states));
      }
      CHECK((conversations == kustomer.truth("conversation")));
      CHECK((messages == kustomer.truth("message")));
    }
  }
}

TEST_CASE("Kustomer: the next incremental sync brings what has changed, deletions too, and hardly more") {
  Kustomer kustomer;
  const std::set<std::string> streams = {"conversations", "tags"};
  const Json catalog = kustomer.catalog("incremental", streams);
  const Output first = succeeded(kustomer.connector.read(kustomer.config, catalog));
  kustomer.simulator.change("stream=conversation&do=update&rows=7");
  kustomer.simulator.change("stream=conversation&do=insert&rows=3");
  kustomer.simulator.change("stream=conversation&do=delete&rows=2");
  const Output second = succeeded(kustomer.connector.read(kustomer.config, catalog, last_states(first)));
  auto all = came(first, "conversations");
  all.merge(came(second, "conversations"));
  CHECK((all == kustomer.truth("conversation")));
  CHECK(second.records("conversations") >= 8);
  CHECK(second.records("conversations") < 60);
  std::size_t deleted = 0;
  for (const auto& record : second.data("conversations")) deleted += record.value("deleted", Json()) == true ? 1 : 0;
  CHECK(deleted >= 2);
}

TEST_CASE("Kustomer: a configuration and a state of tap-kustomer work as they are") {
  Kustomer kustomer;
  const auto truth = kustomer.simulator.truth("stream=conversation");
  const std::string bookmark = truth.at("rows").at(400).at("updatedAt");
  const Json config{{"api_token", "sim-api-token"},
                    {"start_date", "2019-01-01T00:00:00Z"},
                    {"user_agent", "tap-kustomer <data@example.com>"},
                    {"date_window_size", "60"},
                    {"page_size_limit", "300"},
                    {"api_base_url", kustomer.simulator.url()},
                    {"searches_per_minute", "0"}};
  const Json state{{"currently_syncing", "users"}, {"bookmarks", {{"conversations", bookmark}}}};
  const Json catalog = kustomer.catalog("incremental", {"conversations"});
  kustomer.simulator.forget_requests();
  const Output output = succeeded(kustomer.connector.read(config, catalog, state));
  const auto ids = came(output, "conversations");
  for (std::size_t at = 400; at < truth.at("rows").size(); ++at) CHECK(ids.contains(truth["rows"][at]["id"]));
  CHECK_FALSE(ids.contains(truth["rows"][390]["id"]));
  CHECK(output.states("conversations").back().at("stream").at("stream_state").at("version") == 1);
  const Json only_syncing{{"currently_syncing", "users"}};
  CHECK(kustomer.connector.read(config, catalog, only_syncing).exit_code == 0);
}

TEST_CASE("Kustomer: every stream off by default is read where it is asked for") {
  Kustomer kustomer({"--records", "60", "--tie", "0"});
  kustomer.config["optional_streams"] = {
      "routing_settings", "slas", "sla_versions", "conversation_times", "customer_merges", "conversation_events"};
  const Json catalog =
      kustomer.catalog("incremental", {"routing_settings", "slas", "sla_versions", "conversation_times",
                                       "customer_merges", "conversation_events", "kobjects_order"});
  CHECK(catalog.at("streams").size() == 7);
  const Output output = succeeded(kustomer.connector.read(kustomer.config, catalog));
  for (const auto& configured : catalog.at("streams")) {
    const std::string name = configured.at("stream").at("name");
    INFO(name);
    CHECK(output.records(name) > 0);
    const JsonSchema schema(configured.at("stream").at("json_schema"));
    for (const auto& record : output.data(name)) CHECK(schema.violation(record).value_or("") == "");
  }
}

TEST_CASE("Kustomer: check says what is wrong with a key, and succeeds where some roles are missing") {
  Kustomer kustomer;
  const auto status_of = [](const Output& output) { return output.of("CONNECTION_STATUS", "connectionStatus").at(0); };
  CHECK(status_of(kustomer.connector.check(kustomer.config)).at("status") == "SUCCEEDED");
  Json wrong = kustomer.config;
  wrong["api_token"] = "another-key";
  const Json failed = status_of(kustomer.connector.check(wrong));
  CHECK(failed.at("status") == "FAILED");
  CHECK(failed.at("message").get<std::string>().find("API Key (api_token)") != std::string::npos);
  kustomer.simulator.set_faults({{"fault", "error"}, {"status", 503}, {"times", 0}});
  Json hasty = kustomer.config;
  hasty["retry_seconds"] = 1;
  const Output down = kustomer.connector.check(hasty);
  CHECK(down.exit_code == 1);
  CHECK(down.of("CONNECTION_STATUS", "connectionStatus").empty());
}

}  // namespace engagement::test
