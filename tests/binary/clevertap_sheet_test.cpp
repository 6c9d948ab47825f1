// Queries from a sheet: the real executable between the simulators of CleverTap and of Google Sheets.

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

const char* const kSpreadsheet = "1SimulatedSpreadsheet000000000000000000000000";

Json rows_of_sheet() {
  return Json::parse(R"([["name","kind","event","event:Amount","from","granularity","owner","seen"],
    ["launches","","App Launched","",{"date":"2026-03-08"},"","Ana",{"date":"2026-01-31"}],
    ["orders","event_count","Charged",">=1","","range","Ben"],
    [],
    ["people","profiles","Charged","","","","Ben"],
    ["bad_day","event_count","Charged","","03/04","range","Eve"],
    ["bad kind","evnts","Charged","","","","Eve"]])");
}

class SheetSetup : public Clevertap {
 public:
  explicit SheetSetup(const Json& rows = rows_of_sheet(), std::vector<std::string> options = {})
      : sheets(arguments(connector.file(Json{{"tabs", {{{"title", "Anna's asks / EU"}, {"rows", rows}}}}}.dump()),
                         std::move(options))) {
    use_account();
    config["query_sheet"]["spreadsheet"] = kSpreadsheet;
    config["query_sheet"]["api_base_url"] = sheets.url();
  }

  void use_account() {
    const Json key = sheets.key();
    config["query_sheet"]["credentials"] = {{"auth_type", "service_account"}, {"service_account_json", key.dump()}};
  }
  void use_api_key(const std::string& key = "sim-api-key") {
    config["query_sheet"]["credentials"] = {{"auth_type", "api_key"}, {"api_key", key}};
  }

  // What check says; it has to end well.
  Json check() {
    const Output output = connector.check(config);
    INFO(output.out << output.err);
    CHECK(output.exit_code == 0);
    CHECK(protocol_violation_in_output(output.out).value_or("") == "");
    return output.of("CONNECTION_STATUS", "connectionStatus").at(0);
  }

  SimulatorProcess sheets;

 private:
  static std::vector<std::string> arguments(const std::string& file, std::vector<std::string> options) {
    options.insert(options.begin(), {"sheets", "--sheet", file});
    return options;
  }
};

}  // namespace

TEST_CASE("A sheet is read by a service account, whose signature Google verifies") {
  SheetSetup setup;
  const Json status = setup.check();
  CHECK(status.at("status") == "SUCCEEDED");
  CHECK(says(status, R"(Sheet "Anna's asks / EU", row 6, column "from")"));
  CHECK(says(status, R"(Sheet "Anna's asks / EU", row 7, column "name")"));
  const Json requests = setup.sheets.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].at("step") == "token");
  CHECK(requests[0].at("assertion").at("header").at("alg") == "RS256");
  CHECK(requests[0].at("assertion").at("claims").at("scope") ==
        "https://www.googleapis.com/auth/spreadsheets.readonly");
  CHECK(requests[2].at("range") == "'Anna''s asks / EU'");
  for (const auto& request : requests) CHECK(request.at("status") == 200);
}

TEST_CASE("A sheet that is open to everybody is read with an API key") {
  SheetSetup setup;
  setup.use_api_key();
  CHECK(setup.check().at("status") == "SUCCEEDED");
  CHECK(setup.sheets.requests().size() == 2);
}

TEST_CASE("discover lists what can be read of a sheet, and each stream's schema fits its records") {
  SheetSetup setup;
  const Json catalog = setup.connector.catalog(setup.config, "full_refresh",
                                               {"launches", "orders", "people", "bad_day", "query_sheet_rows"});
  CHECK(catalog.at("streams").size() == 5);
  const Output output = setup.connector.read(setup.config, catalog);
  INFO(output.out.substr(0, 3000) << output.err);
  CHECK(output.exit_code == 1);
  CHECK(MessageOrder::violation(output).value_or("") == "");
  CHECK(protocol_violation_in_output(output.out).value_or("") == "");
  for (const auto& configured : catalog.at("streams")) {
    const auto name = configured.at("stream").at("name").get<std::string>();
    INFO(name);
    const JsonSchema schema(configured.at("stream").at("json_schema"));
    for (const auto& record : output.data(name)) CHECK(schema.violation(record).value_or("") == "");
    CHECK(output.statuses(name).back() == (name == "bad_day" ? "INCOMPLETE" : "COMPLETE"));
  }
  const auto errors = output.errors();
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].at("failure_type") == "config_error");
  CHECK(says(errors[0], R"(row 6, column "from")"));

  const auto launches = output.data("launches");
  REQUIRE(launches.size() == 3);
  std::size_t counted = 0;
  for (const auto& day : launches) counted += day.at("count").get<std::size_t>();
  const auto truth = setup.simulator.truth("from=20260308&to=20260310");
  CHECK(counted > 0);
  CHECK(counted < truth.at("events").get<std::size_t>());
  CHECK(output.values("launches", "from") == std::multiset<std::string>{"2026-03-08", "2026-03-09", "2026-03-10"});
  CHECK(launches[0].at("context") == Json{{"owner", "Ana"}, {"seen", 46053}});
  CHECK(output.records("orders") == 1);
  CHECK(output.data("orders")[0].at("count").get<std::size_t>() > 0);
  CHECK(output.records("people") > 0);
  const auto rows = output.data("query_sheet_rows");
  REQUIRE(rows.size() == 5);
  CHECK(rows[2].at("row") == 5);
  CHECK(rows[1].at("query").dump() ==
        R"({"event_name":"Charged","event_properties":[{"name":"Amount","operator":"greater_than_equals","value":1}],)"
        R"("from":20260301,"to":20260310})");
}

TEST_CASE("A count by day goes on from its state, and begins anew when its row asks something else") {
  SheetSetup setup;
  const Json catalog = setup.connector.catalog(setup.config, "incremental", {"launches"});
  setup.config["lookback_days"] = 0;
  const Output first = setup.connector.read(setup.config, catalog);
  CHECK(first.records("launches") == 3);
  const Json state = last_states(first);
  CHECK(setup.connector.read(setup.config, catalog, state).records("launches") == 0);
  Json rows = rows_of_sheet();
  rows[1][3] = ">1";
  setup.sheets.put_sheet(Json{{"tabs", {{{"title", "Asks"}, {"rows", rows}}}}});
  const Output changed = setup.connector.read(setup.config, catalog, state);
  CHECK(changed.exit_code == 0);
  CHECK(changed.records("launches") == 3);
  CHECK(changed.log_text().find("the query has changed") != std::string::npos);
}

TEST_CASE("A sheet that changes during a sync changes nothing in it") {
  SheetSetup setup;
  const Json catalog = setup.connector.catalog(setup.config, "full_refresh", {"orders", "query_sheet_rows"});
  setup.sheets.forget_requests();
  CHECK(setup.connector.read(setup.config, catalog).exit_code == 0);
  CHECK(setup.sheets.requests().size() == 3);
}

TEST_CASE("queries prints a line for each row and ends with 1 where one is bad") {
  SheetSetup setup;
  const Output output = setup.connector.run({"queries", "--config", setup.connector.file(setup.config.dump())});
  CHECK(output.exit_code == 1);
  CHECK(output.err == "");
  const auto lines = output.lines();
  REQUIRE(lines.size() == 5);
  CHECK(
      lines[0] ==
      R"({"row":2,"name":"launches","kind":"event_count","query":{"event_name":"App Launched","from":20260308,"to":20260310}})");
  const Json bad = Json::parse(lines[3]);
  CHECK(bad.size() == 2);
  CHECK(bad.at("row") == 6);
  Json rows = rows_of_sheet();
  rows.erase(6);
  rows.erase(5);
  setup.sheets.put_sheet(Json{{"tabs", {{{"title", "Asks"}, {"rows", rows}}}}});
  CHECK(setup.connector.run({"queries", "--config", setup.connector.file(setup.config.dump())}).exit_code == 0);
}

TEST_CASE("queries says on stderr what stops it, and prints nothing") {
  SheetSetup setup;
  setup.use_api_key("wrong-key-1");
  const Output output = setup.connector.run({"queries", "--config", setup.connector.file(setup.config.dump())});
  CHECK(output.exit_code == 1);
  CHECK(output.out == "");
  CHECK(output.err.find("The API key is wrong") != std::string::npos);
  CHECK(output.err.find("wrong-key-1") == std::string::npos);
}

TEST_CASE("Every refusal of Google is told by what has to be mended") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--not-shared"}, "type query-sheet@simulated-project.iam.gserviceaccount.com"},
      {{"--spreadsheet-id", "another"}, "There is no spreadsheet with the id"},
  };
  for (const auto& [options, words] : cases) {
    SheetSetup setup(rows_of_sheet(), options);
    const Json status = setup.check();
    CHECK(status.at("status") == "FAILED");
    INFO(status.dump());
    CHECK(says(status, words));
  }
  SheetSetup setup;
  const auto refused = [&](const std::string& words) {
    const Json status = setup.check();
    INFO(status.dump());
    CHECK(status.at("status") == "FAILED");
    CHECK(says(status, words));
  };
  setup.config["query_sheet"]["range"] = "Nowhere!A1:B2";
  refused(R"(Its tabs are "Anna's asks / EU".)");
  setup.config["query_sheet"].erase("range");
  for (const char* fault : {"service_disabled", "permission_denied", "unauthenticated", "not_found"}) {
    setup.sheets.set_faults({{"fault", fault}, {"times", 1}, {"match", {{"step", "values"}}}});
    refused("Query Sheet (query_sheet): Google answered HTTP 40");
  }
  setup.sheets.set_faults({{"fault", "invalid_grant"}, {"times", 1}});
  refused("invalid_grant");
  const SheetSetup other;
  setup.config["query_sheet"]["credentials"]["service_account_json"] = [&] {
    Json key = setup.sheets.key();
    key["private_key"] = other.sheets.key().at("private_key");
    return key.dump();
  }();
  refused("Invalid JWT Signature");
  setup.use_api_key("wrong-key-1");
  refused("The API key is wrong");
}

TEST_CASE("Troubles of Google that pass are waited out") {
  SheetSetup setup;
  const Json catalog = setup.connector.catalog(setup.config, "full_refresh", {"query_sheet_rows"});
  for (const char* step : {"token", "titles", "values"}) {
    for (const char* fault : {"rate429", "unavailable", "internal", "garbage", "truncate_body", "reset", "html_page"}) {
      INFO(step << " " << fault);
      setup.sheets.set_faults({{"fault", fault}, {"times", 2}, {"match", {{"step", step}}}});
      const Output output = setup.connector.read(setup.config, catalog);
      CHECK(output.exit_code == 0);
      CHECK(output.records("query_sheet_rows") == 5);
      CHECK(setup.sheets.faults_committed() == 2);
    }
  }
}

TEST_CASE("No key, assertion or token of Google is ever printed") {
  SheetSetup setup;
  const Json key = setup.sheets.key();
  const auto pem = key.at("private_key").get<std::string>();
  const auto secret_part = pem.substr(pem.find('\n') + 1, 40);
  setup.sheets.set_faults({{"fault", "unavailable"}, {"times", 0}, {"match", {{"step", "values"}}}});
  setup.config["retry_seconds"] = 1;
  for (const char* command : {"check", "discover", "queries"}) {
    const Output output =
        setup.connector.run({command, "--debug", "--config", setup.connector.file(setup.config.dump())});
    INFO(command);
    CHECK(output.exit_code == 1);
    for (const std::string& text : {std::string("ya29.sim."), std::string("eyJ"), secret_part}) {
      CHECK((output.out + output.err).find(text) == std::string::npos);
    }
  }
}

TEST_CASE("Another source has no queries to print, and says whose command it is") {
  const Output output = Connector("kustomer").run({"queries", "--config", "none.json"});
  CHECK(output.exit_code == 2);
  CHECK(output.out == "");
  CHECK(output.err.find("clevertap") != std::string::npos);
}

}  // namespace engagement::test
