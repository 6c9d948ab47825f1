#include "core/clock.hpp"

#include <condition_variable>
#include <mutex>

#include "core/error.hpp"

namespace engagement {

SystemTime RealClock::now() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime RealClock::steady_now() const { return std::chrono::steady_clock::now(); }

void RealClock::wait_for(std::chrono::milliseconds duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, duration, [] { return false; });
  if (stop.stop_requested()) throw Stopped();
}

}  // namespace engagement
