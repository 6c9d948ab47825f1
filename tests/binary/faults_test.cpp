// The read under each fault that the simulator knows. One of two things has to come of it: every row and exit code 0,
// or a clear error and exit code 1 with the other stream whole. Never rows that are missing without a word.

#include <functional>
#include <memory>

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

constexpr const char* kEvents = "/1/events.json";

Json on_events(Json fault, Json match = Json::object()) {
  match["path"] = kEvents;
  fault["match"] = std::move(match);
  return fault;
}

// What a fault must come to: nothing, but for duplicates under the same key where the vendor's cursor expired.
struct Survived {
  Json fault;
  bool duplicates = false;
};

// The faults of whole answers that pass. Each is committed at the export's beginning and in its middle.
std::vector<Survived> passing_faults() {
  return {
      {{{"fault", "status"}, {"status", 500}}},
      {{{"fault", "status"}, {"status", 503}, {"body", {{"status", "fail"}, {"error", "An unknown error occurred"}}}}},
      {{{"fault", "status"}, {"status", 429}, {"headers", {{"Retry-After", "0"}}}}},
      {{{"fault", "status"}, {"status", 408}}},
      {{{"fault", "html_page"}}},
      {{{"fault", "html_page"}, {"status", 200}}},
      {{{"fault", "garbage"}}},
      {{{"fault", "garbage"}, {"body", ""}}},
      {{{"fault", "garbage"}, {"body", "{}"}}},
      {{{"fault", "garbage"}, {"body", "[]"}}},
      {{{"fault", "garbage"}, {"body", R"({"status":"success","records":[{"ts":1},)"}}},
      {{{"fault", "garbage"}, {"body", R"({"records":[{"ts":20260301000000}]})"}}},
      {{{"fault", "truncate_body"}}},
      {{{"fault", "truncate_body"}, {"after_bytes", 0}}},
      {{{"fault", "truncate_gzip"}}},
      {{{"fault", "corrupt_gzip"}}},
      {{{"fault", "corrupt_gzip"}, {"where", "checksum"}}},
      {{{"fault", "reset"}}},
      {{{"fault", "reset"}, {"at", "body"}}},
      {{{"fault", "stall"}, {"seconds", 0.3}}},
      {{{"fault", "stall"}, {"seconds", 0.3}, {"at", "body"}}},
      {{{"fault", "slow"}, {"bytes_per_second", 100000}}},
      {{{"fault", "fail200"}}},
      {{{"fault", "code2"}}},
      {{{"fault", "code2"}, {"status", 202}}},
      {{{"fault", "rate429"}, {"retry_after", 1}}},
      {{{"fault", "fail200"}, {"error", "Too many requests"}, {"code", 429}}}};
}

// Those that only pages have.
std::vector<Survived> page_faults() {
  return {{{{"fault", "empty_page"}, {"times", 3}}},
          {{{"fault", "short_page"}, {"rows", 1}, {"times", 4}}},
          {{{"fault", "missing_status"}}},
          {{{"fault", "pretty"}, {"times", 0}}},
          {{{"fault", "expired_cursor"}}, true},
          {{{"fault", "code3"}}, true},
          {{{"fault", "expired_cursor"}, {"times", 3}}, true},
          {{{"fault", "bad_utf8"}, {"times", 0}, {"all", true}}},
          {{{"fault", "lone_surrogate"}, {"times", 0}}},
          {{{"fault", "lone_surrogate"}, {"escape", R"(\udc00\ud800)"}, {"times", 0}, {"all", true}}},
          {{{"fault", "raw_newline"}, {"times", 0}, {"all", true}}},
          {{{"fault", "line_separator"}, {"times", 0}, {"all", true}}},
          {{{"fault", "duplicate_keys"}, {"times", 0}, {"all", true}}},
          {{{"fault", "collision"}, {"times", 0}, {"all", true}}},
          {{{"fault", "deep_nesting"}, {"depth", 900}, {"times", 0}}},
          {{{"fault", "wrong_type_ts"}, {"value", "soon"}, {"times", 0}}},
          {{{"fault", "wrong_type_ts"}, {"value", nullptr}, {"times", 0}}},
          {{{"fault", "wrong_type_ts"}, {"missing", true}, {"times", 0}}},
          {{{"fault", "wrong_type_ts"}, {"value", 20260231000000}, {"times", 0}}},
          {{{"fault", "bad_number"}}},
          {{{"fault", "bad_number"}, {"form", "tru"}}},
          {{{"fault", "bad_number"}, {"form", "missing_comma"}}},
          {{{"fault", "bad_number"}, {"form", "-"}}},
          {{{"fault", "bad_number"}, {"form", "01"}}},
          {{{"fault", "raw_record"}, {"text", "null"}}},
          {{{"fault", "raw_record"}, {"text", "[1,2]"}}},
          {{{"fault", "raw_record"}, {"text", "{\"ts\":"}}}};
}

// Reads under each list of faults, several runs side by side, since most of their time is waiting.
class SideBySide {
 public:
  using Check = std::function<void(Clevertap&, const Output&, std::size_t run)>;

  explicit SideBySide(int retry_seconds) {
    for (std::size_t at = 0; at < kAtOnce; ++at) {
      clevertaps_.push_back(std::make_unique<Clevertap>());
      clevertaps_.back()->config["retry_seconds"] = retry_seconds;
    }
  }

  void run(const std::vector<Json>& faults, const Check& check) {
    const Json catalog = clevertaps_.front()->full_catalog();
    for (std::size_t first = 0; first < faults.size(); first += kAtOnce) {
      std::vector<std::unique_ptr<Process>> processes;
      for (std::size_t at = first; at < std::min(first + kAtOnce, faults.size()); ++at) {
        Clevertap& clevertap = *clevertaps_[at - first];
        clevertap.simulator.set_faults(faults[at]);
        processes.push_back(std::make_unique<Process>(clevertap.connector.read_command(clevertap.config, catalog)));
      }
      for (std::size_t at = 0; at < processes.size(); ++at) {
        INFO(faults[first + at]);
        check(*clevertaps_[at], Connector::finish(*processes[at]), first + at);
      }
    }
  }

 private:
  static constexpr std::size_t kAtOnce = 6;
  std::vector<std::unique_ptr<Clevertap>> clevertaps_;
};

// All messages but most of the records, because holding a line to the protocol takes its time.
std::string sample_of(const Output& output) {
  std::string sample;
  std::size_t records = 0;
  for (const auto line : output.lines()) {
    if (line.starts_with(R"({"type":"RECORD")") && ++records > 20) continue;
    sample.append(line).push_back('\n');
  }
  return sample;
}

void check_complete(const Clevertap& clevertap, const Output& output, bool duplicates) {
  INFO(output.log_text());
  for (const auto& error : output.errors()) UNSCOPED_INFO(error);
  for (const auto& fault : clevertap.simulator.faults()) CHECK(fault.at("committed") > 0);
  CHECK(output.exit_code == 0);
  CHECK(output.err == "");
  CHECK(MessageOrder::violation(output).value_or("") == "");
  CHECK(protocol_violation_in_output(sample_of(output)).value_or("") == "");
  const auto rows = Clevertap::events_of(output);
  CHECK(distinct(rows).size() == clevertap.rows());
  if (!duplicates) CHECK(rows.size() == clevertap.rows());
  CHECK(distinct(Clevertap::people_of(output)).size() == clevertap.people());
  CHECK(Clevertap::people_of(output).size() == clevertap.people());
}

void check_all_complete(const std::vector<Survived>& all, const std::function<Json(const Json&)>& placed) {
  std::vector<Json> faults;
  for (const auto& survived : all) faults.push_back(placed(survived.fault));
  SideBySide(60).run(faults, [&](Clevertap& clevertap, const Output& output, std::size_t run) {
    check_complete(clevertap, output, all[run].duplicates);
  });
}

struct Failing {
  Json fault;
  std::string type;
  std::string words;
};

// The events stream fails with the words, the profiles come whole, and no state covers what was not read.
void check_failed(Clevertap& clevertap, const Output& output, const Failing& expected) {
  CHECK(output.exit_code == 1);
  CHECK(output.err == "");
  CHECK(MessageOrder::violation(output).value_or("") == "");
  const auto errors = output.errors();
  REQUIRE(errors.size() == 1);
  INFO(errors.front());
  CHECK(errors.front().at("failure_type") == expected.type);
  CHECK(errors.front().at("stream_descriptor").at("name") == "events");
  CHECK(errors.front().at("message").get<std::string>().find(expected.words) != std::string::npos);
  CHECK(output.statuses("events").back() == "INCOMPLETE");
  CHECK(output.statuses("profiles").back() == "COMPLETE");
  CHECK(Clevertap::people_of(output).size() == clevertap.people());
  // What came is kept, and the next attempt brings the rest.
  clevertap.simulator.set_faults(Json::array());
  const Output rest = clevertap.connector.read(clevertap.config, clevertap.full_catalog(), last_states(output));
  CHECK(rest.exit_code == 0);
  auto all = distinct(Clevertap::events_of(output));
  all.merge(distinct(Clevertap::events_of(rest)));
  CHECK(all.size() == clevertap.rows());
}

}  // namespace

TEST_CASE("Trouble that passes costs no row, where an export begins and in its middle") {
  check_all_complete(passing_faults(), [](const Json& fault) {
    return Json::array(
        {on_events(fault, {{"step", "create"}, {"nth", 2}}), on_events(fault, {{"step", "page"}, {"nth", 3}})});
  });
}

TEST_CASE("Odd pages and odd records cost no row") {
  check_all_complete(page_faults(), [](const Json& fault) { return Json::array({on_events(fault, {{"page", 1}})}); });
}

TEST_CASE("Trouble in the list of events costs no row") {
  const std::vector<Survived> all = {{{{"fault", "status"}, {"status", 503}}}, {{{"fault", "truncate_body"}}}};
  check_all_complete(all, [](Json fault) {
    fault["match"] = {{"path", "/getSchema"}};
    return Json::array({fault});
  });
}

TEST_CASE("Trouble in a sweep of profiles costs no person") {
  const std::vector<Survived> all = {{{{"fault", "truncate_body"}}},
                                     {{{"fault", "expired_cursor"}}},
                                     {{{"fault", "empty_page"}}},
                                     {{{"fault", "pretty"}, {"times", 0}}},
                                     {{{"fault", "code2"}}},
                                     {{{"fault", "bad_utf8"}, {"times", 0}}},
                                     {{{"fault", "raw_members"},
                                       {"text", R"("profile_id":null,"exported_at":"never")"},
                                       {"top", true},
                                       {"all", true},
                                       {"times", 0}}},
                                     {{{"fault", "short_page"}, {"rows", 2}}}};
  check_all_complete(all, [](Json fault) {
    fault["match"] = {{"path", "/1/profiles.json"}, {"step", "page"}, {"nth", 2}};
    return Json::array({fault});
  });
}

TEST_CASE("Numbers that no machine holds arrive as they were sent") {
  Clevertap clevertap;
  clevertap.simulator.set_faults(on_events({{"fault", "huge_numbers"}, {"times", 0}, {"all", true}}));
  const Output output = clevertap.connector.read(clevertap.config, clevertap.catalog("full_refresh", "events"));
  CHECK(output.exit_code == 0);
  CHECK(distinct(Clevertap::events_of(output)).size() == clevertap.rows());
  for (const auto line : output.record_lines("events")) {
    CHECK(line.find(R"("sim integer":1180591620717411303424,"sim float":1e999,"sim tiny":-1E-999,"sim digits":)"
                    "123456789012345678901234567890.123456789012345678901234567890") != std::string_view::npos);
  }
}

TEST_CASE("Trouble that stays fails the one stream with words for the user, and the next attempt completes it") {
  const std::vector<Failing> all = {
      {{{"fault", "status"}, {"status", 503}}, "transient_error", "503"},
      {{{"fault", "rate429"}}, "transient_error", "429"},
      {{{"fault", "rate429"}, {"retry_after", 600}}, "transient_error", "429"},
      {{{"fault", "reset"}}, "transient_error", "could not be reached"},
      {{{"fault", "truncate_body"}}, "transient_error", "CleverTap"},
      {{{"fault", "missing_status"}}, "transient_error", "status"},
      {{{"fault", "bad_number"}}, "transient_error", "malformed JSON"},
      {{{"fault", "deep_nesting"}, {"depth", 1200}}, "transient_error", "1024"},
      {{{"fault", "expired_cursor"}}, "transient_error", "expired"},
      {{{"fault", "status"}, {"status", 401}, {"body", {{"error", "Invalid Credentials"}}}},
       "config_error",
       "passcode"},
      {{{"fault", "status"}, {"status", 403}}, "config_error", "403"},
      {{{"fault", "repeat_cursor"}}, "system_error", "same cursor"},
      {{{"fault", "cursor_cycle"}}, "system_error", "same cursor"}};
  std::vector<Json> faults;
  for (const auto& failing : all) {
    Json fault = failing.fault;
    fault["times"] = 0;
    faults.push_back(Json::array({on_events(fault, {{"step", "page"}, {"nth", 4}})}));
  }
  SideBySide(1).run(faults, [&](Clevertap& clevertap, const Output& output, std::size_t run) {
    check_failed(clevertap, output, all[run]);
  });
}

TEST_CASE("A transient failure comes before a config error, whichever stream failed first") {
  Clevertap clevertap;
  clevertap.config["retry_seconds"] = 1;
  const Json refusing{{"fault", "status"}, {"status", 403}, {"times", 0}, {"match", {{"path", kEvents}}}};
  const Json failing{{"fault", "status"}, {"status", 500}, {"times", 0}, {"match", {{"path", "/1/profiles.json"}}}};
  clevertap.simulator.set_faults(Json::array({refusing, failing}));
  const Output output = clevertap.connector.read(clevertap.config, clevertap.full_catalog());
  CHECK(output.exit_code == 1);
  CHECK(MessageOrder::violation(output).value_or("") == "");
  const auto errors = output.errors();
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].at("failure_type") == "transient_error");
  CHECK(errors[1].at("failure_type") == "config_error");
  CHECK(output.of("STATE", "state").empty());
}

TEST_CASE("An event that is refused or has never happened is skipped with one warning and no progress") {
  Clevertap clevertap({"--refused", "Notification Sent", "--never-seen", "Never Happened", "--latency-ms", "10"});
  clevertap.config["num_workers"] = 3;
  clevertap.config["window_days"] = 1;
  const Json catalog = clevertap.connector.catalog(clevertap.config, "incremental");
  const Output output = clevertap.connector.read(clevertap.config, catalog);
  CHECK(output.exit_code == 0);
  CHECK(Clevertap::events_of(output).size() == clevertap.rows());
  for (const char* stream : {"events", "profiles"}) {
    for (const std::string event : {"Notification Sent", "Never Happened"}) {
      INFO(stream << " " << event);
      std::size_t warnings = 0;
      for (const auto& log : output.of("LOG", "log")) {
        const std::string text = log.at("message");
        if (text.starts_with(stream) && text.find(event) != std::string::npos) ++warnings;
      }
      CHECK(warnings == 1);
      CHECK_FALSE(output.states(stream).back().at("stream").at("stream_state").at("events").contains(event));
    }
  }
}

TEST_CASE("With room for one request at a time, three workers still read everything") {
  Clevertap clevertap({"--concurrency", "1", "--latency-ms", "2"});
  clevertap.config["num_workers"] = 3;
  const Output output = clevertap.connector.read(clevertap.config, clevertap.full_catalog());
  CHECK(output.exit_code == 0);
  CHECK(Clevertap::events_of(output).size() == clevertap.rows());
  CHECK(Clevertap::people_of(output).size() == clevertap.people());
}

TEST_CASE("Cursors that die after a few reads end in an error, for a window that can be read in time in success") {
  Clevertap clevertap({"--cursor-reads", "4"});
  clevertap.config["batch_size"] = 23;
  const Output failed = clevertap.connector.read(clevertap.config, clevertap.catalog("full_refresh", "events"));
  CHECK(failed.exit_code == 1);
  REQUIRE(failed.errors().size() == 1);
  CHECK(failed.errors().front().at("message").get<std::string>().find("window_days") != std::string::npos);
  clevertap.config["window_days"] = 1;
  clevertap.config["batch_size"] = 4991;
  const Output output = clevertap.connector.read(clevertap.config, clevertap.catalog("full_refresh", "events"));
  CHECK(output.exit_code == 0);
  CHECK(Clevertap::events_of(output).size() == clevertap.rows());
}

}  // namespace engagement::test
