// source-kustomer under each fault that its simulator knows. One of two things has to come of it: every row and exit
// code 0, or a clear error and exit code 1 with the other stream whole. Never rows that are missing without a word.

#include <functional>
#include <memory>

#include "binary/kustomer.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

const std::set<std::string> kStreams = {"conversations", "users"};

Json on_search(Json fault, Json match = Json::object()) {
  match["path"] = "/v1/customers/search";
  fault["match"] = std::move(match);
  return fault;
}

Json forever(Json fault) {
  fault["times"] = 0;
  return fault;
}

// Reads under each list of faults, several runs side by side, since most of their time is waiting.
void side_by_side(const std::vector<Json>& faults, int retry_seconds,
                  const std::function<void(Kustomer&, const Output&, std::size_t)>& check) {
  constexpr std::size_t kAtOnce = 6;
  std::vector<std::unique_ptr<Kustomer>> all;
  for (std::size_t at = 0; at < kAtOnce; ++at) {
    all.push_back(std::make_unique<Kustomer>());
    all.back()->config["retry_seconds"] = retry_seconds;
  }
  const Json catalog = all.front()->catalog("full_refresh", kStreams);
  for (std::size_t first = 0; first < faults.size(); first += kAtOnce) {
    std::vector<std::unique_ptr<Process>> processes;
    for (std::size_t at = first; at < std::min(first + kAtOnce, faults.size()); ++at) {
      Kustomer& kustomer = *all[at - first];
      kustomer.simulator.set_faults(faults[at]);
      processes.push_back(std::make_unique<Process>(kustomer.connector.read_command(kustomer.config, catalog)));
    }
    for (std::size_t at = 0; at < processes.size(); ++at) {
      INFO(faults[first + at]);
      check(*all[at], Connector::finish(*processes[at]), first + at);
    }
  }
}

void check_whole(const Kustomer& kustomer, const Output& output, const std::string& stream, const std::string& kind,
                 bool duplicates) {
  const auto came = Kustomer::ids(output, stream);
  CHECK((distinct(came) == kustomer.truth(kind)));
  if (!duplicates) CHECK(came.size() == distinct(came).size());
}

void check_complete(const Kustomer& kustomer, const Output& output, bool duplicates = false) {
  INFO(output.log_text());
  for (const auto& error : output.errors()) UNSCOPED_INFO(error);
  for (const auto& fault : kustomer.simulator.faults()) CHECK(fault.at("committed") > 0);
  CHECK(output.exit_code == 0);
  CHECK(output.err == "");
  CHECK(MessageOrder::violation(output).value_or("") == "");
  check_whole(kustomer, output, "conversations", "conversation", duplicates);
  check_whole(kustomer, output, "users", "user", false);
}

// The faults of whole answers that pass.
std::vector<Json> passing_kustomer_faults() {
  return {{{"fault", "error"}},
          {{"fault", "error"}, {"status", 503}, {"shape", "jsonapi"}},
          {{"fault", "status"}, {"status", 429}, {"headers", {{"Retry-After", "0"}}}},
          {{"fault", "status"}, {"status", 408}},
          {{"fault", "html_page"}},
          {{"fault", "html_page"}, {"status", 200}},
          {{"fault", "garbage"}},
          {{"fault", "garbage"}, {"body", ""}},
          {{"fault", "garbage"}, {"body", "{}"}},
          {{"fault", "garbage"}, {"body", R"({"data":[{"id":"1"},)"}},
          {{"fault", "garbage"}, {"body", R"({"errors":[{"status":"503","title":"busy"}]})"}},
          {{"fault", "truncate_body"}},
          {{"fault", "truncate_gzip"}},
          {{"fault", "corrupt_gzip"}},
          {{"fault", "reset"}},
          {{"fault", "reset"}, {"at", "body"}},
          {{"fault", "stall"}, {"seconds", 0.3}},
          {{"fault", "slow"}, {"bytes_per_second", 300000}},
          {{"fault", "rate429"}, {"retry_after", 1}},
          {{"fault", "rate429"}, {"reset_seconds", 1}},
          {{"fault", "rate429"}, {"headers", false}}};
}

// Those that only a search's pages have.
std::vector<Json> kustomer_page_faults() {
  return {{{"fault", "timed_out"}},
          {{"fault", "timed_out"}, {"times", 3}},
          {{"fault", "lying_total"}},
          {{"fault", "lying_total"}, {"total", 1782018}},
          {{"fault", "lying_total"}, {"total", 0}},
          {{"fault", "lying_total"}, {"total", 7}},
          {{"fault", "no_meta_total"}},
          forever({{"fault", "no_meta_total"}}),
          {{"fault", "no_links"}},
          forever({{"fault", "no_links"}}),
          {{"fault", "no_next"}},
          forever({{"fault", "no_next"}}),
          forever({{"fault", "next_again"}}),
          {{"fault", "empty_page"}},
          {{"fault", "empty_page"}, {"times", 4}},
          {{"fault", "repeat_page"}, {"times", 4}},
          forever({{"fault", "bad_utf8"}, {"all", true}}),
          forever({{"fault", "lone_surrogate"}, {"all", true}}),
          forever({{"fault", "raw_newline"}, {"all", true}}),
          forever({{"fault", "line_separator"}, {"all", true}}),
          forever({{"fault", "duplicate_keys"}, {"all", true}}),
          forever({{"fault", "deep_nesting"}, {"depth", 900}}),
          forever({{"fault", "huge_numbers"}, {"all", true}}),
          {{"fault", "bad_number"}},
          {{"fault", "raw_record"}, {"text", "null"}}};
}

}  // namespace

TEST_CASE("Kustomer: trouble that passes costs no row, at the beginning and in the middle, of a search and of a list") {
  std::vector<Json> faults;
  for (const auto& fault : passing_kustomer_faults()) {
    Json on_users = fault;
    on_users["match"] = {{"path", "/v1/users"}};
    faults.push_back(Json::array({on_search(fault), on_search(fault, {{"nth", 6}}), on_users}));
  }
  side_by_side(faults, 60,
               [](Kustomer& kustomer, const Output& output, std::size_t) { check_complete(kustomer, output); });
}

TEST_CASE("Kustomer: odd pages and odd records cost no row") {
  std::vector<Json> faults;
  for (const auto& fault : kustomer_page_faults()) faults.push_back(Json::array({on_search(fault, {{"nth", 3}})}));
  side_by_side(faults, 60,
               [](Kustomer& kustomer, const Output& output, std::size_t) { check_complete(kustomer, output); });
}

TEST_CASE("Kustomer: a row whose time cannot be read comes with its neighbours, perhaps twice") {
  const std::vector<Json> faults = {forever({{"fault", "wrong_updated_at"}}),
                                    forever({{"fault", "wrong_updated_at"}, {"missing", true}}),
                                    forever({{"fault", "wrong_updated_at"}, {"value", nullptr}})};
  std::vector<Json> placed;
  for (const auto& fault : faults) placed.push_back(Json::array({on_search(fault, {{"nth", 3}})}));
  side_by_side(placed, 60,
               [](Kustomer& kustomer, const Output& output, std::size_t) { check_complete(kustomer, output, true); });
}

TEST_CASE("Kustomer: rows that move, come and go while they are read are all there at the end of a full refresh") {
  const std::vector<Json> faults = {
      on_search(forever({{"fault", "moving"}, {"rows", 5}})),
      on_search(forever({{"fault", "moving"}, {"rows", 3}, {"inserts", 1}, {"deletes", 1}}))};
  side_by_side({Json::array({faults[0]}), Json::array({faults[1]})}, 60,
               [](Kustomer& kustomer, const Output& output, std::size_t run) {
                 INFO(output.log_text());
                 CHECK(output.exit_code == 0);
                 const auto came = distinct(Kustomer::ids(output, "conversations"));
                 // What came into being with the very last searches belongs to the next sync.
                 std::size_t missing = 0;
                 for (const auto& id : kustomer.truth("conversation")) missing += came.contains(id) ? 0 : 1;
                 CHECK(missing <= (run == 0 ? 0U : 2U));
               });
}

TEST_CASE("Kustomer: trouble that stays fails the one stream with words for the user, and the next attempt completes") {
  struct Failing {
    Json fault;
    std::string type;
    std::string words;
  };
  const std::vector<Failing> all = {
      {{{"fault", "error"}, {"status", 503}}, "transient_error", "503"},
      {{{"fault", "rate429"}, {"headers", false}}, "transient_error", "429"},
      {{{"fault", "reset"}}, "transient_error", "could not be reached"},
      {{{"fault", "timed_out"}}, "transient_error", "timed out"},
      {{{"fault", "lying_total"}, {"total", 1782018}}, "error", "1782018"},
      {{{"fault", "bad_number"}}, "transient_error", "malformed JSON"},
      {{{"fault", "expired"}}, "config_error", "expired"},
      {{{"fault", "pod"}}, "config_error", "Region (region)"},
      {{{"fault", "pod"}, {"status", 403}}, "config_error", "eu"},
      {{{"fault", "missing_role"}}, "config_error", "org.permission.conversation.read"},
      {{{"fault", "missing_role"}, {"shape", "jsonapi"}}, "config_error", "org.permission.conversation.read"},
      {{{"fault", "error"}, {"status", 400}, {"code", "bad_request"}}, "system_error", "bad_request"}};
  std::vector<Json> faults;
  for (const auto& failing : all) faults.push_back(Json::array({on_search(forever(failing.fault), {{"nth", 5}})}));
  side_by_side(faults, 1, [&](Kustomer& kustomer, const Output& output, std::size_t run) {
    CHECK(output.exit_code == 1);
    CHECK(MessageOrder::violation(output).value_or("") == "");
    const auto errors = output.errors();
    REQUIRE(errors.size() == 1);
    INFO(errors.front());
    CHECK(errors.front().at("failure_type").get<std::string>().find(all[run].type) != std::string::npos);
    CHECK(errors.front().at("stream_descriptor").at("name") == "conversations");
    CHECK(errors.front().at("message").get<std::string>().find(all[run].words) != std::string::npos);
    CHECK(output.statuses("conversations").back() == "INCOMPLETE");
    CHECK(output.statuses("users").back() == "COMPLETE");
    kustomer.simulator.set_faults(Json::array());
    const Output rest =
        kustomer.connector.read(kustomer.config, kustomer.catalog("full_refresh", kStreams), last_states(output));
    CHECK(rest.exit_code == 0);
    auto came = distinct(Kustomer::ids(output, "conversations"));
    came.merge(distinct(Kustomer::ids(rest, "conversations")));
    CHECK((came == kustomer.truth("conversation")));
  });
}

TEST_CASE("Kustomer: a total that is capped hides no row of a crowded millisecond") {
  Kustomer kustomer({"--records", "11500", "--tie", "conversation=10800@200", "--total-cap", "10000"});
  kustomer.config["page_size_limit"] = 500;
  const Json catalog = kustomer.catalog("full_refresh", {"conversations"});
  const Output output = kustomer.connector.read(kustomer.config, catalog);
  CHECK(output.exit_code == 0);
  check_whole(kustomer, output, "conversations", "conversation", false);
}

TEST_CASE("Kustomer: a list that is cut is no success, and one whose links lack a word is read") {
  Kustomer kustomer({"--row-limit", "100"});
  const Json catalog = kustomer.catalog("full_refresh", {"tags"});
  const Output cut = kustomer.connector.read(kustomer.config, catalog);
  CHECK(cut.exit_code == 1);
  CHECK(cut.statuses("tags").back() == "INCOMPLETE");
  REQUIRE(cut.errors().size() == 1);
  CHECK(cut.errors()[0].at("message").get<std::string>().find("10,000") != std::string::npos);
  Kustomer odd;
  odd.simulator.set_faults(forever({{"fault", "no_next_key"}}));
  const Output whole = odd.connector.read(odd.config, catalog);
  CHECK(whole.exit_code == 0);
  check_whole(odd, whole, "tags", "tag", false);
}

TEST_CASE("Kustomer: an open search that times out, and an audit log without links, are read to the end") {
  Kustomer kustomer;
  kustomer.simulator.set_faults(
      Json::array({on_search(forever({{"fault", "timed_out"}, {"open", true}})),
                   forever({{"fault", "no_links"}, {"match", {{"path", "/v1/audit-logs"}}}})}));
  const Json catalog = kustomer.catalog("full_refresh", {"conversations", "audit_logs"});
  const Output output = kustomer.connector.read(kustomer.config, catalog);
  CHECK(output.exit_code == 0);
  check_whole(kustomer, output, "conversations", "conversation", false);
}

TEST_CASE("Kustomer: a wrong key is one configuration error, however many streams are read") {
  Kustomer kustomer;
  const Json catalog = kustomer.catalog("incremental", {"conversations", "customers", "notes", "teams", "users"});
  kustomer.config["api_token"] = "another-key";
  const Output output = kustomer.connector.read(kustomer.config, catalog);
  CHECK(output.exit_code == 1);
  REQUIRE(output.errors().size() == 1);
  CHECK(output.errors()[0].at("failure_type") == "config_error");
  CHECK(output.errors()[0].at("message").get<std::string>().find("API Key (api_token)") != std::string::npos);
  for (const auto& configured : catalog.at("streams")) {
    const std::string stream = configured.at("stream").at("name");
    CHECK(output.statuses(stream) == std::vector<std::string>{"STARTED", "INCOMPLETE"});
    CHECK(output.states(stream).empty());
  }
  CHECK(MessageOrder::violation(output).value_or("") == "");
}

TEST_CASE("Kustomer: a role that is missing costs its stream alone") {
  Kustomer kustomer({"--forbidden", "note,teams"});
  const Json catalog = kustomer.catalog("full_refresh", {"conversations", "notes", "teams", "users"});
  const Output output = kustomer.connector.read(kustomer.config, catalog);
  CHECK(output.exit_code == 1);
  for (const char* stream : {"notes", "teams"}) {
    CHECK(output.statuses(stream) == std::vector<std::string>{"STARTED", "INCOMPLETE"});
    CHECK(output.states(stream).empty());
  }
  check_whole(kustomer, output, "conversations", "conversation", false);
  check_whole(kustomer, output, "users", "user", false);
  for (const auto& error : output.errors()) CHECK(error.at("failure_type") == "config_error");
}

}  // namespace engagement::test
