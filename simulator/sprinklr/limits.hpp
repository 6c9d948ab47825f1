#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "core/clock.hpp"
#include "simulator/common/message.hpp"
#include "simulator/sprinklr/options.hpp"

namespace engagement::simulator::sprinklr {

// The two limits of an API key (reference section 4): requests in any second, and in an hour that begins with the
// first. Thread safe.
class Limits {
 public:
  Limits(const Options& options, const Clock& clock) : options_(options), clock_(clock) {}

  struct Standing {
    bool exceeded = false;
    Headers headers;  // X-RateLimit-*, and Retry-After where exceeded; none where there is no limit
    std::uint64_t limit = 0;
    bool by_second = false;
    std::chrono::seconds wait{};
  };
  // Counts one request, unless it is one too many.
  Standing count();

 private:
  const Options& options_;
  const Clock& clock_;
  std::mutex mutex_;
  std::deque<SteadyTime> last_second_;
  std::optional<SteadyTime> hour_begun_;
  std::uint64_t in_hour_ = 0;
};

// The 429 that answers a request too many.
Reply too_many(const Limits::Standing& standing, SystemTime now);

}  // namespace engagement::simulator::sprinklr
