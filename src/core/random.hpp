#pragma once

#include <cstdint>
#include <mutex>
#include <random>

namespace engagement {

// Jitter. An interface so that tests know every wait. Thread safe.
class Random {
 public:
  virtual ~Random() = default;

  // Uniform in [0, 1).
  virtual double fraction() = 0;
};

class RealRandom final : public Random {
 public:
  double fraction() override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_{std::random_device{}()};
};

}  // namespace engagement
