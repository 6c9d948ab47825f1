#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>

#include "cli/backfill.hpp"
#include "cli/commands.hpp"
#include "cli/terminal_progress.hpp"
#include "engine/command_context.hpp"
#include "engine/runner.hpp"
#include "protocol/catalog.hpp"
#include "protocol/state_input.hpp"

namespace engagement::cli {

namespace {

// Clients name a state file that they never wrote: that is no state, but worth a word.
protocol::StateInput read_state(Session& session) {
  const auto& path = session.options.state_path;
  if (!path) return {};
  std::error_code problem;
  if (std::filesystem::status(*path, problem).type() != std::filesystem::file_type::not_found) {
    auto state = protocol::parse_state(read_file(*path, "state"));
    if (!state.legacy()) return state;
    auto converted = session.source.convert_legacy_state(*state.legacy());
    if (!converted) {
      state.refuse_singer();
      return state;
    }
    for (auto& [stream, own] : *converted) state.set({stream, std::nullopt}, std::move(own));
    return state;
  }
  session.logger.log(protocol::LogLevel::warn,
                     fmt::format("The state file {} does not exist; reading without a state.", *path));
  return {};
}

std::set<std::string> names_of(const protocol::ConfiguredCatalog& catalog) {
  std::set<std::string> names;
  for (const auto& stream : catalog.streams) names.insert(stream.descriptor.name);
  return names;
}

}  // namespace

int run_read(Session& session) {
  const auto config = session.read_config();
  const auto catalog = protocol::parse_configured_catalog(read_file(session.options.catalog_path, "catalog"));
  if (catalog.streams.empty()) {
    session.logger.log(protocol::LogLevel::warn, "The configured catalog has no streams; nothing is read.");
  }
  const auto state = read_state(session);
  const auto backfill = backfill_of(session.options, config);
  auto environment = session.environment(config);
  engine::CommandContext context(environment, session.logger);
  const auto streams = session.source.streams(config, names_of(catalog), context, session.stop.get_token());
  engine::Runner runner(environment, session.logger, session.writer,
                        {session.source.workers(config), config.value("report_drift", true), backfill});
  runner.add_streams(catalog, streams, state);
  TerminalProgress progress(runner.contexts(), session.clock);
  const auto result = runner.run(session.stop.get_token());
  progress.summarise();
  return result == engine::RunResult::complete ? 0 : 1;
}

}  // namespace engagement::cli
