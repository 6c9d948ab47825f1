#include "simulator/sprinklr/report_corpus.hpp"

#include <algorithm>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::sprinklr {

namespace {

constexpr std::uint64_t kTimeSalt = 0x7151;
constexpr std::uint64_t kSameMillisecond = 25;  // of the odd numbers one in so many

std::int64_t day_begin(Day day) { return std::chrono::milliseconds(day.time_since_epoch()).count(); }

}  // namespace

ReportCorpus::ReportCorpus(const Options& options)
    : seed_(options.seed),
      records_(options.records),
      begin_(day_begin(options.first_day)),
      span_(static_cast<std::uint64_t>(day_begin(options.last_day + std::chrono::days(1)) - begin_)) {}

std::int64_t ReportCorpus::raw_time(std::uint64_t number) const {
  const std::uint64_t step = span_ / records_;
  const std::uint64_t jitter = step == 0 ? 0 : mix(seed_ ^ kTimeSalt, number) % step;
  return begin_ + static_cast<std::int64_t>(number * span_ / records_ + jitter);
}

std::int64_t ReportCorpus::time(std::uint64_t number) const {
  const bool repeats = number % 2 == 1 && mix(seed_ + kTimeSalt, number) % kSameMillisecond == 0;
  return raw_time(repeats ? number - 1 : number);
}

ReportRow ReportCorpus::row(std::uint64_t report, std::uint64_t number) const {
  return {number, mix(seed_ ^ report, number), time(number)};
}

std::uint64_t ReportCorpus::before(std::int64_t when) const {
  if (records_ == 0 || when <= begin_) return 0;
  const auto past = static_cast<std::uint64_t>(when - begin_);
  if (past >= span_) return records_;
  // past * records_ could be more than 64 bits hold.
  auto number = static_cast<std::uint64_t>(static_cast<double>(past) / static_cast<double>(span_) *
                                           static_cast<double>(records_));
  number = std::min(number, records_);
  while (number > 0 && time(number - 1) >= when) --number;
  while (number < records_ && time(number) < when) ++number;
  return number;
}

void Restatements::add(std::int64_t since) {
  const std::lock_guard lock(mutex_);
  since_.push_back(since);
}

std::vector<std::int64_t> Restatements::all() const {
  const std::lock_guard lock(mutex_);
  return since_;
}

}  // namespace engagement::simulator::sprinklr
