#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "support/connector.hpp"
#include "support/simulator_process.hpp"

namespace engagement::test {

// source-clevertap and a simulator with a small corpus of ten days, all of them long complete.
class Clevertap {
 public:
  static constexpr const char* kDays = "from=20260301&to=20260310";

  // `options` come after the usual ones, and win.
  explicit Clevertap(std::vector<std::string> options = {})
      : simulator(arguments(std::move(options))), connector("clevertap") {
    config = {{"account_id", "TEST-ACC-001"},
              {"passcode", "sim-passcode"},
              {"start_date", 20260301},
              {"end_date", 20260310},
              {"window_days", 5},
              {"batch_size", 46},
              {"retry_seconds", 60},
              {"api_base_url", simulator.url()}};
  }

  // Full refreshes of both exports.
  Json full_catalog() { return connector.catalog(config, "full_refresh", {"events", "profiles"}); }
  // Full refreshes of everything that discover lists.
  Json whole_catalog() { return connector.catalog(config, "full_refresh"); }
  Json catalog(const std::string& mode, const std::string& stream) { return connector.catalog(config, mode, {stream}); }

  // Rows of all events, and people who did any, in the configured days.
  std::size_t rows() const { return simulator.truth(kDays).at("events"); }
  std::size_t people() const { return simulator.truth(kDays).at("distinct_people"); }

  static std::multiset<std::string> events_of(const Output& output) { return output.values("events", "event_id"); }
  static std::multiset<std::string> people_of(const Output& output) { return output.values("profiles", "profile_id"); }

  SimulatorProcess simulator;
  Connector connector;
  Json config;

 private:
  static std::vector<std::string> arguments(std::vector<std::string> options) {
    std::vector<std::string> all = {
        "clevertap",   "--records", "400",        "--profiles", "80",           "--events", "App Launched=5,Charged=3",
        "--first-day", "20260301",  "--last-day", "20260310",   "--duplicates", "0.1"};
    for (std::size_t at = 0; at + 1 < options.size(); at += 2) {
      const auto given = std::find(all.begin(), all.end(), options[at]);
      if (given == all.end()) {
        all.insert(all.end(), {options[at], options[at + 1]});
      } else {
        *(given + 1) = options[at + 1];
      }
    }
    return all;
  }
};

}  // namespace engagement::test
