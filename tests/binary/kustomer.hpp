#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/connector.hpp"
#include "support/simulator_process.hpp"

namespace engagement::test {

// source-kustomer and a simulated organisation of three years: rows in both searches, and a crowd in one millisecond.
class Kustomer {
 public:
  // `options` come after the usual ones, and win.
  explicit Kustomer(std::vector<std::string> options = {})
      : simulator(arguments(std::move(options))), connector("kustomer") {
    config = {{"api_token", "sim-api-token"},   {"start_date", "2019-01-01T00:00:00Z"},
              {"date_window_size", 366},        {"page_size_limit", 50},
              {"searches_per_minute", 0},       {"retry_seconds", 60},
              {"api_base_url", simulator.url()}};
  }

  Json catalog(const std::string& mode, const std::set<std::string>& streams) {
    return connector.catalog(config, mode, streams);
  }

  std::set<std::string> truth(const std::string& kind) const {
    std::set<std::string> ids;
    const auto truth = simulator.truth("stream=" + kind);
    for (const auto& row : truth.at("rows")) ids.insert(row.at("id").get<std::string>());
    return ids;
  }

  static std::multiset<std::string> ids(const Output& output, const std::string& stream) {
    return output.values(stream, "id");
  }

  SimulatorProcess simulator;
  Connector connector;
  Json config;

 private:
  static std::vector<std::string> arguments(std::vector<std::string> options) {
    std::vector<std::string> all = {"kustomer", "--records",
                                    "500",      "--years",
                                    "3",        "--tie",
                                    "130@200",  "--searches-per-minute",
                                    "0",        "--requests-per-minute",
                                    "0",        "--record-bytes",
                                    "1500"};
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
