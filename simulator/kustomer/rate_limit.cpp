#include "simulator/kustomer/rate_limit.hpp"

#include <algorithm>
#include <string>

namespace engagement::simulator::kustomer {

std::optional<RateLimit::Standing> RateLimit::take() {
  if (limit_ == 0) return std::nullopt;
  const SystemTime now = clock_.now();
  const std::lock_guard lock(mutex_);
  if (now >= window_end_) {
    window_end_ = now + std::chrono::minutes(1);
    taken_ = 0;
  }
  ++taken_;
  return Standing{taken_ <= limit_, limit_, limit_ - std::min(taken_, limit_), window_end_};
}

void add_rate_headers(Reply& reply, const RateLimit::Standing& standing) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(standing.reset).time_since_epoch().count();
  reply.headers.emplace_back("x-ratelimit-limit", std::to_string(standing.limit));
  reply.headers.emplace_back("x-ratelimit-remaining", std::to_string(standing.remaining));
  reply.headers.emplace_back("x-ratelimit-reset", std::to_string(seconds));
}

}  // namespace engagement::simulator::kustomer
