#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/connector.hpp"
#include "support/has.hpp"
#include "support/simulator_process.hpp"

namespace engagement::test {

// source-sprinklr and a simulator with a small corpus of six days, all of them long complete.
class Sprinklr {
 public:
  // `options` come after the usual ones, and win.
  explicit Sprinklr(std::vector<std::string> options = {})
      : simulator(arguments(std::move(options))), connector("sprinklr") {
    config = {{"credentials",
               {{"auth_type", "refresh_token"},
                {"client_id", "sim-key"},
                {"client_secret", "sim-secret"},
                {"redirect_uri", "https://localhost/callback"},
                {"refresh_token", "sim+refresh/0="},
                {"access_token", "sim-access"}}},
              {"start_date", "2026-03-02"},
              {"end_date", "2026-03-07"},
              {"reports", {{{"name", "responses"}, {"payload", payload().dump()}}}},
              {"page_size", 20},
              {"lookback_days", 1},
              {"requests_per_second", 0},
              {"requests_per_hour", 0},
              {"retry_seconds", 60},
              {"api_base_url", simulator.url()}};
  }

  // One row for each message, in order of time.
  static Json payload() {
    return {{"reportingEngine", "PLATFORM"},
            {"report", "POST_RESPONSE_TIME"},
            {"timeZone", "UTC"},
            {"groupBys",
             {{{"heading", "UNIFIED_MESSAGE_ID_1"}, {"dimensionName", "UNIFIED_MESSAGE_ID"}, {"groupType", "FIELD"}},
              {{"heading", "MESSAGE_SN_CREATED_TIME_2"},
               {"dimensionName", "MESSAGE_SN_CREATED_TIME"},
               {"groupType", "FIELD"},
               {"details", {{"isDateTypeDimension", true}, {"interval", "1h"}}}}}},
            {"projections",
             {{{"heading", "M_TIME_0"}, {"measurementName", "MESSAGE_RESPONSE_TIME"}, {"aggregateFunction", "SUM"}}}},
            {"sorts", {{{"heading", "MESSAGE_SN_CREATED_TIME_2"}, {"order", "ASC"}}}}};
  }
  Json& report() { return config["reports"][0]; }
  Json& credentials() { return config["credentials"]; }

  Json catalog(const std::string& mode = "incremental", const std::set<std::string>& streams = {"responses"}) {
    return connector.catalog(config, mode, streams);
  }
  Output read(const Json& catalog, const std::optional<Json>& state = std::nullopt) {
    return connector.read(config, catalog, state);
  }

  std::size_t rows() const { return simulator.truth("report=R&from=20260302&to=20260307").at("events"); }
  std::size_t cases() const {
    return simulator.truth("stream=CASE&key=modifiedTime&from=20260302&to=20260307").at("distinct_keys");
  }
  static std::multiset<std::string> rows_of(const Output& output) { return output.values("responses", "row_id"); }

  // The requests for tokens that the simulator has seen.
  std::size_t token_requests() const {
    std::size_t count = 0;
    for (const auto& request : simulator.requests()) count += request.at("step") == "token" ? 1 : 0;
    return count;
  }

  SimulatorProcess simulator;
  Connector connector;
  Json config;

 private:
  static std::vector<std::string> arguments(std::vector<std::string> options) {
    std::vector<std::string> all = {"sprinklr", "--records",  "360",      "--entities", "60",      "--first-day",
                                    "20260302", "--last-day", "20260307", "--now",      "20260310"};
    for (std::size_t at = 0; at < options.size(); ++at) {
      const auto given = std::find(all.begin(), all.end(), options[at]);
      const bool has_value = at + 1 < options.size() && !options[at + 1].starts_with("--");
      if (given == all.end()) {
        all.push_back(options[at]);
        if (has_value) all.push_back(options[++at]);
      } else {
        *(given + 1) = options[++at];
      }
    }
    return all;
  }
};

}  // namespace engagement::test
