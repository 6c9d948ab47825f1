#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>

#include "http/message.hpp"

namespace engagement::rest {

// Decides when the next request of an account may be sent. One for all streams of a process. Thread safe.
class Pacer {
 public:
  virtual ~Pacer() = default;

  // Zero: send `request` now, its place is taken. Otherwise ask again after so long.
  virtual std::chrono::milliseconds delay(const http::Request& request, SteadyTime now) = 0;
  // Every answer's status and headers, for vendors who say what is left of a quota.
  virtual void learn(const http::Request& request, const http::Response& response, SystemTime now,
                     SteadyTime steady_now) = 0;
  // A quota that comes back later than this is not waited for: the sync ends with a transient error. Nor is one request
  // held back for longer in all.
  virtual std::chrono::milliseconds longest_wait() const = 0;
};

// At most so many requests within any stretch of `period`; 0: no limit. Not thread safe: its pacer locks.
class RateWindow {
 public:
  RateWindow(std::size_t limit, std::chrono::milliseconds period) : limit_(limit), period_(period) {}

  std::size_t limit() const { return limit_; }
  void set_limit(std::size_t limit) { limit_ = limit; }
  // How long until one more fits; zero: now.
  std::chrono::milliseconds delay(SteadyTime now);
  void take(SteadyTime now);

 private:
  void forget(SteadyTime now);

  std::size_t limit_;
  std::chrono::milliseconds period_;
  std::deque<SteadyTime> taken_;  // within the last period
};

}  // namespace engagement::rest
