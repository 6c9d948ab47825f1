#include <fmt/format.h>

#include <memory>

#include "cli/commands.hpp"
#include "cli/terminal_progress.hpp"
#include "engine/runner.hpp"
#include "protocol/catalog.hpp"
#include "protocol/state_input.hpp"

namespace engagement::cli {

int run_read(Session& session) {
  const auto config = session.read_config();
  const auto catalog = protocol::parse_configured_catalog(read_file(session.options.catalog_path, "catalog"));
  const auto state = session.options.state_path ? protocol::parse_state(read_file(*session.options.state_path, "state"))
                                                : protocol::StateInput();
  const auto streams = session.source.streams(config);
  auto environment = session.environment(config);
  engine::Runner runner(environment, session.logger, session.writer,
                        {session.source.workers(config), config.value("report_drift", true)});
  runner.add_streams(catalog, streams, state);
  TerminalProgress progress(runner.contexts(), session.clock);
  const auto result = runner.run(session.stop.get_token());
  progress.summarise();
  return result == engine::RunResult::complete ? 0 : 1;
}

}  // namespace engagement::cli
