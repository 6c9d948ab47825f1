#include "simulator/common/request_log.hpp"

#include <algorithm>
#include <cmath>

namespace engagement::simulator {

RequestLog::Ticket RequestLog::begin(nlohmann::ordered_json seen) {
  const SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  const std::string path = seen.at("path").get<std::string>();
  Ticket ticket;
  ticket.number = next_++;
  in_flight_.emplace(ticket.number, Flight{path, now});
  ticket.concurrency = static_cast<std::size_t>(std::count_if(
      in_flight_.begin(), in_flight_.end(), [&path](const auto& flight) { return flight.second.path == path; }));
  seen["number"] = ticket.number;
  seen["arrived_ms"] = milliseconds_since(started_);
  seen["concurrency"] = ticket.concurrency;
  seen["in_flight_ms"] = nullptr;
  entries_.push_back(std::move(seen));
  return ticket;
}

void RequestLog::note(std::uint64_t number, const nlohmann::ordered_json& known) {
  const std::lock_guard lock(mutex_);
  if (number >= first_kept_) entries_.at(number - first_kept_).update(known);
}

void RequestLog::finish(std::uint64_t number, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto flight = in_flight_.find(number);
  if (flight == in_flight_.end()) return;
  if (number >= first_kept_) {
    nlohmann::ordered_json& entry = entries_.at(number - first_kept_);
    entry["bytes"] = bytes;
    entry["in_flight_ms"] = milliseconds_since(flight->second.begun);
  }
  in_flight_.erase(flight);
}

nlohmann::ordered_json RequestLog::list() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

void RequestLog::reset() {
  const std::lock_guard lock(mutex_);
  first_kept_ = next_;
  entries_.clear();
}

double RequestLog::milliseconds_since(SteadyTime time) const {
  const std::chrono::duration<double, std::milli> past = clock_.steady_now() - time;
  return std::round(past.count() * 1000) / 1000;
}

}  // namespace engagement::simulator
