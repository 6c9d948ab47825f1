#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "simulator/kustomer/kind.hpp"

namespace engagement::simulator::kustomer {

// A bulk import: so many rows with one updatedAt, so many days ago.
struct Tie {
  std::uint64_t rows = 0;
  std::uint64_t days_ago = 30;
};

// What the command line decides; docs/simulator-kustomer.md describes each.
struct Options {
  std::string api_token = "sim-api-token";
  std::string org = "simulated";
  bool expired = false;
  std::vector<std::string> forbidden;  // search contexts and paths of lists

  std::uint64_t seed = 1;
  std::uint64_t records = 10'000;        // conversations
  std::map<Kind, std::uint64_t> counts;  // of kinds that do not follow `records`
  std::map<Kind, Tie> ties;
  SystemTime first{};                   // the oldest updatedAt
  SystemTime last{};                    // the newest, and the present where `now` is fixed
  std::optional<SystemTime> fixed_now;  // nullopt: the clock's
  std::uint64_t record_bytes = 5'000;

  std::uint64_t row_limit = 10'000;
  std::uint64_t total_cap = 0;  // a search counts no further; 0: it counts all
  std::uint64_t page_limit = 100;
  bool stable_ties = false;
  std::chrono::milliseconds index_lag{};
  std::chrono::hours archive_overlap{};
  std::uint64_t live_every = 0;  // searches between changes; 0: nothing changes by itself
  std::uint64_t live_moves = 3, live_inserts = 1;

  std::uint64_t searches_per_minute = 100, requests_per_minute = 1'000;  // 0: no limit
  bool omit_last_links = false;

  bool gzip = true;
  std::chrono::milliseconds latency{};
  std::uint64_t cache_bytes = std::uint64_t{512} << 20U;
  std::vector<Kind> prerender;
};

}  // namespace engagement::simulator::kustomer
