#include "cli/commands.hpp"
#include "engine/command_context.hpp"

namespace engagement::cli {

namespace {

engine::Json to_airbyte_stream(const engine::StreamDescription& description) {
  engine::Json stream{{"name", description.name}, {"json_schema", description.json_schema}};
  stream["supported_sync_modes"] = engine::Json::array({"full_refresh"});
  if (description.incremental()) {
    stream["supported_sync_modes"].push_back("incremental");
    stream["source_defined_cursor"] = true;
    stream["default_cursor_field"] = description.cursor;
  }
  stream["source_defined_primary_key"] = description.primary_key;
  stream["is_resumable"] = description.resumable;
  return stream;
}

}  // namespace

int run_discover(Session& session) {
  const auto config = session.read_config();
  auto streams = engine::Json::array();
  auto environment = session.environment(config);
  engine::CommandContext context(environment, session.logger);
  for (const auto& stream : session.source.discover(config, context, session.stop.get_token())) {
    streams.push_back(to_airbyte_stream(stream));
  }
  session.writer.write(protocol::catalog_message(std::move(streams)));
  return 0;
}

}  // namespace engagement::cli
