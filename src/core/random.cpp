#include "core/random.hpp"

namespace engagement {

double RealRandom::fraction() {
  const std::lock_guard lock(mutex_);
  return std::uniform_real_distribution<double>(0.0, 1.0)(engine_);
}

}  // namespace engagement
