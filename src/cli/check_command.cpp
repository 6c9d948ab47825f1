#include <fmt/format.h>

#include "cli/backfill.hpp"
#include "cli/commands.hpp"
#include "engine/command_context.hpp"

namespace engagement::cli {

namespace {
// The platform waits nine minutes; a person who presses "Test" waits one.
constexpr std::chrono::seconds kDeadline{60};
}  // namespace

int run_check(Session& session) {
  try {
    const auto config = session.read_config();
    backfill_of(session.options, config);  // every read would refuse a bad one
    auto environment = session.environment(config);
    environment.deadline = session.clock.steady_now() + kDeadline;
    engine::CommandContext context(environment, session.logger);
    const auto report = session.source.check(config, context, session.stop.get_token());
    for (const auto& remark : report.remarks) session.logger.log(protocol::LogLevel::warn, remark);
    session.writer.write(protocol::connection_status_message(true, fmt::format("{}", fmt::join(report.remarks, " "))));
  } catch (const ConnectorError& error) {
    // FAILED ends the platform's job for good, so it is only for what the user must mend.
    if (error.type() != FailureType::config) throw;
    session.writer.write(protocol::connection_status_message(false, error.what()));
  }
  return 0;
}

}  // namespace engagement::cli
