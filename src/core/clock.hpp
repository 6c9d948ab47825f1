#pragma once

#include <chrono>
#include <stop_token>

namespace engagement {

using SystemTime = std::chrono::sys_time<std::chrono::milliseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;

// The only source of the time and the only way to sleep. Thread safe. Tests pass a clock whose waits take no time.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual SystemTime now() const = 0;
  virtual SteadyTime steady_now() const = 0;

  // Sleeps for `duration`, or until `stop` is requested, whichever comes first.
  // Throws Stopped when a stop is requested before or during the wait.
  virtual void wait_for(std::chrono::milliseconds duration, const std::stop_token& stop) = 0;
};

// The machine's clock.
class RealClock final : public Clock {
 public:
  SystemTime now() const override;
  SteadyTime steady_now() const override;
  void wait_for(std::chrono::milliseconds duration, const std::stop_token& stop) override;
};

}  // namespace engagement
