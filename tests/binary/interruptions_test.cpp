// Kills, signals, and readers that are slow, dead or gone.

#include <algorithm>
#include <csignal>
#include <random>

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"
#include "support/sanitized.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

constexpr Process::Seconds kStopLimit{5};  // what the contract gives a stop
constexpr Process::Seconds kLoaded{10};    // for a machine that does other things too

bool has_record(const std::string& out) { return out.find(R"({"type":"RECORD")") != std::string::npos; }

// What came before the kill, as a platform reads it: whole lines.
Output until_killed(Clevertap& clevertap, const Json& catalog, const Json& state, std::size_t bytes) {
  Process process(clevertap.connector.read_command(clevertap.config, catalog, state));
  process.read_bytes(bytes);
  process.send_signal(SIGKILL);
  Output output = Connector::finish(process);
  output.out.resize(output.out.rfind('\n') + 1);
  return output;
}

// Many tiny lines would be one write; a slow server spreads a read over enough time to be interrupted.
Clevertap slow_clevertap() { return Clevertap({"--latency-ms", "40", "--records", "2000"}); }

}  // namespace

TEST_CASE("Killed at random bytes and resumed from the last state, every row arrives, once by key") {
  std::mt19937 random(20260301);
  Clevertap clevertap({"--records", "1500", "--profiles", "300", "--latency-ms", "2"});
  clevertap.config["window_days"] = 2;
  for (const char* mode : {"full_refresh", "incremental"}) {
    const Json catalog = clevertap.connector.catalog(clevertap.config, mode);
    for (int round = 0; round < 3; ++round) {
      INFO(mode << " " << round);
      std::set<std::string> events, people;
      Json states = Json::array();
      const auto take = [&](const Output& output) {
        events.merge(distinct(Clevertap::events_of(output)));
        people.merge(distinct(Clevertap::people_of(output)));
        states = last_states(output, std::move(states));
        CHECK(protocol_violation_in_output(output.out).value_or("") == "");
      };
      for (int kill = 0; kill < 2; ++kill) {
        take(until_killed(clevertap, catalog, states, std::uniform_int_distribution<std::size_t>(1, 900'000)(random)));
      }
      const Output last = clevertap.connector.read(clevertap.config, catalog, states);
      CHECK(last.exit_code == 0);
      take(last);
      CHECK(events.size() == clevertap.rows());
      CHECK(people.size() == clevertap.people());
    }
  }
}

TEST_CASE("SIGTERM and SIGINT end a read in time, with whole lines, INCOMPLETE and no error") {
  Clevertap clevertap = slow_clevertap();
  const Json catalog = clevertap.full_catalog();
  for (const int signal : {SIGTERM, SIGINT}) {
    INFO(signal);
    Process process(clevertap.connector.read_command(clevertap.config, catalog));
    REQUIRE(process.read_until(has_record));
    process.send_signal(signal);
    const Output output = Connector::finish(process, kStopLimit + kLoaded);
    CHECK(output.signal == signal);
    CHECK(output.err == "");
    CHECK(output.out.back() == '\n');
    CHECK(protocol_violation_in_output(output.out).value_or("") == "");
    CHECK(MessageOrder::violation(output).value_or("") == "");
    CHECK(output.errors().empty());
    CHECK(output.statuses("events").back() == "INCOMPLETE");
    // The states that it left are good to go on from.
    const Output rest = clevertap.connector.read(clevertap.config, catalog, last_states(output));
    auto all = distinct(Clevertap::events_of(output));
    all.merge(distinct(Clevertap::events_of(rest)));
    CHECK(all.size() == clevertap.rows());
  }
}

TEST_CASE("SIGTERM ends a read in time, with whole lines and INCOMPLETE, also when its reader is slow") {
  Clevertap clevertap({"--records", "20000"});
  clevertap.config["num_workers"] = 3;
  Process process(clevertap.connector.read_command(clevertap.config, clevertap.full_catalog()));
  REQUIRE(process.read_until(has_record));
  process.send_signal(SIGTERM);
  // Two megabytes a second: the pages at hand would take longer than the stop may.
  const Output output{process.finish(kStopLimit + kLoaded, std::chrono::milliseconds(30))};
  CHECK(output.signal == SIGTERM);
  CHECK(output.out.back() == '\n');
  CHECK(MessageOrder::violation(output).value_or("") == "");
  CHECK(output.statuses("events").back() == "INCOMPLETE");
}

TEST_CASE("A signal cuts a long wait and a transfer that stalls") {
  Clevertap clevertap;
  const Json catalog = clevertap.catalog("full_refresh", "events");
  clevertap.config["retry_seconds"] = 3600;
  for (const Json& fault : {Json{{"fault", "rate429"}, {"retry_after", 600}, {"times", 0}},
                            Json{{"fault", "stall"}, {"seconds", 600.0}, {"times", 0}},
                            Json{{"fault", "stall"}, {"seconds", 600.0}, {"at", "body"}, {"times", 0}}}) {
    INFO(fault);
    clevertap.simulator.set_faults(fault);
    Process process(clevertap.connector.read_command(clevertap.config, catalog));
    REQUIRE(process.read_until([](const std::string& out) { return out.find("STARTED") != std::string::npos; }));
    process.send_signal(SIGTERM);
    const Output output = Connector::finish(process, kStopLimit + kLoaded);
    CHECK(output.signal == SIGTERM);
    CHECK(output.statuses("events").back() == "INCOMPLETE");
    CHECK(output.errors().empty());
  }
}

TEST_CASE("A reader that goes away while the vendor is silent ends the read quietly") {
  Clevertap clevertap;
  const Json catalog = clevertap.catalog("full_refresh", "events");
  clevertap.simulator.set_faults({{"fault", "stall"}, {"seconds", 600.0}, {"times", 0}});
  Process process(clevertap.connector.read_command(clevertap.config, catalog));
  REQUIRE(process.read_until([](const std::string& out) { return out.find("STARTED") != std::string::npos; }));
  process.close_stdout();
  const Output output = Connector::finish(process, kStopLimit + kLoaded);
  CHECK(output.exit_code == 1);
  CHECK(output.err == "");
}

TEST_CASE("SIGTERM ends a read whose output nobody reads") {
  Clevertap clevertap({"--records", "3000"});
  Process process(clevertap.connector.read_command(clevertap.config, clevertap.catalog("full_refresh", "events")));
  REQUIRE(process.read_until(has_record));
  // More than the pipe holds is still to come, so the connector stands in write().
  CHECK_FALSE(process.ends_unread(Process::Seconds(1)));
  process.send_signal(SIGTERM);
  REQUIRE(process.ends_unread(kStopLimit + kLoaded));
  CHECK(Connector::finish(process).signal == SIGTERM);
}

TEST_CASE("SIGTERM during a check that waits leaves no status and no error") {
  Clevertap clevertap;
  clevertap.simulator.set_faults({{"fault", "stall"}, {"seconds", 600.0}, {"times", 0}});
  clevertap.simulator.forget_requests();
  Process process(
      clevertap.connector.command({"check", "--config", clevertap.connector.file(clevertap.config.dump())}));
  while (clevertap.simulator.requests().empty()) CHECK_FALSE(process.ends_unread(Process::Seconds(0)));
  process.send_signal(SIGTERM);
  const Output output = Connector::finish(process, kStopLimit + kLoaded);
  CHECK(output.signal == SIGTERM);
  CHECK(output.out == "");
  CHECK(output.err == "");
}

TEST_CASE("A closed stdout ends a read quietly with exit code 1") {
  Clevertap clevertap = slow_clevertap();
  for (const bool after_a_record : {true, false}) {
    Process process(clevertap.connector.read_command(clevertap.config, clevertap.full_catalog()));
    if (after_a_record) REQUIRE(process.read_until(has_record));
    process.close_stdout();
    const Output output = Connector::finish(process, kLoaded);
    CHECK(output.exit_code == 1);
    CHECK(output.err == "");
  }
}

TEST_CASE("A stdout that cannot take the output is an error, not a crash") {
  Clevertap clevertap;
  for (const char* command : {"spec", "check", "discover", "read"}) {
    INFO(command);
    auto words = clevertap.connector.read_command(clevertap.config, clevertap.full_catalog());
    if (std::string_view(command) != "read") words = clevertap.connector.command({command, words[4], words[5]});
    if (std::string_view(command) == "spec") words = clevertap.connector.command({command});
    std::string line = "exec";
    for (const auto& word : words) line += " '" + word + "'";
    const Output output = Connector::run_command({"/bin/sh", "-c", line + " >/dev/full"});
    CHECK(output.signal == 0);
    CHECK(output.exit_code == 1);
  }
}

TEST_CASE("stderr stays empty where it is no terminal, also with --debug") {
  Clevertap clevertap;
  auto command = clevertap.connector.read_command(clevertap.config, clevertap.full_catalog());
  command.push_back("--debug");
  const Output output = Connector::run_command(command, {{"LOG_LEVEL", "debug"}, {"TERM", "xterm"}});
  CHECK(output.exit_code == 0);
  CHECK(output.err == "");
  CHECK(output.log_text().find("DEBUG") != std::string::npos);
  CHECK(protocol_violation_in_output(output.out).value_or("") == "");
}

namespace {

struct Measured {
  std::size_t records = 0;
  std::size_t peak_kb = 0;
};

// `pause`: how long the reader sleeps before each of its small reads.
Measured measure(const std::string& records, std::chrono::milliseconds pause) {
  Clevertap clevertap({"--records", records, "--pool", "4"});
  clevertap.config["batch_size"] = 460;
  clevertap.config["window_days"] = 366;
  Process process(clevertap.connector.read_command(clevertap.config, clevertap.catalog("full_refresh", "events")));
  Measured measured;
  const auto is_over = [](const std::string& out) {
    return out.find("COMPLETE", out.size() - std::min<std::size_t>(out.size(), 400)) != std::string::npos;
  };
  while (process.read_bytes(256 * 1024) && !is_over(process.out())) {
    measured.peak_kb = std::max(measured.peak_kb, process.peak_memory_kb());
    if (pause.count() > 0) ::poll(nullptr, 0, static_cast<int>(pause.count()));
  }
  const Output output = Connector::finish(process);
  CHECK(output.exit_code == 0);
  measured.records = output.records("events");
  return measured;
}

}  // namespace

TEST_CASE("Ten times the records take no more memory, nor does a slow reader") {
  if (sanitized_executable() != nullptr) {
    SUCCEED("left out: a sanitizer has a memory of its own");
    return;
  }
  const Measured small = measure("3000", std::chrono::milliseconds(0));
  const Measured large = measure("30000", std::chrono::milliseconds(0));
  const Measured slow = measure("10000", std::chrono::milliseconds(20));
  CHECK(small.records == 3000);
  CHECK(large.records == 30000);
  REQUIRE(small.peak_kb > 0);
  constexpr std::size_t kNoiseKb = 4096;
  CHECK(large.peak_kb < small.peak_kb + kNoiseKb);
  CHECK(slow.peak_kb < small.peak_kb + kNoiseKb);
}

}  // namespace engagement::test
