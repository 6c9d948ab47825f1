#include "sources/sprinklr/quota.hpp"

#include <algorithm>

#include "rest/rules.hpp"

namespace engagement::sprinklr {

using std::chrono::milliseconds;

Quota::Quota(const Config& config)
    : longest_wait_(config.longest_wait),
      second_(config.requests_per_second, std::chrono::seconds(1)),
      hour_(config.requests_per_hour, std::chrono::hours(1)) {}

milliseconds Quota::delay(const http::Request& /*request*/, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  milliseconds wait = std::max(second_.delay(now), hour_.delay(now));
  if (closed_until_) wait = std::max(wait, std::chrono::ceil<milliseconds>(*closed_until_ - now));
  if (wait.count() > 0) return wait;
  closed_until_.reset();
  second_.take(now);
  hour_.take(now);
  return {};
}

void Quota::learn(const http::Request& /*request*/, const http::Response& response, SystemTime now,
                  SteadyTime steady_now) {
  std::optional<std::chrono::seconds> wait;
  if (response.status == 429 || response.status == 403) {
    wait = rest::retry_after(response, now);
  } else if (response.header("X-RateLimit-Remaining") == "0") {
    wait = rest::until_rate_limit_reset(response, now);
  }
  if (!wait || wait->count() == 0) return;
  const std::lock_guard lock(mutex_);
  const SteadyTime until = steady_now + *wait;
  closed_until_ = std::max(until, closed_until_.value_or(until));
}

}  // namespace engagement::sprinklr
