#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace engagement::simulator::sheets {

// What the command line decides; docs/simulator-sheets.md describes each.
struct Options {
  std::string spreadsheet_id = "1SimulatedSpreadsheet000000000000000000000000";
  std::string api_key = "sim-api-key";
  bool is_private = false;  // an API key reads it only where anyone with the link may
  bool not_shared = false;  // with the service account
  bool view_only = false;   // the service account may not write
  std::uint64_t reads_per_minute = 60, writes_per_minute = 60;  // of one caller; 0: any number
  std::chrono::seconds token_life{3'600};
  std::chrono::milliseconds latency{};
};

}  // namespace engagement::simulator::sheets
