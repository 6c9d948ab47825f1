#include "rest/pacer.hpp"

namespace engagement::rest {

void RateWindow::forget(SteadyTime now) {
  while (!taken_.empty() && taken_.front() + period_ <= now) taken_.pop_front();
}

std::chrono::milliseconds RateWindow::delay(SteadyTime now) {
  if (limit_ == 0) return {};
  forget(now);
  if (taken_.size() < limit_) return {};
  const SteadyTime freed = taken_[taken_.size() - limit_] + period_;
  return std::chrono::ceil<std::chrono::milliseconds>(freed - now);
}

void RateWindow::take(SteadyTime now) {
  if (limit_ == 0) return;
  forget(now);
  taken_.push_back(now);
}

}  // namespace engagement::rest
