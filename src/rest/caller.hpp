#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "engine/context.hpp"
#include "engine/request_gate.hpp"
#include "http/message.hpp"
#include "rest/authorizer.hpp"
#include "rest/pacer.hpp"
#include "rest/rules.hpp"

namespace engagement::rest {

// Makes an Answer of a complete response. It may keep what it parsed.
using Interpreter = std::function<Answer(http::Response&)>;

// Makes calls to one vendor: sends, judges the answer by the rules, waits and repeats. Repeats with exponential
// back-off and full jitter from 1 s to 60 s; Retry-After wins, and for a refused rate X-RateLimit-Reset; given up when
// the environment's retry_limit has passed since the first failure. An answer that is being prepared is asked for after
// 1 s, growing to 30 s, for two hours. With a pacer, every request waits for its turn, and the waits after refused
// rates together may last as long as the pacer says, also where the vendor asked for each of them. With an authorizer,
// every request is authorized before it is sent, and one that is refused by Action::refresh is sent once more. Thread
// safe.
class Caller {
 public:
  // `vendor` is how messages call the API ("CleverTap"); `rules` are its own, before the default ones. All outlive it.
  Caller(std::string_view vendor, std::span<const Rule> rules, engine::RequestGate& gate, Pacer* pacer = nullptr,
         Authorizer* authorizer = nullptr)
      : vendor_(vendor), rules_(rules), gate_(gate), pacer_(pacer), authorizer_(authorizer) {}

  // Returns ok, skip, restart, split or, without an authorizer, refresh (with the answer in `answer`). Throws
  // ConnectorError for everything else, and Stopped. `what` names the request in messages: "POST /1/events.json
  // (Charged)".
  Action call(const http::Request& request, std::string_view what, http::Response& response,
              const Interpreter& interpret, Answer& answer, engine::Context& context,
              const std::stop_token& stop) const;

 private:
  struct Attempts;

  const Rule& send_once(http::Request& request, std::string_view what, http::Response& response,
                        const Interpreter& interpret, Answer& answer, engine::Context& context,
                        const std::stop_token& stop) const;
  void wait_before_repeat(const Rule& rule, std::string_view what, const http::Response& response, const Answer& answer,
                          Attempts& attempts, engine::Context& context, const std::stop_token& stop) const;
  void wait_for_turn(const http::Request& request, std::string_view what, engine::Context& context,
                     const std::stop_token& stop) const;
  // `waited`: for this very request.
  ConnectorError quota_used_up(std::string_view what, std::chrono::milliseconds wait,
                               std::chrono::milliseconds waited) const;
  ConnectorError failure(const Rule& rule, std::string_view what, const Answer& answer) const;

  std::string_view vendor_;
  std::span<const Rule> rules_;
  engine::RequestGate& gate_;
  Pacer* pacer_;
  Authorizer* authorizer_;
};

}  // namespace engagement::rest
