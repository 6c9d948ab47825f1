// Queries of source-clevertap, read by the real binary from the simulator.

#include <chrono>

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"

namespace engagement::test {
namespace {

const char* const kCharged = R"({"event_name":"Charged"})";

Json query(const std::string& name, const std::string& kind, const std::string& text,
           const Json& more = Json::object()) {
  Json entry{{"name", name}, {"kind", kind}, {"query", text}};
  entry.update(more);
  return entry;
}

struct Queries : Clevertap {
  explicit Queries(Json queries, std::vector<std::string> options = {}) : Clevertap(std::move(options)) {
    config["queries"] = std::move(queries);
  }

  Output read(const std::string& mode, const std::set<std::string>& streams, const std::optional<Json>& state = {}) {
    Output output = connector.read(config, connector.catalog(config, mode, streams), state);
    INFO(output.out.substr(0, 2000));
    CHECK(output.err == "");
    CHECK(MessageOrder::violation(output).value_or("") == "");
    return output;
  }
};

std::size_t requests_to(const Json& requests, const std::string& path, const std::string& method) {
  std::size_t count = 0;
  for (const auto& request : requests) count += request.at("path") == path && request.at("method") == method ? 1 : 0;
  return count;
}

TEST_CASE("Daily counts are the truth of each day, whatever the answer's detours") {
  for (const char* partials : {"0", "2"}) {
    Queries q(Json::array({query("orders", "event_count", kCharged), query("buyers", "profile_count", kCharged)}),
              {"--count-partials", partials});
    const Json truth =
        q.simulator.ask("POST", "truth/counts", {{"event_name", "Charged"}, {"from", 20260301}, {"to", 20260310}});
    const Output output = q.read("incremental", {"orders", "buyers"});
    CHECK(output.exit_code == 0);
    std::size_t sum = 0;
    for (const Json& record : output.data("orders")) sum += record.at("count").get<std::size_t>();
    CHECK(output.records("orders") == 10);
    CHECK(sum == truth.at("events").get<std::size_t>());
    CHECK(output.records("buyers") == 10);
    CHECK(output.states("orders").back().at("stream").at("stream_state").at("through") == "2026-03-10");
  }
}

TEST_CASE("A count of the range and the trend of its months say the same") {
  Queries q(Json::array(
      {query("all", "event_count", kCharged, {{"granularity", "range"}}),
       query("months", "trends",
             R"({"event_name":"Charged","groups":{"m":{"trend_type":"monthly"},"d":{"trend_type":"daily"}}})"),
       query(
           "sources", "top_property_values",
           R"({"event_name":"Charged","groups":{"s":{"property_type":"session_properties","name":"session_source"}}})")}));
  const Output output = q.read("full_refresh", {"all", "months", "sources"});
  CHECK(output.exit_code == 0);
  REQUIRE(output.records("all") == 1);
  std::size_t days = 0;
  std::size_t months = 0;
  for (const Json& record : output.data("months")) {
    (record.at("group") == "d" ? days : months) += record.at("count").get<std::size_t>();
  }
  CHECK(output.data("all").front().at("count") == days);
  CHECK(days == months);
  CHECK(output.records("sources") > 0);
}

TEST_CASE("Counts survive expired request ids, refusals for being too many, and broken transfers") {
  const std::vector<Json> faults = {
      {{"fault", "expired_request"}, {"match", {{"step", "poll"}, {"every", 5}}}, {"times", 3}},
      {{"fault", "rate429"}, {"retry_after", 1}, {"times", 3}, {"match", {{"path", "/1/counts/events.json"}}}},
      {{"fault", "reset"}, {"at", "body"}, {"times", 2}, {"match", {{"step", "poll"}}}},
      {{"fault", "garbage"}, {"times", 2}, {"match", {{"step", "create"}}}},
      {{"fault", "html_page"}, {"status", 502}, {"times", 2}, {"match", {{"step", "poll"}}}},
  };
  for (const Json& fault : faults) {
    INFO(fault.dump());
    Queries q(Json::array({query("orders", "event_count", kCharged)}), {"--count-partials", "2"});
    const Json catalog = q.connector.catalog(q.config, "incremental", {"orders"});
    q.simulator.set_faults(fault);
    const Output output = q.connector.read(q.config, catalog);
    CHECK(q.simulator.faults_committed() > 0);
    CHECK(output.exit_code == 0);
    CHECK(output.values("orders", "from").size() == 10);
    CHECK(distinct(output.values("orders", "from")).size() == 10);
  }
}

TEST_CASE("Counts that wait leave the worker to other streams and keep the limit of concurrent requests") {
  Queries q(Json::array({query("orders", "event_count", kCharged)}), {"--count-partials", "3", "--latency-ms", "20"});
  q.config["num_workers"] = 3;
  const Output output = q.read("incremental", {"orders", "events"});
  CHECK(output.exit_code == 0);
  CHECK(output.records("orders") == 10);
  CHECK(output.records("events") == q.rows());
  for (const auto& request : q.simulator.requests()) CHECK(request.at("concurrency").get<int>() <= 3);
}

TEST_CASE("A broken query fails its own stream in CleverTap's words, and check names all of them") {
  Queries q(
      Json::array({query("good", "event_count", kCharged), query("typo", "event_count", R"({"event_name":"Charge"})"),
                   query("no_json", "event_count", "{\"event_name\": }"),
                   query("group", "trends", R"({"event_name":"Charged","groups":{"x":{"trend_type":"hourly"}}})")}));
  const Output check = q.connector.check(q.config);
  const Json status = check.of("CONNECTION_STATUS", "connectionStatus").at(0);
  CHECK(status.at("status") == "FAILED");
  const auto message = status.at("message").get<std::string>();
  CHECK(message.find("\"typo\": CleverTap does not accept the query: \"Invalid event : Charge\"") != std::string::npos);
  CHECK(message.find("line 1, column 16") != std::string::npos);
  CHECK(message.find("\"Invalid group\"") != std::string::npos);
  CHECK(message.find("\"good\"") == std::string::npos);

  const Output output = q.read("full_refresh", {"good", "typo", "no_json", "group"});
  CHECK(output.exit_code == 1);
  CHECK(output.statuses("good").back() == "COMPLETE");
  for (const char* stream : {"typo", "no_json", "group"}) CHECK(output.statuses(stream).back() == "INCOMPLETE");
  for (const auto& error : output.errors()) CHECK(error.at("failure_type") == "config_error");
  CHECK(output.errors().size() == 3);
}

TEST_CASE("Queries of events and people deliver what they choose, with their names") {
  Queries q(
      Json::array({query("some", "events", R"({"event_name":"Charged","from":20260302,"to":20260305})",
                         {{"context", R"({"owner":"Ana"})"}}),
                   query("people", "profiles", R"({"event_name":"Charged"})"),
                   query("anybody", "profiles",
                         R"({"common_profile_properties":{"reachability":[{"name":"has_token","value":"True"}]}})")}));
  const Output output = q.read("incremental", {"some", "people", "anybody"});
  CHECK(output.exit_code == 0);
  CHECK(output.records("some") == q.simulator.truth("event=Charged&from=20260302&to=20260305").at("events"));
  for (const Json& record : output.data("some")) {
    CHECK(record.at("query_name") == "some");
    CHECK(record.at("context") == Json{{"owner", "Ana"}});
    CHECK(record.at("event_name") == "Charged");
  }
  CHECK(output.records("people") > 0);
  for (const auto& request : q.simulator.requests()) {
    if (request.at("path") != "/1/profiles.json" || request.at("method") != "POST") continue;
    const Json body = Json::parse(request.at("body").get<std::string>());
    CHECK(body.contains("from") == body.contains("event_name"));
  }
}

TEST_CASE("A sync of counts that is killed goes on from its last state and ends with every day") {
  Queries q(Json::array({query("orders", "event_count", kCharged)}), {"--count-partials", "2", "--latency-ms", "30"});
  const Json catalog = q.connector.catalog(q.config, "incremental", {"orders"});
  Process process(q.connector.read_command(q.config, catalog));
  process.read_until([](const std::string& out) { return out.find(R"("type":"STATE")") != std::string::npos; });
  process.send_signal(SIGKILL);
  const Output killed = Connector::finish(process);
  const Output rest = q.connector.read(q.config, catalog, last_states(killed));
  CHECK(rest.exit_code == 0);
  auto days = distinct(killed.values("orders", "from"));
  days.merge(distinct(rest.values("orders", "from")));
  CHECK(days.size() == 10);
}

TEST_CASE("A changed query starts over and says so") {
  Queries q(Json::array({query("orders", "event_count", kCharged)}));
  const Output first = q.read("incremental", {"orders"});
  q.config["queries"][0]["query"] = R"({"event_name":"App Launched"})";
  const Output second = q.read("incremental", {"orders"}, last_states(first));
  CHECK(second.records("orders") == 10);
  CHECK(second.log_text().find("WARN orders: the query has changed") != std::string::npos);
}

TEST_CASE("A stream that is not selected costs no request") {
  Queries q(Json::array({query("orders", "event_count", kCharged)}));
  const Json catalog = q.connector.catalog(q.config, "full_refresh", {"subscription_groups"});
  q.simulator.forget_requests();
  CHECK(q.connector.read(q.config, catalog).exit_code == 0);
  CHECK(q.simulator.requests().size() == 1);
}

TEST_CASE("Two months of daily counts wait side by side") {
  Queries q(Json::array({query("orders", "event_count", kCharged)}),
            {"--count-partials", "2", "--latency-ms", "20", "--first-day", "20260101", "--last-day", "20260228"});
  q.config["num_workers"] = 3;
  q.config["start_date"] = 20260101;
  q.config["end_date"] = 20260228;
  const Json catalog = q.connector.catalog(q.config, "incremental", {"orders"});
  q.simulator.forget_requests();
  const auto began = std::chrono::steady_clock::now();
  const Output output = q.connector.read(q.config, catalog);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  CHECK(output.exit_code == 0);
  CHECK(output.records("orders") == 59);
  CHECK(requests_to(q.simulator.requests(), "/1/counts/events.json", "POST") == 59);
  CHECK(requests_to(q.simulator.requests(), "/1/counts/events.json", "GET") == 118);
  // One after the other their pauses alone would take three minutes.
  CHECK(took.count() < 60);
}

}  // namespace
}  // namespace engagement::test
