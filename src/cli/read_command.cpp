#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>

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
    for (auto& [stream, converted] : session.source.convert_legacy_state(*state.legacy())) {
      state.set({stream, std::nullopt}, std::move(converted));
    }
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

Day backfill_day(const std::string& text, std::string_view field) {
  if (const auto day = day_from_text(text)) return *day;
  throw config_error(fmt::format("{}: \"{}\" is no day like \"2026-01-31\".", field, text));
}

// --since and --until, else the configuration's `backfill`.
std::optional<engine::Backfill> backfill_of(const Options& options, const engine::Json& config) {
  std::string since = options.since.value_or("");
  std::string until = options.until.value_or("");
  std::string where = "--";
  if (!options.since) {
    const auto found = config.find("backfill");
    if (found == config.end()) return std::nullopt;
    since = found->value("since", "");
    until = found->value("until", "");
    if (since.empty() && until.empty()) return std::nullopt;
    where = "Backfill (backfill): ";
  }
  const engine::Backfill backfill{backfill_day(since, where + "since"), backfill_day(until, where + "until")};
  if (backfill.since > backfill.until) {
    throw config_error(fmt::format("{}since: {} lies after {}until, {}.", where, since, where, until));
  }
  return backfill;
}

}  // namespace

int run_read(Session& session) {
  const auto config = session.read_config();
  const auto catalog = protocol::parse_configured_catalog(read_file(session.options.catalog_path, "catalog"));
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
