// Campaigns, messages, content blocks, the catalogue and look-ups of source-clevertap, read by the real binary.

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"

namespace engagement::test {
namespace {

// The simulator's today moves from the day after its corpus; the connector's is the machine's.
Output read_of(Clevertap& clevertap, const std::set<std::string>& streams, const std::string& mode = "incremental",
               const std::optional<Json>& state = std::nullopt) {
  Output output =
      clevertap.connector.read(clevertap.config, clevertap.connector.catalog(clevertap.config, mode, streams), state);
  INFO(output.out.substr(0, 2000));
  CHECK(output.err == "");
  CHECK(MessageOrder::violation(output).value_or("") == "");
  return output;
}

std::set<std::string> names_of(const Json& catalog) {
  std::set<std::string> names;
  for (const auto& configured : catalog.at("streams")) names.insert(configured.at("stream").at("name"));
  return names;
}

TEST_CASE("Campaigns and their results are all there, and open ones are asked for until they have one") {
  Clevertap c({"--today", "20260311"});
  const auto with_result = [&] {
    std::set<std::string> ids;
    for (const auto& campaign : c.simulator.ask("GET", "truth/campaigns")) {
      if (campaign.contains("result")) ids.insert(campaign.at("id").dump());
    }
    return ids;
  };
  const Output first = read_of(c, {"campaigns", "campaign_results"});
  CHECK(first.exit_code == 0);
  CHECK(distinct(first.values("campaigns", "id")).size() == c.simulator.ask("GET", "truth/campaigns").size());
  const auto early = distinct(first.values("campaign_results", "campaign_id"));
  CHECK(early == with_result());

  c.simulator.ask("PUT", "today?day=20260601");
  CHECK(with_result().size() > early.size());
  const Output second = read_of(c, {"campaigns", "campaign_results"}, "incremental", last_states(first));
  CHECK(second.exit_code == 0);
  auto all = early;
  all.merge(distinct(second.values("campaign_results", "campaign_id")));
  CHECK(all == with_result());
}

TEST_CASE("Every form of a result that is not there yet is passed over, and another 500 is repeated") {
  for (const char* form : {"409", "500", "200", "fail"}) {
    INFO(form);
    Clevertap c({"--today", "20260311", "--not-ready", form});
    const Json catalog = c.catalog("incremental", "campaign_results");
    c.simulator.set_faults(
        {{"fault", "unknown_error"}, {"times", 2}, {"match", {{"path", "/1/targets/result.json"}, {"every", 3}}}});
    const Output output = c.connector.read(c.config, catalog);
    CHECK(output.exit_code == 0);
    std::size_t wanted = 0;
    for (const auto& campaign : c.simulator.ask("GET", "truth/campaigns"))
      wanted += campaign.contains("result") ? 1 : 0;
    CHECK(output.records("campaign_results") == wanted);
    CHECK(c.simulator.faults_committed() == 2);
  }
}

TEST_CASE("Message reports are all there, and the filters choose among them") {
  Clevertap c;
  const Json truth = c.simulator.ask("GET", "truth/messages");
  const Output all = read_of(c, {"message_reports"});
  CHECK(distinct(all.values("message_reports", "message_id")).size() == truth.size());
  c.config["message_report_filters"] = {{"channel", {"push", "email"}}, {"status", {"completed"}}};
  const Output some = read_of(c, {"message_reports"});
  std::size_t wanted = 0;
  for (const auto& message : truth) {
    const bool channel = message.at("channel") == "push" || message.at("channel") == "email";
    wanted += channel && message.at("status") == "completed" ? 1 : 0;
  }
  CHECK(some.records("message_reports") == wanted);
}

TEST_CASE("Content blocks come once, and then only those that change") {
  Clevertap c({"--content-blocks", "130"});
  const Output first = read_of(c, {"content_blocks"});
  const auto ids = distinct(first.values("content_blocks", "id"));
  CHECK(ids.size() == 130);
  for (const auto& time : first.values("content_blocks", "updatedAt")) CHECK(time.size() == 24);
  const std::string changed = *ids.begin();
  c.simulator.ask("PUT", "content_block?id=" + changed + "&at=2026-04-01T10:00:00.000Z");
  const Output second = read_of(c, {"content_blocks"}, "incremental", last_states(first));
  const auto again = distinct(second.values("content_blocks", "id"));
  CHECK(again.contains(changed));
  CHECK(again.size() <= 2);
}

TEST_CASE("Lists survive broken transfers, 429 and what strict readers refuse") {
  for (const Json& fault :
       std::vector<Json>{{{"fault", "truncate_body"}, {"times", 2}, {"match", {{"step", "list"}}}},
                         {{"fault", "rate429"}, {"retry_after", 1}, {"times", 2}, {"match", {{"step", "list"}}}},
                         {{"fault", "html_page"}, {"status", 503}, {"times", 2}, {"match", {{"step", "list"}}}},
                         {{"fault", "lone_surrogate"}, {"top", true}, {"times", 0}, {"match", {{"step", "list"}}}},
                         {{"fault", "huge_numbers"}, {"top", true}, {"times", 0}, {"match", {{"step", "list"}}}}}) {
    INFO(fault.dump());
    Clevertap c;
    const std::set<std::string> streams = {"campaigns", "message_reports", "subscription_groups", "content_blocks"};
    const Json catalog = c.connector.catalog(c.config, "full_refresh", streams);
    const Output plain = c.connector.read(c.config, catalog);
    c.simulator.set_faults(fault);
    const Output output = c.connector.read(c.config, catalog);
    CHECK(c.simulator.faults_committed() > 0);
    CHECK(output.exit_code == 0);
    for (const auto& stream : streams) CHECK(output.records(stream) == plain.records(stream));
  }
}

TEST_CASE("An endpoint without the right costs its stream alone, at discover and in a sync") {
  Clevertap c;
  const Json full = c.whole_catalog();
  CHECK(names_of(full).size() == 11);
  c.simulator.set_faults({{"fault", "status"},
                          {"status", 403},
                          {"body", {{"status", "fail"}, {"error", "Forbidden"}, {"code", 403}}},
                          {"times", 0},
                          {"match", {{"path", "/1/message/report.json"}}}});
  const Output discover = c.connector.run({"discover", "--config", c.connector.file(c.config.dump())});
  CHECK(discover.exit_code == 0);
  CHECK(discover.log_text().find("WARN The stream \"message_reports\" is left out") != std::string::npos);
  CHECK(names_of(c.whole_catalog()).size() == 10);
  const Output output =
      c.connector.read(c.config, c.connector.catalog(c.config, "full_refresh", {"subscription_groups"}));
  CHECK(output.exit_code == 0);

  Json catalog{{"streams", Json::array()}};
  for (const auto& configured : full.at("streams")) {
    const auto& name = configured.at("stream").at("name");
    if (name == "message_reports" || name == "subscription_groups") catalog["streams"].push_back(configured);
  }
  const Output read = c.connector.read(c.config, catalog);
  CHECK(read.exit_code == 1);
  CHECK(read.statuses("subscription_groups").back() == "COMPLETE");
  REQUIRE(read.errors().size() == 1);
  CHECK(read.errors()[0].at("failure_type") == "config_error");
  CHECK(read.errors()[0].at("message").get<std::string>().find("\"message_reports\" (POST /1/message/report.json)") !=
        std::string::npos);
}

TEST_CASE("Schemas show the project's properties, every record fits them, and drift is judged by them") {
  Clevertap c;
  const Json catalog = c.connector.catalog(c.config, "full_refresh", {"events"});
  const Json& properties =
      catalog.at("streams")[0].at("stream").at("json_schema").at("properties").at("event_props").at("properties");
  CHECK(properties.contains("Amount"));
  const Output output = c.connector.read(c.config, catalog);
  CHECK(output.exit_code == 0);
  CHECK(output.log_text().find("event_props.Amount") == std::string::npos);
}

TEST_CASE("People are looked up, and nobody found is a warning") {
  for (const char* form : {"404", "empty"}) {
    Clevertap c({"--missing-profile", form});
    for (const auto& person : c.simulator.ask("GET", "truth/lookups?limit=20")) {
      if (person.value("identity", "") != "") c.config["lookup_identities"] = Json::array({person.at("identity")});
    }
    c.config["lookup_emails"] = Json::array({"nobody@example.com"});
    const Output output = read_of(c, {"profile_lookups"}, "full_refresh");
    CHECK(output.exit_code == 0);
    CHECK(output.records("profile_lookups") == 1);
    CHECK(output.log_text().find("WARN profile_lookups: CleverTap knows no profile with the email") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace engagement::test
