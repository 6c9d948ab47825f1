#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "http/message.hpp"

namespace engagement::rest {

// An answer as its vendor means it. A vendor's function makes it from the response; the rules judge it.
struct Answer {
  int status = 0;                    // HTTP
  bool succeeded = false;            // the vendor says so: a 200 alone is no success
  bool unreadable = false;           // not what was agreed on: HTML, garbage, cut JSON, no status
  std::optional<std::int64_t> code;  // the vendor's own code, where the body has one
  std::string text;                  // the vendor's words, for the rules and the user
};

enum class Action {
  ok,         // use the answer
  retry,      // send the same again, after a back-off
  wait,       // the vendor is busy preparing the answer: ask again, for as long as rule.patience says
  slow_down,  // too many requests: wait, send fewer, retry
  skip,       // there is nothing to read here, and that is no failure; the caller warns
  restart,    // what the request stands on is gone (an expired cursor): begin that slice again
  split,      // the vendor does not serve so much at once: ask for less
  refresh,    // the access token no longer works
  fail,       // no use in repeating it
};

// HTTP statuses: any, one, or from one to another, both included.
struct Statuses {
  constexpr Statuses() = default;
  constexpr Statuses(int only) : from(only), to(only) {}  // NOLINT(google-explicit-constructor)
  constexpr Statuses(int first, int last) : from(first), to(last) {}
  int from = 0;
  int to = 999;
};

// One row of a table of rules. Every condition given must hold; the first row that matches decides.
struct Rule {
  std::string_view name{};  // for the log
  // conditions
  Statuses statuses{};
  std::optional<std::int64_t> code{};
  std::string_view text{};  // part of the vendor's words, whatever their case; empty: any
  bool unreadable = false;  // only what is not what was agreed on
  // consequence
  Action action = Action::fail;
  FailureType failure = FailureType::transient;  // where the action ends in one
  FailureScope scope = FailureScope::stream;
  std::string_view advice{};      // what the user should do, a sentence or two
  std::chrono::seconds pause{0};  // at least, for `retry`, `wait` and `slow_down`
};

// The first row of `own`, then of the default rows, that matches. Never null: the last default row matches anything.
const Rule& judge(const Answer& answer, std::span<const Rule> own);

// The outcome of a transfer that brought no complete answer.
const Rule& judge(const http::TransportError& error);

// How long `Retry-After` (seconds or an HTTP date) asks to wait; nullopt where it is absent or makes no sense.
std::optional<std::chrono::seconds> retry_after(const http::Response& response, SystemTime now);
// How long until `X-RateLimit-Reset` (seconds since 1970), likewise. Kustomer's and Sprinklr's form of it.
std::optional<std::chrono::seconds> until_rate_limit_reset(const http::Response& response, SystemTime now);

}  // namespace engagement::rest
