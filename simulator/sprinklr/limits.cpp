#include "simulator/sprinklr/limits.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/time_text.hpp"

namespace engagement::simulator::sprinklr {

Limits::Standing Limits::count() {
  using std::chrono::hours;
  using std::chrono::seconds;
  Standing standing;
  if (options_.per_second == 0 && options_.per_hour == 0) return standing;
  const SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  while (!last_second_.empty() && now - last_second_.front() >= seconds(1)) last_second_.pop_front();
  if (!hour_begun_ || now - *hour_begun_ >= hours(1)) {
    hour_begun_ = now;
    in_hour_ = 0;
  }
  const bool hour_is_full = options_.per_hour != 0 && in_hour_ >= options_.per_hour;
  const bool second_is_full = options_.per_second != 0 && last_second_.size() >= options_.per_second;
  standing.exceeded = hour_is_full || second_is_full;
  standing.by_second = !hour_is_full && (second_is_full || options_.per_hour == 0);
  standing.limit = standing.by_second ? options_.per_second : options_.per_hour;
  standing.wait = standing.by_second ? seconds(1) : std::chrono::ceil<seconds>(*hour_begun_ + hours(1) - now);
  if (!standing.exceeded) {
    last_second_.push_back(now);
    ++in_hour_;
  }
  const std::uint64_t used = standing.by_second ? last_second_.size() : in_hour_;
  const auto reset = std::chrono::ceil<seconds>(clock_.now() + standing.wait).time_since_epoch().count();
  standing.headers = {{"X-RateLimit-Limit", std::to_string(standing.limit)},
                      {"X-RateLimit-Remaining", std::to_string(standing.limit - std::min(used, standing.limit))},
                      {"X-RateLimit-Reset", std::to_string(reset)}};
  if (standing.exceeded) standing.headers.emplace_back("Retry-After", std::to_string(standing.wait.count()));
  return standing;
}

Reply too_many(const Limits::Standing& standing, SystemTime now) {
  Reply reply;
  reply.status = 429;
  reply.headers = standing.headers;
  const nlohmann::ordered_json details = {{"limit", standing.limit},
                                          {"window", standing.by_second ? "1 second" : "1 hour"},
                                          {"resetAt", to_rfc3339(now + standing.wait)}};
  const nlohmann::ordered_json error = {
      {"code", "RATE_LIMIT_EXCEEDED"},
      {"message", "Rate limit exceeded. You have made too many requests in the current time window."},
      {"details", details}};
  reply.set_text(nlohmann::ordered_json{{"success", false}, {"errors", nlohmann::ordered_json::array({error})}}.dump());
  return reply;
}

}  // namespace engagement::simulator::sprinklr
