#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time_text.hpp"

namespace engagement::simulator::sprinklr {

// What the command line decides; docs/simulator-sprinklr.md describes each.
struct Options {
  std::string environment = "prod";  // any other value is the first segment of every path
  std::string client_id = "sim-key";
  std::string client_secret = "sim-secret";
  std::string redirect_uri = "https://localhost/callback";
  std::string access_token = "sim-access";
  std::string refresh_token = "sim+refresh/0=";
  std::chrono::seconds token_life{2'591'999};
  std::chrono::seconds initial_token_life{2'591'999};
  bool expires_in_text = false;
  bool check_key = true;

  std::uint64_t seed = 1;
  std::uint64_t records = 10'000;  // rows of each report
  std::uint64_t entities = 500;    // cases; the other entities follow from them
  std::uint64_t record_bytes = 1'000;
  Day first_day{};
  Day last_day{};  // calendar days of UTC
  std::optional<SystemTime> now;
  std::vector<std::string> reports;  // "ENGINE/REPORT" besides the catalogue's

  std::uint64_t max_page_size = 1'000;
  std::uint64_t cap = 10'000;  // rows that one window gives in all; 0: no limit
  bool has_more = true;
  bool payload_order = false;
  bool stable_sorts = false;

  std::uint64_t max_search_size = 100;
  bool cursor_urls = false;
  std::uint64_t cursor_reads = 0;  // reads of one cursor; 0: no limit
  std::chrono::milliseconds cursor_life{300'000};
  std::string count_key = "count";

  std::uint64_t per_second = 0;  // 0: no limit
  std::uint64_t per_hour = 0;
  std::vector<std::string> forbidden;
  bool forbidden_400 = false;

  bool gzip = true;
  std::chrono::milliseconds latency{};
  std::uint64_t pool = 0;  // distinct full pages of a report, served in turn; 0: all
  std::uint64_t cache_bytes = std::uint64_t{512} << 20U;
};

}  // namespace engagement::simulator::sprinklr
