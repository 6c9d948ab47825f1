#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "simulator/sprinklr/options.hpp"

namespace engagement::simulator::sprinklr {

// One event that reports count: a post, a message, a case's step.
struct ReportRow {
  std::uint64_t number = 0;  // in order of time, from 0
  std::uint64_t key = 0;     // decides every invented value
  std::int64_t time = 0;     // epoch ms
};

// The events behind every report: a pure function of (seed, report, number), so any number of them costs no memory.
// Times never decrease with the number; one event in fifty or so has the very millisecond of the one before. Immutable
// and thread safe.
class ReportCorpus {
 public:
  explicit ReportCorpus(const Options& options);

  std::uint64_t records() const { return records_; }
  ReportRow row(std::uint64_t report, std::uint64_t number) const;
  // The events before `time`. REQUIRES nothing; outside of the days it is 0 or all.
  std::uint64_t before(std::int64_t time) const;

 private:
  std::int64_t raw_time(std::uint64_t number) const;
  std::int64_t time(std::uint64_t number) const;

  std::uint64_t seed_, records_;
  std::int64_t begin_;
  std::uint64_t span_;
};

// What was restated: from some time on, events have larger metrics. Thread safe.
class Restatements {
 public:
  // Events from `since` (epoch ms) on are restated once more.
  void add(std::int64_t since);
  std::vector<std::int64_t> all() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::int64_t> since_;
};

}  // namespace engagement::simulator::sprinklr
