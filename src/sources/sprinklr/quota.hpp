#pragma once

#include <mutex>
#include <optional>

#include "rest/pacer.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// The budget of requests of a process: so many a second and an hour, and what Sprinklr says is left
// (X-RateLimit-Remaining and -Reset, Retry-After). https://dev.sprinklr.com/sprinklr-api-rate-limiting
class Quota final : public rest::Pacer {
 public:
  explicit Quota(const Config& config);

  std::chrono::milliseconds delay(const http::Request& request, SteadyTime now) override;
  void learn(const http::Request& request, const http::Response& response, SystemTime now,
             SteadyTime steady_now) override;
  std::chrono::milliseconds longest_wait() const override { return longest_wait_; }

 private:
  const std::chrono::milliseconds longest_wait_;
  std::mutex mutex_;
  rest::RateWindow second_;
  rest::RateWindow hour_;
  std::optional<SteadyTime> closed_until_;
};

}  // namespace engagement::sprinklr
