#pragma once

#include <optional>
#include <string>

#include "rest/page.hpp"
#include "sources/clevertap/account.hpp"

namespace engagement::clevertap {

// One question to a counts endpoint, from the POST to the final answer, a request at a time
// (https://developer.clevertap.com/docs/get-event-count-api): the POST, and each GET by `req_id` after it, brings the
// answer or `partial`, which holds no data. Nothing is held between two requests. Not thread safe.
class CountQuestion {
 public:
  // `what` names the question in messages: "orders of 2026-01-31".
  CountQuestion(const Account& account, std::string path, std::string body, std::string what)
      : account_(account), path_(std::move(path)), body_(std::move(body)), what_(std::move(what)) {}

  // Sends the next request. nullopt: `page` holds the final answer, an object that is its one record. Otherwise when to
  // call again: after a second, growing to thirty, or after thirty at once where CleverTap throttles. An expired
  // `req_id` is asked for anew. Throws a config ConnectorError where CleverTap does not accept the question, a
  // transient one where there is no answer after two hours, and Stopped.
  std::optional<SteadyTime> advance(rest::Page& page, engine::Context& context, const std::stop_token& stop);

  // Waits in between, until the final answer. With a deadline in the environment, until then.
  void ask(rest::Page& page, engine::Context& context, const std::stop_token& stop);

 private:
  std::optional<SteadyTime> ask_anew(const rest::Answer& answer, engine::Context& context);
  std::optional<SteadyTime> wait_for_room(const rest::Answer& answer, engine::Context& context);
  std::optional<SteadyTime> wait_for_more(const rest::Page& page, engine::Context& context);

  const Account& account_;
  std::string path_;
  std::string body_;
  std::string what_;
  std::string request_id_;  // empty: not asked yet
  int polls_ = 0;
  int restarts_ = 0;
  std::optional<SteadyTime> asked_since_;
  std::optional<SteadyTime> throttled_since_;
};

}  // namespace engagement::clevertap
