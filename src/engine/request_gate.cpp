#include "engine/request_gate.hpp"

#include "core/error.hpp"

namespace engagement::engine {

RequestGate::Pass RequestGate::enter(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!freed_.wait(lock, stop, [this] { return in_flight_ < limit_; })) throw Stopped();
  ++in_flight_;
  return Pass(*this);
}

void RequestGate::leave() {
  {
    const std::lock_guard lock(mutex_);
    --in_flight_;
  }
  freed_.notify_all();
}

void RequestGate::too_many() {
  const std::lock_guard lock(mutex_);
  if (limit_ > 1) --limit_;
  good_answers_ = 0;
}

void RequestGate::went_well() {
  const std::lock_guard lock(mutex_);
  if (limit_ == most_ || ++good_answers_ < kGrowAfter) return;
  good_answers_ = 0;
  ++limit_;
  freed_.notify_all();
}

std::size_t RequestGate::limit() const {
  const std::lock_guard lock(mutex_);
  return limit_;
}

}  // namespace engagement::engine
