// Every command of the real executable: its exit code, its output, and what it says of bad input.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

// The one CONNECTION_STATUS of a check, which ended well.
Json connection_status(const Output& output) {
  INFO(output.out << output.err);
  CHECK(output.exit_code == 0);
  CHECK(output.err == "");
  CHECK(output.errors().empty());
  CHECK(protocol_violation_in_output(output.out).value_or("") == "");
  const auto statuses = output.of("CONNECTION_STATUS", "connectionStatus");
  REQUIRE(statuses.size() == 1);
  return statuses.front();
}

// The one error of a command that failed as a whole.
Json only_error(const Output& output) {
  INFO(output.out << output.err);
  CHECK(output.exit_code == 1);
  CHECK(output.err == "");
  CHECK(output.of("CONNECTION_STATUS", "connectionStatus").empty());
  CHECK(protocol_violation_in_output(output.out).value_or("") == "");
  const auto errors = output.errors();
  REQUIRE(errors.size() == 1);
  return errors.front();
}

std::string with(std::string text, const std::string& old_part, const std::string& new_part) {
  return text.replace(text.find(old_part), old_part.size(), new_part);
}

}  // namespace

TEST_CASE("spec prints one SPEC and nothing else") {
  const Output output = Connector("clevertap").run({"spec"});
  CHECK(output.exit_code == 0);
  CHECK(output.err == "");
  REQUIRE(output.lines().size() == 1);
  CHECK(protocol_violation_in_output(output.out).value_or("") == "");
  const Json spec = output.of("SPEC", "spec").at(0);
  CHECK(spec.at("connectionSpecification").at("properties").contains("passcode"));
  CHECK(spec.at("documentationUrl").get<std::string>().starts_with("https://"));
}

TEST_CASE("spec initialises neither libcurl nor TLS, which a check does") {
  Connector connector("clevertap");
  // Whoever initialises OpenSSL opens its configuration, and waits there for somebody to write it.
  const std::string fifo = connector.file("") + ".fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const Process::Environment environment{{"OPENSSL_CONF", fifo}};
  CHECK(connector.run({"spec"}, environment).exit_code == 0);

  const std::string config =
      connector.file(R"({"account_id":"A","passcode":"P","start_date":20260101,"api_base_url":"http://127.0.0.1:9"})");
  const Process check(connector.command({"check", "--config", config}), environment);
  const auto until = std::chrono::steady_clock::now() + Process::patience();
  int writer = -1;
  while ((writer = ::open(fifo.c_str(), O_WRONLY | O_NONBLOCK)) < 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(writer >= 0);  // somebody reads
  ::close(writer);
}

TEST_CASE("A wrong passcode is one configuration error, however many streams are read") {
  Clevertap clevertap;
  const Json catalog =
      clevertap.connector.catalog(clevertap.config, "incremental", {"events", "profiles", "campaigns"});
  REQUIRE(catalog.at("streams").size() == 3);
  clevertap.config["passcode"] = "wrong";
  const Output output = clevertap.connector.read(clevertap.config, catalog);
  const Json error = only_error(output);
  CHECK(error.at("failure_type") == "config_error");
  CHECK(error.at("message").get<std::string>().find("passcode") != std::string::npos);
  for (const char* stream : {"events", "profiles", "campaigns"}) {
    CHECK(error.at("internal_message").get<std::string>().find(stream) != std::string::npos);
    CHECK(output.statuses(stream).back() == "INCOMPLETE");
  }
}

TEST_CASE("A closed stdout is a failure, and no connection takes its place") {
  Clevertap clevertap;
  const auto config = clevertap.connector.file(clevertap.config.dump());
  for (const char* command : {"check", "discover"}) {
    INFO(command);
    auto words = clevertap.connector.command({command, "--config", config});
    words.insert(words.begin(), {"/bin/sh", "-c", R"(exec "$0" "$@" >&-)"});
    Process process(words);
    const Ended ended = process.finish();
    CHECK(ended.exit_code == 1);
    CHECK(ended.err == "");
  }
  CHECK(clevertap.simulator.requests().empty());
}

TEST_CASE("The link's name chooses the source") {
  const std::string link = std::filesystem::path(Connector::executable()).parent_path() / "source-clevertap";
  const Output by_link = Connector::run_command({link, "spec"});
  CHECK(by_link.exit_code == 0);
  CHECK(by_link.out == Connector("clevertap").run({"spec"}).out);
}

TEST_CASE("Help and version go to stdout, usage errors to stderr with exit code 2") {
  for (const char* flag : {"--help", "--version"}) {
    const Output output = Connector::run_command({Connector::executable(), flag});
    CHECK(output.exit_code == 0);
    CHECK(output.err == "");
    CHECK(output.out.size() > 20);
  }
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"--source", "clevertap"}, ""},
      {{"spec"}, "--source"},
      {{"--source", "clevertab", "spec"}, "clevertap"},
      {{"--source", "clevertap", "raed"}, "read"},
      {{"--source", "clevertap", "check"}, "--config"},
      {{"--source", "clevertap", "check", "--confg", "x"}, "--config"},
      {{"--source", "clevertap", "read", "--config", "x"}, "--catalog"}};
  for (const auto& [arguments, word] : wrong) {
    auto command = arguments;
    command.insert(command.begin(), Connector::executable());
    const Output output = Connector::run_command(command);
    INFO(output.err);
    CHECK(output.exit_code == 2);
    CHECK(output.out == "");
    CHECK(output.err.find(word) != std::string::npos);
  }
}

TEST_CASE("discover proves the credentials and lists the streams") {
  Clevertap clevertap;
  const Output output =
      clevertap.connector.run({"discover", "--config", clevertap.connector.file(clevertap.config.dump())});
  CHECK(output.exit_code == 0);
  REQUIRE(output.lines().size() == 1);
  CHECK(protocol_violation_in_output(output.out).value_or("") == "");
  const Json streams = output.of("CATALOG", "catalog").at(0).at("streams");
  REQUIRE(streams.size() == 11);
  CHECK(streams[0].at("name") == "events");
  CHECK(streams[1].at("name") == "profiles");

  clevertap.config["passcode"] = "wrong";
  const Json error =
      only_error(clevertap.connector.run({"discover", "--config", clevertap.connector.file(clevertap.config.dump())}));
  CHECK(error.at("failure_type") == "config_error");
  CHECK(says(error, "Invalid Credentials"));
}

TEST_CASE("A configuration that is no configuration is FAILED for check and a config error for the others") {
  Connector connector("clevertap");
  const std::vector<std::pair<std::string, std::string>> files = {
      {connector.file(""), "empty"},
      {connector.file("{\"account_id\": "), "line 1"},
      {connector.file("[]"), "object"},
      {connector.file("\xff\xfe{}"), ""},
      {connector.file("{}"), "account_id"},
      {"/no/such/file.json", "/no/such/file.json"},
      {std::filesystem::temp_directory_path().string(), "configuration"}};
  const std::string catalog = connector.file(R"({"streams":[]})");
  for (const auto& [file, words] : files) {
    INFO(file);
    const Json status = connection_status(connector.run({"check", "--config", file}));
    CHECK(status.at("status") == "FAILED");
    CHECK(says(status, words));
    for (const Json& error : {only_error(connector.run({"discover", "--config", file})),
                              only_error(connector.run({"read", "--config", file, "--catalog", catalog}))}) {
      CHECK(error.at("failure_type") == "config_error");
      CHECK(says(error, words));
    }
  }
}

TEST_CASE("check proves a good configuration, also one for the older connector") {
  Clevertap clevertap;
  CHECK(connection_status(clevertap.connector.check(clevertap.config)).at("status") == "SUCCEEDED");
  const Json older{{"account_id", "TEST-ACC-001"},
                   {"passcode", "sim-passcode"},
                   {"region", "in1"},
                   {"event_name", "Charged"},
                   {"start_date", 20220101},
                   {"end_date", 20260212},
                   {"api_base_url", clevertap.simulator.url()}};
  CHECK(connection_status(clevertap.connector.check(older)).at("status") == "SUCCEEDED");
}

TEST_CASE("check finds what the user has to mend, and says what would be right") {
  Clevertap clevertap;
  const std::vector<std::pair<Json, std::string>> wrong = {
      {{{"passcode", "wrong-one"}}, "passcode"},
      {{{"account_id", "OTHER"}}, "account id"},
      {{{"region", "us9"}}, "us1"},
      {{{"start_date", 20260231}}, "Start"},
      {{{"end_date", 20260631}}, "End"},
      {{{"end_date", 20260228}}, "before the start"},
      {{{"start_date", 29990101}, {"end_date", nullptr}}, "future"},
      {{{"timezone", "Asia/Kolkatta"}}, "Asia/Kolkata"},
      {{{"event_name", "charged"}}, "\"Charged\""},
      {{{"event_names", {"App Launched", "Chargd"}}}, "\"Charged\""},
      {{{"batch_size", 22}}, "Batch Size"},
      {{{"num_workers", 4}}, "Workers"},
      {{{"lookback_days", -1}}, "Look-back"},
      {{{"window_days", 0}}, "Window"},
      {{{"api_base_url", "http://example.com"}}, "https"}};
  for (const auto& [change, words] : wrong) {
    INFO(change);
    Json config = clevertap.config;
    config.merge_patch(change);
    const Json status = connection_status(clevertap.connector.check(config));
    INFO(status);
    CHECK(status.at("status") == "FAILED");
    CHECK(says(status, words));
  }
}

TEST_CASE("check says SUCCEEDED with a remark where the end lies in the future") {
  Clevertap clevertap;
  clevertap.config["end_date"] = 29991231;
  const Output output = clevertap.connector.check(clevertap.config);
  const Json status = connection_status(output);
  CHECK(status.at("status") == "SUCCEEDED");
  CHECK(says(status, "future"));
  CHECK(output.log_text().find("WARN") != std::string::npos);
}

TEST_CASE("check under passing trouble gives no CONNECTION_STATUS but a transient error and exit code 1") {
  Clevertap clevertap;
  clevertap.config["retry_seconds"] = 1;
  const std::vector<Json> faults = {{{"fault", "status"}, {"status", 503}, {"times", 0}},
                                    {{"fault", "rate429"}, {"times", 0}},
                                    {{"fault", "html_page"}, {"times", 0}},
                                    {{"fault", "reset"}, {"times", 0}},
                                    {{"fault", "garbage"}, {"times", 0}},
                                    {{"fault", "fail200"}, {"times", 0}}};
  for (const auto& fault : faults) {
    INFO(fault);
    clevertap.simulator.set_faults(fault);
    const Json error = only_error(clevertap.connector.check(clevertap.config));
    CHECK(error.at("failure_type") == "transient_error");
    CHECK(says(error, "CleverTap"));
  }
  clevertap.config["api_base_url"] = "http://127.0.0.1:1";
  CHECK(only_error(clevertap.connector.check(clevertap.config)).at("failure_type") == "transient_error");
}

TEST_CASE("check goes on after trouble that passes") {
  Clevertap clevertap;
  clevertap.simulator.set_faults({{"fault", "status"}, {"status", 502}, {"times", 1}});
  CHECK(connection_status(clevertap.connector.check(clevertap.config)).at("status") == "SUCCEEDED");
  CHECK(clevertap.simulator.faults_committed() == 1);
}

TEST_CASE("An invalid catalog is an error, never silence") {
  Clevertap clevertap;
  const std::string config = clevertap.connector.file(clevertap.config.dump());
  const std::string good = clevertap.catalog("full_refresh", "profiles").dump();
  const std::vector<std::string> catalogs = {
      "",
      "{",
      "[]",
      "null",
      "{}",
      R"({"streams":{}})",
      R"({"streams":[{}]})",
      with(good, R"("full_refresh","destination)", R"("INVALID","destination)"),
      R"({"streams":[{"stream":{"name":"__AIRBYTE__stream_that_does_not_exist","json_schema":{},"supported_sync_modes":)"
      R"(["full_refresh"]},"sync_mode":"INVALID","destination_sync_mode":"INVALID"}]})"};
  for (const std::string& catalog : catalogs) {
    INFO(catalog.substr(0, 200));
    const Json error = only_error(
        clevertap.connector.run({"read", "--config", config, "--catalog", clevertap.connector.file(catalog)}));
    CHECK(error.at("failure_type") == "config_error");
    CHECK(says(error, "catalog"));
  }
  CHECK(says(only_error(clevertap.connector.run({"read", "--config", config, "--catalog", "/no/such/catalog"})),
             "/no/such/catalog"));
}

TEST_CASE("A stream that does not exist costs the others nothing") {
  Clevertap clevertap;
  Json catalog = clevertap.full_catalog();
  Json unknown = catalog.at("streams").at(0);
  unknown["stream"]["name"] = "funnels";
  catalog["streams"].insert(catalog["streams"].begin(), unknown);
  const Output output = clevertap.connector.read(clevertap.config, catalog);
  const Json error = only_error(output);
  CHECK(error.at("failure_type") == "config_error");
  CHECK(error.at("stream_descriptor").at("name") == "funnels");
  CHECK(MessageOrder::violation(output).value_or("") == "");
  CHECK(output.statuses("funnels") == std::vector<std::string>{"STARTED", "INCOMPLETE"});
  CHECK(output.statuses("events").back() == "COMPLETE");
  CHECK(Clevertap::people_of(output).size() == clevertap.people());
}

TEST_CASE("An absent, empty or null state is none, and one that is not ours is a config error before any record") {
  Clevertap clevertap;
  const Json catalog = clevertap.catalog("incremental", "profiles");
  const std::string none = R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"profiles"},"stream_state":)";
  for (const std::string& text : {std::string(), std::string("null"), std::string("{}"), std::string("[]"),
                                  std::string("[null]"), none + "{}}}]", none + "null}}]"}) {
    INFO(text);
    auto command = clevertap.connector.read_command(clevertap.config, catalog);
    command.insert(command.end(), {"--state", clevertap.connector.file(text)});
    const Output output = Connector::run_command(command);
    CHECK(output.exit_code == 0);
    CHECK(Clevertap::people_of(output).size() == clevertap.people());
  }
  for (const std::string& text : {std::string("7"), std::string("{\"profiles\":"), none + "{\"version\":2}}}]",
                                  none + R"({"version":1,"sync_mode":"incremental"}}}])",
                                  none + R"({"version":1,"sync_mode":"incremental","start_date":"2026-03-01",)"
                                         R"("events":{"Charged":20260301}}}}])"}) {
    INFO(text);
    auto command = clevertap.connector.read_command(clevertap.config, catalog);
    command.insert(command.end(), {"--state", clevertap.connector.file(text)});
    const Output output = Connector::run_command(command);
    const Json error = only_error(output);
    CHECK(error.at("failure_type") == "config_error");
    CHECK((says(error, "eset") || says(error, "start anew")));
    CHECK(output.records("profiles") == 0);
  }
}

TEST_CASE("A state file that does not exist is no state, with a warning") {
  Clevertap clevertap;
  auto command = clevertap.connector.read_command(clevertap.config, clevertap.catalog("incremental", "profiles"));
  command.insert(command.end(), {"--state", "/no/such/state.json"});
  const Output output = Connector::run_command(command);
  CHECK(output.exit_code == 0);
  CHECK(output.records("profiles") == clevertap.people());
  CHECK(output.log_text().find("/no/such/state.json") != std::string::npos);
}

TEST_CASE("Names with a namespace, members that are null and unknown members are taken as they come") {
  Clevertap clevertap;
  Json catalog = clevertap.catalog("incremental", "profiles");
  auto& configured = catalog["streams"][0];
  configured["stream"]["namespace"] = "Shop \"A\"";
  for (const char* name : {"generation_id", "minimum_generation_id", "sync_id", "cursor_field", "include_files"}) {
    configured[name] = nullptr;
  }
  configured["unheard_of"] = 1;
  catalog["unheard_of"] = Json::array();
  const Output output = clevertap.connector.read(clevertap.config, catalog);
  REQUIRE(output.exit_code == 0);
  CHECK(protocol_violation_in_output(output.out).value_or("") == "");
  for (const auto& record : output.of("RECORD", "record")) CHECK(record.at("namespace") == "Shop \"A\"");
  for (const auto& state : output.states("profiles")) {
    CHECK(state.at("stream").at("stream_descriptor").at("namespace") == "Shop \"A\"");
  }
}

}  // namespace engagement::test
