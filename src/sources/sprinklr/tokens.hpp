#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "rest/caller.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// When an access token that still works is replaced.
enum class TokenUse {
  sync,   // shortly before it ends
  check,  // not before Sprinklr refuses it: until the source exists, nobody keeps the new one
};

// The access token of a process and how it gets another (https://dev.sprinklr.com/refreshing-access-token).
//
// A refresh token can be used once, and the answer to its use is the only copy of the next one. So a refresh happens
// when it must, one at a time, is sent once, and the new configuration is handed over before its token is first used.
// Only the deadline of `check` cuts one off. After a refresh whose answer was lost every later call fails in the same
// way. Thread safe.
class Tokens final : public rest::Authorizer {
 public:
  Tokens(const Config& config, TokenUse use);

  // Puts Authorization on the request.
  void authorize(http::Request& request, engine::Context& context, const std::stop_token& stop) override;
  // False for a token that this process got and that cannot have ended yet: it is a right that is missing.
  bool renew(const http::Request& refused, const rest::Answer& answer, engine::Context& context,
             const std::stop_token& stop) override;

  // The token that was given has just been accepted: a refusal that is not about a token does not mean this one.
  void prove();
  // Whether a single-use refresh token was used up: the configuration that this process began with is out of date.
  bool refreshed() const;

 private:
  struct Granted;

  void replace_ending(engine::Context& context, const std::stop_token& stop);
  bool may_have_ended(const rest::Answer& answer, engine::Context& context) const;
  void get_another(engine::Context& context, const std::stop_token& stop);
  void refresh(engine::Context& context);
  void mint(engine::Context& context, const std::stop_token& stop);
  void adopt(const Granted& granted, engine::Context& context);
  bool is_ending(engine::Context& context) const;
  void ends_after(std::optional<std::chrono::seconds> lifetime, engine::Context& context);
  http::Request token_request(const std::string& form) const;
  http::Request refresh_request(const std::optional<SteadyTime>& deadline) const;
  [[noreturn]] void fail_without_answer(const http::TransportError& error);
  [[noreturn]] void lose(const std::string& why);

  const TokenUse use_;
  const std::string url_;
  engine::RequestGate minting_gate_{1};  // its own: whoever waits for a token holds a place in the account's
  rest::Caller minting_;

  mutable std::mutex mutex_;  // held while a token is got: whoever needs one waits for it
  protocol::Json config_;     // whole, with the newest tokens
  Credentials credentials_;
  std::optional<SystemTime> renew_at_;  // shortly before the end, where that is known
  std::optional<SystemTime> got_at_;    // when this process got it; nullopt: it was given
  std::optional<ConnectorError> lost_;  // why there will be no further token
  bool proven_ = false;
  bool refreshed_ = false;
};

}  // namespace engagement::sprinklr
