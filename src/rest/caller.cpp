#include "rest/caller.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace engagement::rest {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLongestBackOff{60};
constexpr seconds kLongestPoll{30};
constexpr seconds kPatience = std::chrono::hours(2);

milliseconds doubled(seconds longest, int times) {
  const double factor = std::pow(2.0, std::min(times, 20));
  return std::min(milliseconds(longest), milliseconds(static_cast<std::int64_t>(1000.0 * factor)));
}

}  // namespace

// What has happened since the last good answer.
struct Caller::Attempts {
  int failures = 0;
  int polls = 0;
  std::optional<SteadyTime> failing_since;
  std::optional<SteadyTime> preparing_since;
};

Action Caller::call(const http::Request& request, std::string_view what, http::Response& response,
                    const Interpreter& interpret, Answer& answer, engine::Context& context,
                    const std::stop_token& stop) const {
  Attempts attempts;
  for (;;) {
    const Rule& rule = send_once(request, what, response, interpret, answer, context, stop);
    switch (rule.action) {
      case Action::ok:
      case Action::skip:
      case Action::restart:
        return rule.action;
      case Action::fail:
        throw failure(rule, what, answer);
      case Action::slow_down:
        gate_.too_many();
        context.log(engine::LogLevel::info,
                    fmt::format("{} asks for less; at most {} requests at a time from now on", vendor_, gate_.limit()));
        [[fallthrough]];
      case Action::retry:
      case Action::wait:
        wait_before_repeat(rule, what, response, answer, attempts, context, stop);
    }
  }
}

const Rule& Caller::send_once(const http::Request& request, std::string_view what, http::Response& response,
                              const Interpreter& interpret, Answer& answer, engine::Context& context,
                              const std::stop_token& stop) const {
  http::Request timed = request;
  timed.deadline = context.environment().deadline;
  {
    const auto pass = gate_.enter(stop);
    context.environment().client.send(timed, response, stop);
  }
  context.answered(response);
  context.log(engine::LogLevel::debug, fmt::format("{}: HTTP {}, {} bytes, {} inflated", what, response.status,
                                                   response.wire_bytes, response.body.size()));
  if (!response.complete()) {
    answer = {};
    answer.status = response.status;
    answer.text = fmt::format("{}: {}", http::to_string(response.error->fault), response.error->detail);
    return judge(*response.error);
  }
  answer = interpret(response);
  const Rule& rule = judge(answer, rules_);
  if (rule.action == Action::ok) gate_.went_well();
  return rule;
}

void Caller::wait_before_repeat(const Rule& rule, std::string_view what, const http::Response& response,
                                const Answer& answer, Attempts& attempts, engine::Context& context,
                                const std::stop_token& stop) const {
  auto& environment = context.environment();
  const bool preparing = rule.action == Action::wait;
  auto& since = preparing ? attempts.preparing_since : attempts.failing_since;
  const SteadyTime now = environment.clock.steady_now();
  if (preparing) {  // an answer as it should be: earlier failures are over
    attempts.failing_since.reset();
    attempts.failures = 0;
  }
  if (!since) since = now;
  milliseconds pause = preparing ? doubled(kLongestPoll, attempts.polls++)
                                 : milliseconds(static_cast<std::int64_t>(
                                       environment.random.fraction() *
                                       static_cast<double>(doubled(kLongestBackOff, attempts.failures++).count())));
  pause = std::max(pause, milliseconds(rule.pause));
  // Who asks for no wait at all gets the back-off: a request must not be repeated in a tight loop.
  if (const auto asked = retry_after(response, environment.clock.now()); asked && asked->count() > 0) pause = *asked;
  if (now + pause - *since > (preparing ? kPatience : environment.retry_limit)) throw failure(rule, what, answer);
  if (environment.deadline && now + pause >= *environment.deadline) throw failure(rule, what, answer);
  context.log(preparing ? engine::LogLevel::debug : engine::LogLevel::info,
              fmt::format("{}: {} ({}); next try in {:.1f} s", what, rule.name, answer.text,
                          static_cast<double>(pause.count()) / 1000.0));
  const auto reason = preparing                          ? engine::WaitReason::preparing
                      : rule.action == Action::slow_down ? engine::WaitReason::rate_limit
                                                         : engine::WaitReason::retry;
  context.wait(pause, reason, stop);
}

ConnectorError Caller::failure(const Rule& rule, std::string_view what, const Answer& answer) const {
  const std::string said = answer.text.empty() ? "" : fmt::format(" (\"{}\")", answer.text);
  const std::string answered = answer.status == 0 ? fmt::format("{} could not be reached{}.", vendor_, said)
                                                  : fmt::format("{} answered HTTP {}{}.", vendor_, answer.status, said);
  std::string internal = fmt::format("{}: {}", what, rule.name);
  if (answer.code) internal += fmt::format(", code {}", *answer.code);
  return {rule.failure, fmt::format("{} {}", answered, rule.advice), internal};
}

}  // namespace engagement::rest
