#include "sources/clevertap/queries/count_question.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sources/clevertap/answer_rules.hpp"

namespace engagement::clevertap {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kMostTimesAskedAnew = 5;
constexpr seconds kLongestPause{30};
constexpr std::chrono::hours kPatienceWithCounts{2};

// The whole answer is the one record.
const rest::PageShape& whole_answer() {
  static const rest::PageShape shape{{""}, {}};
  return shape;
}

bool is_partial(const rest::Page& page) { return text_in_answer(page, "status") == "partial"; }

// What CleverTap says while it is not ready: in none of these cases anybody has to wait beside the request.
enum class NotReady { no, computing, throttled };

NotReady not_ready(const rest::Page& page, const rest::Answer& answer) {
  if (answer.succeeded || answer.unreadable) return NotReady::no;
  if (answer.status >= 200 && answer.status < 300 && is_partial(page)) return NotReady::computing;
  const rest::Rule& rule = rest::judge(answer, query_rules());
  if (rule.action == rest::Action::wait) return NotReady::computing;
  return rule.action == rest::Action::slow_down && rule.pause.count() > 0 ? NotReady::throttled : NotReady::no;
}

rest::Answer judge_count(const rest::Page& page) {
  auto answer = judge_whole_answer(page);
  answer.succeeded = answer.succeeded || not_ready(page, answer) != NotReady::no;
  return answer;
}

}  // namespace

std::optional<SteadyTime> CountQuestion::advance(rest::Page& page, engine::Context& context,
                                                 const std::stop_token& stop) {
  const bool asked = !request_id_.empty();
  const auto request = asked ? account_.get(fmt::format("{}?req_id={}", path_, http::percent_encoded(request_id_)))
                             : account_.post(path_, body_);
  rest::Answer answer;
  const auto action =
      rest::call_page(account_.query_caller(), request, fmt::format("{} {} ({})", asked ? "GET" : "POST", path_, what_),
                      whole_answer(), judge_count, page, answer, context, stop);
  if (asked && action == rest::Action::restart) return ask_anew(answer, context);
  if (action != rest::Action::ok) {
    throw config_error(fmt::format("CleverTap does not accept the query: \"{}\".", answer.text), what_);
  }
  switch (not_ready(page, judge_whole_answer(page))) {
    case NotReady::throttled:
      return wait_for_room(answer, context);
    case NotReady::computing:
      throttled_since_.reset();
      return wait_for_more(page, context);
    default:
      return std::nullopt;
  }
}

std::optional<SteadyTime> CountQuestion::wait_for_room(const rest::Answer& answer, engine::Context& context) {
  constexpr seconds kPause{30};  // as CleverTap's own exporter does
  account_.asks_for_less();
  const SteadyTime now = context.environment().clock.steady_now();
  if (!throttled_since_) throttled_since_ = now;
  if (now + kPause - *throttled_since_ > context.environment().retry_limit) {
    throw transient_error(
        fmt::format("CleverTap took no more requests for the whole retry time (\"{}\").", answer.text), what_);
  }
  return now + kPause;
}

std::optional<SteadyTime> CountQuestion::ask_anew(const rest::Answer& answer, engine::Context& context) {
  if (++restarts_ > kMostTimesAskedAnew) {
    throw transient_error(
        fmt::format("CleverTap forgot a count {} times before it was ready (\"{}\"). Try again later, or ask for a "
                    "shorter period.",
                    restarts_, answer.text),
        what_);
  }
  context.log(
      engine::LogLevel::info,
      fmt::format("CleverTap no longer knows the request for {} (\"{}\"); it is asked anew", what_, answer.text));
  request_id_.clear();
  return context.environment().clock.steady_now();
}

std::optional<SteadyTime> CountQuestion::wait_for_more(const rest::Page& page, engine::Context& context) {
  if (auto id = text_in_answer(page, "req_id")) request_id_ = std::move(*id);
  if (request_id_.empty() && is_partial(page)) {
    throw system_error(
        "CleverTap began a count but gave no req_id to ask for it with. Please report this with the log.", what_);
  }
  const SteadyTime now = context.environment().clock.steady_now();
  if (!asked_since_) asked_since_ = now;
  if (now - *asked_since_ > kPatienceWithCounts) {
    throw transient_error("CleverTap was still counting after two hours. Try again later, or ask for a shorter period.",
                          what_);
  }
  return now + std::min(seconds(kLongestPause), seconds(1 << std::min(polls_++, 10)));
}

void CountQuestion::ask(rest::Page& page, engine::Context& context, const std::stop_token& stop) {
  auto& environment = context.environment();
  while (const auto due = advance(page, context, stop)) {
    if (environment.deadline && *due >= *environment.deadline) {
      throw transient_error("CleverTap did not finish counting in time. Try again later.", what_);
    }
    const auto pause = std::chrono::ceil<milliseconds>(*due - environment.clock.steady_now());
    context.wait(std::max(pause, milliseconds(0)), engine::WaitReason::preparing, stop);
  }
}

}  // namespace engagement::clevertap
