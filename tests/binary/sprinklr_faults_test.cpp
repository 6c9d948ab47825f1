// Sprinklr's reads under each fault that its simulator knows: every row and exit code 0, or a clear error, exit code 1
// and the other stream whole. Never rows that are missing without a word.

#include <memory>

#include "binary/sprinklr.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

void check_protocol(const Output& output) {
  CHECK(output.err == "");
  CHECK(MessageOrder::violation(output).value_or("") == "");
  CHECK(protocol_violation_in_output(output.out).value_or("") == "");
}

// Reads the report and the cases under each fault; nothing may be missing.
void check_complete(const std::vector<Json>& all) {
  Sprinklr sprinklr;
  const Json catalog = sprinklr.catalog("full_refresh", {"responses", "cases"});
  for (const auto& faults : all) {
    INFO(faults);
    sprinklr.simulator.set_faults(faults);
    const Output output = sprinklr.read(catalog);
    INFO(output.log_text());
    for (const auto& error : output.errors()) UNSCOPED_INFO(error);
    CHECK(sprinklr.simulator.faults_committed() > 0);
    CHECK(output.exit_code == 0);
    check_protocol(output);
    const auto rows = Sprinklr::rows_of(output);
    CHECK(distinct(rows).size() == sprinklr.rows());
    CHECK(rows.size() == sprinklr.rows());
    // A page may be written with blanks between its parts, so the lines are parsed.
    std::multiset<std::string> cases;
    for (const auto& record : output.data("cases")) cases.insert(record.at("id"));
    CHECK(cases.size() == sprinklr.cases());
    CHECK(distinct(cases).size() == sprinklr.cases());
  }
}

Json at(Json fault, const std::string& event, int nth) {
  fault["match"] = {{"step", "page"}, {"event", event}, {"nth", nth}};
  return fault;
}

}  // namespace

TEST_CASE("Sprinklr: trouble that passes costs no row of a report and no case") {
  const std::vector<Json> faults = {{{"fault", "status"}, {"status", 500}},
                                    {{"fault", "status"}, {"status", 408}},
                                    {{"fault", "status"}, {"status", 504}},
                                    {{"fault", "html_page"}},
                                    {{"fault", "html_page"}, {"status", 200}},
                                    {{"fault", "garbage"}},
                                    {{"fault", "garbage"}, {"body", ""}},
                                    {{"fault", "garbage"}, {"body", "{}"}},
                                    {{"fault", "garbage"}, {"body", "[]"}},
                                    {{"fault", "truncate_body"}},
                                    {{"fault", "truncate_body"}, {"after_bytes", 0}},
                                    {{"fault", "truncate_gzip"}},
                                    {{"fault", "corrupt_gzip"}},
                                    {{"fault", "reset"}},
                                    {{"fault", "reset"}, {"at", "body"}},
                                    {{"fault", "stall"}, {"seconds", 0.3}},
                                    {{"fault", "slow"}, {"bytes_per_second", 100000}},
                                    {{"fault", "over_qps"}, {"retry_after", 1}},
                                    {{"fault", "over_qps"}, {"json", false}, {"retry_after", 1}},
                                    {{"fault", "over_rate"}, {"retry_after", 1}},
                                    {{"fault", "rate429"}, {"retry_after", 1}},
                                    {{"fault", "try_again"}},
                                    {{"fault", "bare_message"}},
                                    {{"fault", "pretty"}, {"times", 0}},
                                    {{"fault", "bad_number"}},
                                    {{"fault", "bad_number"}, {"form", "missing_comma"}},
                                    {{"fault", "raw_record"}, {"text", "null"}},
                                    {{"fault", "bad_utf8"}, {"all", true}},
                                    {{"fault", "lone_surrogate"}, {"all", true}},
                                    {{"fault", "raw_newline"}, {"all", true}},
                                    {{"fault", "line_separator"}, {"all", true}},
                                    {{"fault", "deep_nesting"}, {"depth", 900}}};
  std::vector<Json> all;
  for (const auto& fault : faults) {
    all.push_back(Json::array({at(fault, "POST_RESPONSE_TIME", 3), at(fault, "CASE", 2)}));
  }
  check_complete(all);
}

TEST_CASE("Sprinklr: odd pages and refused cursors cost no row") {
  check_complete(
      {at({{"fault", "repeat_page"}}, "POST_RESPONSE_TIME", 4), at({{"fault", "beyond_cap"}}, "POST_RESPONSE_TIME", 1),
       at({{"fault", "timeout_above"}, {"page_size", 7}, {"times", 0}}, "POST_RESPONSE_TIME", 1),
       at({{"fault", "expired_cursor"}}, "CASE", 2), at({{"fault", "expired_token"}}, "POST_RESPONSE_TIME", 5)});
}

TEST_CASE("Sprinklr: numbers that no machine holds arrive as they were sent") {
  Sprinklr sprinklr;
  sprinklr.simulator.set_faults({{"fault", "huge_numbers"}, {"times", 0}, {"all", true}});
  const Output output = sprinklr.read(sprinklr.catalog());
  CHECK(output.exit_code == 0);
  std::size_t seen = 0;
  for (const auto line : output.record_lines("responses")) {
    seen += line.find("1180591620717411303424") != std::string_view::npos ? 1 : 0;
  }
  CHECK(seen > 0);
}

TEST_CASE(
    "Sprinklr: trouble that stays fails the one stream with words for the user, and the next attempt completes it") {
  struct Failing {
    Json fault;
    std::string type;
    std::string words;
    bool everything = false;  // the quota is that of all streams
  };
  const std::vector<Failing> all = {{{{"fault", "status"}, {"status", 503}}, "transient_error", "503"},
                                    {{{"fault", "reset"}}, "transient_error", "could not be reached"},
                                    {{{"fault", "rate429"}, {"retry_after", 700}}, "transient_error", "quota", true},
                                    {{{"fault", "over_rate"}, {"retry_after", 3600}}, "transient_error", "quota", true},
                                    {{{"fault", "forbidden"}}, "config_error", "lacks a permission"},
                                    {{{"fault", "forbidden400"}}, "config_error", "lacks a permission"},
                                    {{{"fault", "bad_request"}}, "config_error", "Invalid request/response"},
                                    {{{"fault", "misdirected"}}, "config_error", "Environment (environment)"},
                                    {{{"fault", "inactive"}, {"json", false}}, "config_error", "Client ID"},
                                    {{{"fault", "app_errors"}}, "system_error", "An unexpected error occurred"},
                                    {{{"fault", "deep_nesting"}, {"depth", 1200}}, "transient_error", "1024"}};
  Sprinklr sprinklr;
  sprinklr.config["retry_seconds"] = 1;
  const Json catalog = sprinklr.catalog("incremental", {"responses", "cases"});
  for (const auto& failing : all) {
    INFO(failing.fault);
    Json fault = at(failing.fault, "POST_RESPONSE_TIME", 5);
    fault["times"] = 0;
    sprinklr.simulator.set_faults(fault);
    const Output output = sprinklr.read(catalog);
    CHECK(output.exit_code == 1);
    check_protocol(output);
    const auto errors = output.errors();
    REQUIRE(errors.size() == (failing.everything ? 2 : 1));
    INFO(errors.front());
    CHECK(errors.front().at("failure_type") == failing.type);
    CHECK(errors.front().at("message").get<std::string>().find(failing.words) != std::string::npos);
    CHECK(output.statuses("responses").back() == "INCOMPLETE");
    if (!failing.everything) {
      CHECK(output.statuses("cases").back() == "COMPLETE");
      CHECK(distinct(output.values("cases", "id")).size() == sprinklr.cases());
    }
    sprinklr.simulator.set_faults(Json::array());
    const Output rest = sprinklr.read(catalog, last_states(output));
    CHECK(rest.exit_code == 0);
    auto rows = distinct(Sprinklr::rows_of(output));
    rows.merge(distinct(Sprinklr::rows_of(rest)));
    CHECK(rows.size() == sprinklr.rows());
  }
}

TEST_CASE("Sprinklr: killed at any byte and resumed from the last state, every row arrives") {
  Sprinklr sprinklr({"--latency-ms", "2"});
  sprinklr.config["window_hours"] = 6;
  for (const char* mode : {"full_refresh", "incremental"}) {
    const Json catalog = sprinklr.catalog(mode, {"responses", "cases", "comments"});
    for (const std::size_t bytes : {1U, 30'000U, 120'000U, 250'000U, 400'000U, 480'000U}) {
      INFO(mode << " " << bytes);
      Process process(sprinklr.connector.read_command(sprinklr.config, catalog));
      process.read_bytes(bytes);
      process.send_signal(SIGKILL);
      Output first = Connector::finish(process);
      first.out.resize(first.out.rfind('\n') + 1);
      const Output rest = sprinklr.read(catalog, last_states(first));
      CHECK(rest.exit_code == 0);
      auto rows = distinct(Sprinklr::rows_of(first));
      rows.merge(distinct(Sprinklr::rows_of(rest)));
      CHECK(rows.size() == sprinklr.rows());
      auto cases = distinct(first.values("cases", "id"));
      cases.merge(distinct(rest.values("cases", "id")));
      CHECK(cases.size() == sprinklr.cases());
      auto comments = distinct(first.values("comments", "id"));
      comments.merge(distinct(rest.values("comments", "id")));
      CHECK(comments.size() == 2 * sprinklr.cases());
    }
  }
}

}  // namespace engagement::test
