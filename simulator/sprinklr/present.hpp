#pragma once

#include <chrono>
#include <mutex>
#include <optional>

#include "core/clock.hpp"

namespace engagement::simulator::sprinklr {

inline std::int64_t to_ms(SystemTime time) { return time.time_since_epoch().count(); }

// The time as the vendor's data has it: the clock's, or one that was set. Nothing later is visible. Thread safe.
// Tokens, cursors and limits live by the real clock.
class Present {
 public:
  Present(const Clock& clock, std::optional<SystemTime> fixed) : clock_(clock), fixed_(fixed) {}

  SystemTime now() const {
    const std::lock_guard lock(mutex_);
    return fixed_.value_or(clock_.now());
  }
  void set(std::optional<SystemTime> fixed) {
    const std::lock_guard lock(mutex_);
    fixed_ = fixed;
  }

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<SystemTime> fixed_;
};

}  // namespace engagement::simulator::sprinklr
