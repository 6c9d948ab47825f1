#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time_text.hpp"
#include "core/time_zone.hpp"

namespace engagement::simulator::clevertap {

struct EventSpec {
  std::string name;
  double weight = 1;  // its share of all records, relative to the others'
};

// What the command line decides; docs/simulator.md describes each.
struct Options {
  std::string account_id = "TEST-ACC-001";
  std::string passcode = "sim-passcode";
  TimeZone time_zone = TimeZone::find("UTC").value();

  std::uint64_t seed = 1;
  std::uint64_t records = 10'000;
  std::uint64_t profiles = 0;  // 0: a fifth of the records
  std::vector<EventSpec> events = {{"App Launched", 40},  {"Product Viewed", 25},     {"Added To Cart", 12},
                                   {"Charged", 10},       {"Order Cancel / Fail", 5}, {"UTM Visited", 8},
                                   {"Café bestellt ☕", 1}};
  std::vector<std::string> refused = {"Notification Sent"};
  std::vector<std::string> never_seen;
  Day first_day{};
  Day last_day{};
  Day today{};
  std::uint64_t record_bytes = 780;
  double duplicates = 0.008;

  bool reject_future_to = false;
  std::uint64_t cursor_reads = 0;           // page reads after which an export's cursors are void; 0: no limit
  std::chrono::milliseconds cursor_life{};  // the same in time
  std::uint64_t concurrency = 3;

  std::uint64_t count_partials = 1;   // `partial` answers to a count, that of the POST included
  std::chrono::seconds count_life{};  // of a req_id; 0: no limit
  std::uint64_t campaigns = 40, messages = 60, content_blocks = 45;
  std::int64_t target_days = 31;  // the longest range of targets/list.json; 0: any
  std::string not_ready;          // the one form of an unfinished campaign's result; empty: each in turn
  std::chrono::milliseconds report_time_per_day{900};  // of a message report over more than 14 days
  std::string missing_profile = "404";   // how a lookup that finds nobody is answered; "empty": without a record
  std::map<std::string, int> forbidden;  // paths that the passcode has no right to, and the HTTP status that says so

  bool gzip = true;
  std::chrono::milliseconds latency{};
  std::uint64_t pool = 0;  // distinct pages of an export; 0: all
  std::uint64_t cache_bytes = std::uint64_t{512} << 20U;
  bool cursor_first = false;
  std::vector<std::string> prerender;  // queries such as "events?batch_size=4991&events=false"
  std::uint64_t prerender_days = 0;    // days in one export of `prerender`; 0: all in one
};

}  // namespace engagement::simulator::clevertap
