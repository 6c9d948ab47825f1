#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "core/clock.hpp"
#include "simulator/common/message.hpp"

namespace engagement::simulator::kustomer {

// So many requests within a window of a minute that starts with a request. Thread safe.
class RateLimit {
 public:
  struct Standing {
    bool allowed = true;
    std::uint64_t limit = 0, remaining = 0;
    SystemTime reset{};  // when the window ends
  };

  // 0: no limit.
  RateLimit(std::uint64_t limit, const Clock& clock) : limit_(limit), clock_(clock) {}

  // Counts a request; nullopt where there is no limit.
  std::optional<Standing> take();

 private:
  const std::uint64_t limit_;
  const Clock& clock_;
  std::mutex mutex_;
  SystemTime window_end_{};
  std::uint64_t taken_ = 0;
};

// x-ratelimit-limit, -remaining and -reset (UTC seconds).
void add_rate_headers(Reply& reply, const RateLimit::Standing& standing);

}  // namespace engagement::simulator::kustomer
