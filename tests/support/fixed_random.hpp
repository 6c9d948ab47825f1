#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "core/random.hpp"

namespace engagement::test {

// The fractions a test asked for, in turn and over again, so that every jittered wait is known. Thread safe.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double fraction = 0.5) : fractions_{fraction} {}
  // REQUIRES: not empty, each in [0, 1).
  explicit FixedRandom(std::vector<double> fractions) : fractions_(std::move(fractions)) {}

  double fraction() override {
    const std::lock_guard lock(mutex_);
    return fractions_[calls_++ % fractions_.size()];
  }

  std::size_t calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<double> fractions_;
  std::size_t calls_ = 0;
};

}  // namespace engagement::test
