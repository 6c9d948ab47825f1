#include "sources/clevertap/probes.hpp"

#include <fmt/format.h>

#include "sources/clevertap/side_by_side.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;
using rest::Action;

constexpr std::chrono::seconds kProbeTime{60};

// The command's context, without its patience.
class OnceContext final : public engine::Context {
 public:
  OnceContext(engine::Environment& once, engine::Context& command) : Context(once), command_(command) {}

  void log(engine::LogLevel level, std::string_view text) override { command_.log(level, text); }
  void warn_once(std::string_view key, std::string_view text) override { command_.warn_once(key, text); }
  void wait(std::chrono::milliseconds duration, engine::WaitReason reason, const std::stop_token& stop) override {
    command_.wait(duration, reason, stop);
  }
  void answered(const http::Response& response) override { command_.answered(response); }

 private:
  engine::Context& command_;
};

ProbeResult probe_one(const BuiltInStream& row, const Account& account, Day day, engine::Context& context,
                      const std::stop_token& stop) {
  static const rest::PageShape shape{{}, envelope_values()};
  rest::Page page;
  rest::Answer answer;
  try {
    const auto action = rest::call_page(account.probe_caller(), row.probe(account, day), row.endpoint, shape,
                                        judge_page, page, answer, context, stop);
    const bool missed = answer.status == 404 || answer.code == 404;
    if (action == Action::skip && !(row.probe_may_miss && missed && !answer.unreadable)) {
      context.log(
          engine::LogLevel::warn,
          fmt::format("The stream \"{}\" is left out: CleverTap answered {} with HTTP {} (\"{}\"). The passcode "
                      "may not use this endpoint; ask an administrator of the CleverTap project for the right.",
                      row.name, row.endpoint, answer.status, answer.text));
      return {true, nullptr};
    }
  } catch (const ConnectorError& error) {
    context.log(engine::LogLevel::info, fmt::format("The stream \"{}\" is listed, though {} could not be asked: {}",
                                                    row.name, row.endpoint, error.what()));
    return {false, nullptr};
  }
  return {false, answer.succeeded ? Json::parse(page.response.body.view(), nullptr, false) : Json()};
}

}  // namespace

std::vector<ProbeResult> probe(const std::vector<const BuiltInStream*>& rows, const Account& account, Day day,
                               engine::Context& context, const std::stop_token& stop) {
  engine::Environment once = context.environment();
  once.retry_limit = std::chrono::seconds(0);
  once.deadline = once.clock.steady_now() + kProbeTime;
  OnceContext once_context(once, context);
  std::vector<ProbeResult> results(rows.size());
  side_by_side(rows.size(),
               [&](std::size_t index) { results[index] = probe_one(*rows[index], account, day, once_context, stop); });
  return results;
}

}  // namespace engagement::clevertap
