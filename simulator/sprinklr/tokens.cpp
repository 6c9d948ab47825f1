#include "simulator/sprinklr/tokens.hpp"

#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"

namespace engagement::simulator::sprinklr {

namespace {

std::string refresh_text(std::uint64_t seed, std::uint64_t number) {
  // With all three of the characters that a careless encoding spoils.
  std::string text = "sim+refresh/";
  put(text, number, '+');
  put_hex(text, mix(seed, number), 12);
  return text += '=';
}

std::string access_text(std::uint64_t seed, std::uint64_t number) {
  std::string text = "sim-access-";
  put(text, number, '-');
  put_hex(text, mix(seed + 1, number), 12);
  return text;
}

}  // namespace

Tokens::Tokens(const Options& options, const Clock& clock)
    : options_(options),
      clock_(clock),
      present_{options.access_token, options.refresh_token, options.initial_token_life},
      expires_(clock.steady_now() + options.initial_token_life) {}

Tokens::Validity Tokens::judge(std::string_view access) const {
  const std::lock_guard lock(mutex_);
  if (access != present_.access) return Validity::kUnknown;
  return clock_.steady_now() < expires_ ? Validity::kValid : Validity::kExpired;
}

Tokens::Pair Tokens::mint_locked() {
  ++made_;
  present_ = {access_text(options_.seed, made_), refresh_text(options_.seed, made_), options_.token_life};
  expires_ = clock_.steady_now() + options_.token_life;
  return present_;
}

std::optional<Tokens::Pair> Tokens::refresh(std::string_view refresh_token) {
  const std::lock_guard lock(mutex_);
  if (refresh_token != present_.refresh) {
    ++refused_;
    return std::nullopt;
  }
  ++refreshes_;
  return mint_locked();
}

Tokens::Pair Tokens::mint() {
  const std::lock_guard lock(mutex_);
  return mint_locked();
}

void Tokens::expire_access() {
  const std::lock_guard lock(mutex_);
  expires_ = clock_.steady_now();
}

bool Tokens::is_present_refresh(std::string_view refresh_token) const {
  const std::lock_guard lock(mutex_);
  return refresh_token == present_.refresh;
}

bool Tokens::was_refresh(std::string_view refresh_token) const {
  const std::lock_guard lock(mutex_);
  if (refresh_token == present_.refresh) return false;
  if (refresh_token == options_.refresh_token) return true;
  for (std::uint64_t number = 1; number < made_; ++number) {
    if (refresh_token == refresh_text(options_.seed, number)) return true;
  }
  return false;
}

nlohmann::ordered_json Tokens::info() const {
  const std::lock_guard lock(mutex_);
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(expires_ - clock_.steady_now());
  return {{"access_token", present_.access},
          {"refresh_token", present_.refresh},
          {"seconds_left", std::max<std::int64_t>(left.count(), 0)},
          {"pairs_made", made_},
          {"refreshes", refreshes_},
          {"refreshes_refused", refused_}};
}

}  // namespace engagement::simulator::sprinklr
