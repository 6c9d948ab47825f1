#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <numeric>
#include <stop_token>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"

namespace engagement::test {

// Virtual time: a wait takes none, it moves both clocks on by its length and is recorded. Thread safe: waits of several
// threads add up one after the other.
class FakeClock final : public Clock {
 public:
  // 2026-03-01T00:00:00Z, unless the test says otherwise.
  static constexpr SystemTime kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

  explicit FakeClock(SystemTime start = kStart) : now_(start) {}

  SystemTime now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  SteadyTime steady_now() const override {
    const std::lock_guard lock(mutex_);
    return steady_now_;
  }

  // Throws Stopped, without moving the clock, where a stop was requested before; and after it where on_wait() requested
  // one.
  void wait_for(std::chrono::milliseconds duration, const std::stop_token& stop) override {
    if (stop.stop_requested()) throw Stopped();
    std::function<void(std::chrono::milliseconds)> hook;
    {
      const std::lock_guard lock(mutex_);
      waits_.push_back(duration);
      now_ += duration;
      steady_now_ += duration;
      hook = hook_;
    }
    if (hook) hook(duration);
    if (stop.stop_requested()) throw Stopped();
  }

  // Time that passes outside of any wait.
  void advance(std::chrono::milliseconds duration) {
    const std::lock_guard lock(mutex_);
    now_ += duration;
    steady_now_ += duration;
  }

  // Called in every wait, after the clock moved and without its lock: e.g. to request a stop in the middle of a sleep.
  void on_wait(std::function<void(std::chrono::milliseconds)> hook) {
    const std::lock_guard lock(mutex_);
    hook_ = std::move(hook);
  }

  // Every wait so far, in order.
  std::vector<std::chrono::milliseconds> waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }

  std::chrono::milliseconds waited() const {
    const auto all = waits();
    return std::accumulate(all.begin(), all.end(), std::chrono::milliseconds{0});
  }

 private:
  mutable std::mutex mutex_;
  SystemTime now_;
  SteadyTime steady_now_{std::chrono::hours{1}};
  std::vector<std::chrono::milliseconds> waits_;
  std::function<void(std::chrono::milliseconds)> hook_;
};

}  // namespace engagement::test
