#pragma once

#include <mutex>

#include "rest/pacer.hpp"
#include "sources/kustomer/config.hpp"

namespace engagement::kustomer {

// Keeps the requests of a process within what Kustomer allows
// (https://developer.kustomer.com/docs/concepts/rate-limits): searches of an API key a minute, and a share of the
// organisation's requests a minute, which its agents and other keys use too. Thread safe.
class RequestPacer final : public rest::Pacer {
 public:
  explicit RequestPacer(const Config& config);

  std::chrono::milliseconds delay(const http::Request& request, SteadyTime now) override;
  void learn(const http::Request& request, const http::Response& response, SystemTime now,
             SteadyTime steady_now) override;
  std::chrono::milliseconds longest_wait() const override { return std::chrono::minutes(15); }

 private:
  std::mutex mutex_;
  rest::RateWindow searches_;
  rest::RateWindow all_{0, kPeriod};  // until an answer names the organisation's limit
  int share_;                         // percent
  SteadyTime searches_held_until_{};
  SteadyTime all_held_until_{};

  // A second more than the vendor's minute: requests do not take equally long to arrive.
  static constexpr std::chrono::milliseconds kPeriod = std::chrono::seconds(61);
};

}  // namespace engagement::kustomer
