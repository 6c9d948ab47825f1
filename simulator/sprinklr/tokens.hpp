#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "simulator/sprinklr/options.hpp"

namespace engagement::simulator::sprinklr {

// The one pair of tokens that an API key has (reference 1.3): whoever makes a new one, by whatever grant, ends both
// tokens of the old one at once. There is no grace. Thread safe.
class Tokens {
 public:
  Tokens(const Options& options, const Clock& clock);

  struct Pair {
    std::string access, refresh;
    std::chrono::seconds life{};
  };
  enum class Validity { kValid, kExpired, kUnknown };

  Validity judge(std::string_view access) const;
  // nullopt: it is not the present refresh token.
  std::optional<Pair> refresh(std::string_view refresh_token);
  // A new pair by another grant, or as if by another client of the same key.
  Pair mint();
  void expire_access();

  bool is_present_refresh(std::string_view refresh_token) const;
  bool was_refresh(std::string_view refresh_token) const;
  nlohmann::ordered_json info() const;

 private:
  Pair mint_locked();

  const Options& options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  Pair present_;
  SteadyTime expires_;
  std::uint64_t made_ = 0, refreshes_ = 0, refused_ = 0;
};

}  // namespace engagement::simulator::sprinklr
