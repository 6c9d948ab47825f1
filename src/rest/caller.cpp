#include "rest/caller.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

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

// Without the query, which may hold half a page.
std::string_view path_of(const http::Request& request) {
  const std::string_view url = request.url;
  const std::size_t begin = std::min(url.find('/', url.find("//") + 2), url.size());
  return url.substr(begin, url.find_first_of("?#", begin) - begin);
}

// What the vendor asks for. Who asks for no wait at all gets the back-off: a request must not be repeated in a tight
// loop.
std::optional<seconds> asked_wait(const Rule& rule, const http::Response& response, SystemTime now) {
  auto asked = retry_after(response, now);
  if (!asked && rule.action == Action::slow_down) asked = until_rate_limit_reset(response, now);
  return asked && asked->count() > 0 ? asked : std::nullopt;
}

}  // namespace

// What has happened since the last good answer.
struct Caller::Attempts {
  int failures = 0;
  int polls = 0;
  std::optional<SteadyTime> failing_since;
  std::optional<SteadyTime> preparing_since;
  milliseconds held_back{0};  // waits for a quota, with a pacer
};

Action Caller::call(const http::Request& request, std::string_view what, http::Response& response,
                    const Interpreter& interpret, Answer& answer, engine::Context& context,
                    const std::stop_token& stop) const {
  Attempts attempts;
  bool renewed = false;
  for (;;) {
    http::Request sent = request;
    const Rule& rule = send_once(sent, what, response, interpret, answer, context, stop);
    switch (rule.action) {
      case Action::ok:
      case Action::skip:
      case Action::restart:
      case Action::split:
        return rule.action;
      case Action::refresh:
        if (authorizer_ == nullptr) return rule.action;
        // New credentials that are refused at once are not replaced again: each may be the last.
        if (std::exchange(renewed, true) || !authorizer_->renew(sent, answer, context, stop)) {
          throw failure(rule, what, answer);
        }
        break;
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

const Rule& Caller::send_once(http::Request& request, std::string_view what, http::Response& response,
                              const Interpreter& interpret, Answer& answer, engine::Context& context,
                              const std::stop_token& stop) const {
  request.deadline = context.environment().deadline;
  {
    const auto pass = gate_.enter(stop);
    wait_for_turn(request, what, context, stop);
    if (authorizer_ != nullptr) authorizer_->authorize(request, context, stop);
    context.environment().client.send(request, response, stop);
  }
  const Clock& clock = context.environment().clock;
  if (pacer_ != nullptr) pacer_->learn(request, response, clock.now(), clock.steady_now());
  context.answered(response);
  context.log(engine::LogLevel::debug, fmt::format("{}, {}: HTTP {}, {} bytes, {} inflated", what, path_of(request),
                                                   response.status, response.wire_bytes, response.body.size()));
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

void Caller::wait_for_turn(const http::Request& request, std::string_view what, engine::Context& context,
                           const std::stop_token& stop) const {
  if (pacer_ == nullptr) return;
  auto& environment = context.environment();
  for (;;) {
    const SteadyTime now = environment.clock.steady_now();
    const milliseconds delay = pacer_->delay(request, now);
    if (delay.count() <= 0) return;
    if (delay > pacer_->longest_wait()) throw quota_used_up(what, delay, {});
    if (environment.deadline && now + delay >= *environment.deadline) throw quota_used_up(what, delay, {});
    context.wait(delay, engine::WaitReason::rate_limit, stop);
  }
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
  const auto asked = asked_wait(rule, response, environment.clock.now());
  if (asked) pause = *asked;
  const bool for_quota = pacer_ != nullptr && rule.action == Action::slow_down;
  if (for_quota && asked) {
    *since += pause;  // the vendor's own word on a quota is no failure
  } else if (now + pause - *since > (preparing ? kPatience : environment.retry_limit)) {
    throw failure(rule, what, answer);
  }
  if (for_quota) {
    if (attempts.held_back + pause > pacer_->longest_wait()) throw quota_used_up(what, pause, attempts.held_back);
    attempts.held_back += pause;
  }
  if (environment.deadline && now + pause >= *environment.deadline) throw failure(rule, what, answer);
  context.log(preparing ? engine::LogLevel::debug : engine::LogLevel::info,
              fmt::format("{}: {} ({}); next try in {:.1f} s", what, rule.name, answer.text,
                          static_cast<double>(pause.count()) / 1000.0));
  const auto reason = preparing                          ? engine::WaitReason::preparing
                      : rule.action == Action::slow_down ? engine::WaitReason::rate_limit
                                                         : engine::WaitReason::retry;
  context.wait(pause, reason, stop);
}

ConnectorError Caller::quota_used_up(std::string_view what, milliseconds wait, milliseconds waited) const {
  const std::string before =
      waited.count() == 0 ? "" : fmt::format("after {} s of waiting ", std::chrono::ceil<seconds>(waited).count());
  return transient_error(
      fmt::format(
          "{}'s quota of requests is used up; {}the next request may be sent in {} s, which is longer than this "
          "sync waits.",
          vendor_, before, std::chrono::ceil<seconds>(wait).count()),
      std::string(what));
}

ConnectorError Caller::failure(const Rule& rule, std::string_view what, const Answer& answer) const {
  const std::string said = answer.text.empty() ? "" : fmt::format(" (\"{}\")", answer.text);
  const std::string answered = answer.status == 0 ? fmt::format("{} could not be reached{}.", vendor_, said)
                                                  : fmt::format("{} answered HTTP {}{}.", vendor_, answer.status, said);
  std::string internal = fmt::format("{}: {}", what, rule.name);
  if (answer.code) internal += fmt::format(", code {}", *answer.code);
  return {rule.failure, fmt::format("{} {}", answered, rule.advice), internal, rule.scope};
}

}  // namespace engagement::rest
