#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "simulator/common/message.hpp"

namespace engagement::simulator {

// Every request of a vendor's API, for assertions. Thread safe. Secrets are not kept: the caller passes what may be
// seen.
class RequestLog {
 public:
  explicit RequestLog(const Clock& clock) : clock_(clock), started_(clock.steady_now()) {}

  struct Ticket {
    std::uint64_t number = 0;     // what finish() wants
    std::size_t concurrency = 0;  // requests of the same path in flight, this one included
  };
  // `seen` is the entry's start: method, path, query, headers, body. REQUIRES a text "path".
  Ticket begin(nlohmann::ordered_json seen);
  // Adds what is known by now: event, page, status, fault, …
  void note(std::uint64_t number, const nlohmann::ordered_json& known);
  void finish(std::uint64_t number, std::size_t bytes);

  nlohmann::ordered_json list() const;
  // Forgets the requests so far. Those in flight still count as in flight.
  void reset();

 private:
  struct Flight {
    std::string path;
    SteadyTime begun;
  };
  double milliseconds_since(SteadyTime time) const;

  const Clock& clock_;
  const SteadyTime started_;
  mutable std::mutex mutex_;
  std::uint64_t next_ = 0, first_kept_ = 0;
  std::vector<nlohmann::ordered_json> entries_;  // from first_kept_ on
  std::map<std::uint64_t, Flight> in_flight_;
};

}  // namespace engagement::simulator
