// Sprinklr's reports in every shape, by the real binary against the simulator.

#include "binary/sprinklr.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"

namespace engagement::test {

namespace {

std::string check_message(Sprinklr& sprinklr) {
  const auto statuses = sprinklr.connector.check(sprinklr.config).of("CONNECTION_STATUS", "connectionStatus");
  REQUIRE(statuses.size() == 1);
  return statuses.front().at("status").get<std::string>() + " " + statuses.front().value("message", "");
}

}  // namespace

TEST_CASE("Sprinklr: both shapes and both versions of the API bring the same rows under the same keys") {
  Sprinklr sprinklr;
  const Json catalog = sprinklr.catalog();
  const auto wanted = Sprinklr::rows_of(sprinklr.read(catalog));
  CHECK(wanted.size() == sprinklr.rows());
  Json lists = Sprinklr::payload();
  lists["jsonResponse"] = false;
  sprinklr.report()["payload"] = lists.dump();
  CHECK(Sprinklr::rows_of(sprinklr.read(catalog)) == wanted);
  sprinklr.report()["api_version"] = "v1";
  CHECK(Sprinklr::rows_of(sprinklr.read(catalog)) == wanted);
}

TEST_CASE("Sprinklr: without hasMore and at every size of a page no row is lost or comes twice") {
  Sprinklr sprinklr({"--no-has-more"});
  const Json catalog = sprinklr.catalog();
  for (const int size : {1, 7, 20, 60, 61, 1000}) {
    INFO(size);
    sprinklr.config["page_size"] = size;
    const auto rows = Sprinklr::rows_of(sprinklr.read(catalog));
    CHECK(rows.size() == sprinklr.rows());
    CHECK(distinct(rows).size() == sprinklr.rows());
  }
}

TEST_CASE("Sprinklr: a window above the cap is read in halves") {
  Sprinklr sprinklr({"--records", "26000", "--first-day", "20260302", "--last-day", "20260303"});
  sprinklr.config["page_size"] = 1000;
  sprinklr.config["end_date"] = "2026-03-03";
  const Output output = sprinklr.read(sprinklr.catalog());
  CHECK(output.exit_code == 0);
  const auto rows = Sprinklr::rows_of(output);
  CHECK(rows.size() == 26'000);
  CHECK(distinct(rows).size() == 26'000);
  CHECK(distinct(output.values("responses", "window_start")).size() == 4);
}

TEST_CASE("Sprinklr: days of a zone whose clocks change are covered without gap or overlap") {
  Sprinklr sprinklr({"--first-day", "20260327", "--last-day", "20260331", "--now", "20260410", "--records", "3000"});
  Json payload = Sprinklr::payload();
  payload["timeZone"] = "Europe/London";
  sprinklr.report()["payload"] = payload.dump();
  sprinklr.config["start_date"] = "2026-03-28";
  sprinklr.config["end_date"] = "2026-03-30";
  for (const int hours : {1, 5, 24, 48}) {
    INFO(hours);
    sprinklr.config["window_hours"] = hours;
    const auto rows = Sprinklr::rows_of(sprinklr.read(sprinklr.catalog()));
    // From 2026-03-28T00:00Z to 2026-03-30T23:00Z, because the last day is one of summer time.
    const std::size_t wanted =
        sprinklr.simulator.truth("report=R&from=1774656000000&to=1774911599999").at("events").get<std::size_t>();
    CHECK(rows.size() == wanted);
    CHECK(distinct(rows).size() == wanted);
  }
}

TEST_CASE("Sprinklr: restated rows come again under the same keys") {
  Sprinklr sprinklr;
  sprinklr.config["lookback_days"] = 2;
  const Json catalog = sprinklr.catalog();
  const Output first = sprinklr.read(catalog);
  const Output second = sprinklr.read(catalog, last_states(first));
  const auto before = distinct(Sprinklr::rows_of(first));
  const auto again = distinct(Sprinklr::rows_of(second));
  CHECK(again.size() == sprinklr.simulator.truth("report=R&from=20260306&to=20260307").at("events").get<std::size_t>());
  for (const auto& key : again) CHECK(before.contains(key));
}

TEST_CASE("Sprinklr: a backfill reads its days, past the state, and hands the state back") {
  Sprinklr sprinklr;
  const Json catalog = sprinklr.catalog();
  const Output first = sprinklr.read(catalog);
  const Json states = last_states(first);
  auto command = sprinklr.connector.read_command(sprinklr.config, catalog, states);
  command.insert(command.end(), {"--since", "2026-03-03", "--until", "2026-03-04"});
  const Output output = Connector::run_command(command);
  CHECK(output.exit_code == 0);
  CHECK(Sprinklr::rows_of(output).size() ==
        sprinklr.simulator.truth("report=R&from=20260303&to=20260304").at("events").get<std::size_t>());
  REQUIRE(output.states("responses").size() == 1);
  CHECK(output.states("responses")[0].at("stream").at("stream_state") ==
        first.states("responses").back().at("stream").at("stream_state"));
  auto without_time = sprinklr.connector.read_command(sprinklr.config, sprinklr.catalog("incremental", {"macros"}));
  without_time.insert(without_time.end(), {"--since", "2026-03-03", "--until", "2026-03-04"});
  const Output refused = Connector::run_command(without_time);
  CHECK(refused.exit_code == 1);
  CHECK(has(refused.errors().at(0).at("message"), "\"macros\""));
}

TEST_CASE("Sprinklr: a flattened report has the columns that discover has seen") {
  Sprinklr sprinklr;
  sprinklr.report()["flatten"] = "flatten_json_lowercase";
  const Json catalog = sprinklr.catalog();
  const Json properties = catalog.at("streams").at(0).at("stream").at("json_schema").at("properties");
  CHECK(properties.contains("unified_message_id_1_senderprofile_name"));
  CHECK(properties.at("m_time_0").at("type") == Json{"null", "number"});
  const Output output = sprinklr.read(catalog);
  CHECK(output.exit_code == 0);
  CHECK(Sprinklr::rows_of(output).size() == sprinklr.rows());
  for (const auto& record : output.data("responses")) {
    for (const auto& [name, value] : record.items()) {
      const bool nested = value.is_structured() && !value.empty();
      CHECK_FALSE(nested);
      CHECK(std::none_of(name.begin(), name.end(), [](char letter) { return letter >= 'A' && letter <= 'Z'; }));
    }
  }
}

TEST_CASE("Sprinklr: a widget is read by its id, with the columns that discover has seen") {
  Sprinklr sprinklr;
  const auto info = sprinklr.simulator.truth("");  // the simulator is up
  CHECK(info.contains("report_events"));
  sprinklr.config["reports"] = {{{"name", "responses"}, {"widget_id", "no-such-widget"}}};
  CHECK(has(check_message(sprinklr), "FAILED The report \"responses\""));
}

TEST_CASE("Sprinklr: check finds what is wrong with a report before the first sync") {
  Sprinklr sprinklr;
  CHECK(check_message(sprinklr) == "SUCCEEDED ");
  const std::string good = sprinklr.report()["payload"];
  sprinklr.report()["payload"] = good.substr(0, good.find(',') + 1) + "\n  oops";
  CHECK(has(check_message(sprinklr), "line 2, column"));
  Json payload = Sprinklr::payload();
  payload["report"] = "NO_SUCH_REPORT";
  sprinklr.report()["payload"] = payload.dump();
  CHECK(has(check_message(sprinklr), "FAILED The report \"responses\""));
  payload = Sprinklr::payload();
  payload["projections"][0]["heading"] = "UNIFIED_MESSAGE_ID_1";
  sprinklr.report()["payload"] = payload.dump();
  CHECK(has(check_message(sprinklr), "twice"));
  sprinklr.report()["payload"] = good;
  sprinklr.config["start_date"] = "2999-01-01";
  sprinklr.config.erase("end_date");
  CHECK(has(check_message(sprinklr), "Start Date (start_date): 2999-01-01 lies in the future"));
}

TEST_CASE("Sprinklr: check with credentials that work and a report that is not answered succeeds with a remark") {
  Sprinklr sprinklr;
  sprinklr.config["retry_seconds"] = 1;
  sprinklr.simulator.set_faults({{"fault", "status"},
                                 {"status", 503},
                                 {"times", 0},
                                 {"match", {{"step", "page"}, {"event", "POST_RESPONSE_TIME"}}}});
  const std::string message = check_message(sprinklr);
  CHECK(has(message, "SUCCEEDED"));
  CHECK(has(message, "Not checked: The report \"responses\""));
}

TEST_CASE("Sprinklr: a missing permission costs that stream alone") {
  Sprinklr sprinklr({"--forbidden", "CASE"});
  const Output output = sprinklr.read(sprinklr.catalog("incremental", {"responses", "cases", "macros"}));
  CHECK(output.exit_code == 1);
  REQUIRE(output.errors().size() == 1);
  CHECK(has(output.errors()[0].at("message"), "View on Cases"));
  CHECK(Sprinklr::rows_of(output).size() == sprinklr.rows());
  CHECK(output.records("macros") == 25);
}

TEST_CASE("Sprinklr: the hour's quota ends a sync after a checkpoint, and the next attempt goes on there") {
  Sprinklr sprinklr;
  sprinklr.config["requests_per_hour"] = 20;
  const Json catalog = sprinklr.catalog();
  Json states = Json::array();
  std::set<std::string> rows;
  for (int attempt = 0; attempt < 5; ++attempt) {
    const Output output = sprinklr.read(catalog, states);
    CHECK(MessageOrder::violation(output).value_or("") == "");
    rows.merge(distinct(Sprinklr::rows_of(output)));
    states = last_states(output, std::move(states));
    if (output.exit_code == 0) break;
    REQUIRE(output.errors().size() == 1);
    CHECK(output.errors()[0].at("failure_type") == "transient_error");
    CHECK_FALSE(output.states("responses").empty());
  }
  CHECK(rows.size() == sprinklr.rows());
}

TEST_CASE("Sprinklr: the limits that the simulator keeps are kept to") {
  Sprinklr sprinklr({"--per-second", "10"});
  sprinklr.config["requests_per_second"] = 10;
  const Output output = sprinklr.read(sprinklr.catalog());
  CHECK(output.exit_code == 0);
  std::size_t refused = 0;
  for (const auto& request : sprinklr.simulator.requests()) refused += request.at("status") == 200 ? 0 : 1;
  CHECK(refused <= 2);  // the check of the schema came just before
}

}  // namespace engagement::test
