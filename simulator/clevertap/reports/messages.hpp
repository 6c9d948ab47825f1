#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "core/clock.hpp"
#include "simulator/clevertap/reports/list.hpp"

namespace engagement::simulator::clevertap {

// The dashboard's campaigns as /1/message/report.json reports them. Invented: each a pure function of (seed, number),
// spread over the corpus's days.
class Messages {
 public:
  Messages(const Project& project, const Options& options, Clock& clock)
      : project_(project), options_(options), clock_(clock) {}

  // Takes long for more than 14 days, and fails for a very long range. Throws Stopped.
  std::variant<ListAnswer, Failure> report(const nlohmann::json& body, const std::stop_token& stop) const;

  std::vector<nlohmann::ordered_json> truth() const;

 private:
  struct Message {
    Day day{};
    std::string message_type;  // asked for, but not reported
    nlohmann::ordered_json text;
  };
  Message at(std::uint64_t number) const;

  const Project& project_;
  const Options& options_;
  Clock& clock_;
};

}  // namespace engagement::simulator::clevertap
