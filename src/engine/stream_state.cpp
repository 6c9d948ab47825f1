#include "engine/stream_state.hpp"

#include <fmt/format.h>

#include "core/time_text.hpp"

namespace engagement::engine {

using protocol::Json;
using protocol::SyncMode;

namespace {

bool is_of_mode(const Json& state, SyncMode mode) {
  return state.is_object() && state.value("sync_mode", Json()) == std::string(to_string(mode));
}

}  // namespace

ConnectorError unknown_state(const std::string& why) {
  return config_error(
      fmt::format("The stream's saved state cannot be used: {}. Reset the stream (in Airbyte: connection, "
                  "Streams, Clear data) and sync again.",
                  why));
}

Json new_state(SyncMode mode) { return {{"version", kStateVersion}, {"sync_mode", to_string(mode)}}; }

void check_state(const Json& state) {
  if (!state.is_object() || state.value("version", Json()) != kStateVersion) {
    throw unknown_state("it is not of version 1 of this connector's format");
  }
  if (is_of_mode(state, SyncMode::incremental) || is_of_mode(state, SyncMode::full_refresh)) return;
  throw unknown_state("it has no known \"sync_mode\"");
}

bool is_unfinished_refresh(const Json& state) {
  return is_of_mode(state, SyncMode::full_refresh) && state.value("finished", Json()) == false;
}

bool is_incremental_state(const Json& state) { return is_of_mode(state, SyncMode::incremental); }

std::optional<SystemTime> time_in_state(const Json& state, const char* key) {
  const auto found = state.find(key);
  if (found == state.end()) return std::nullopt;
  const auto time = found->is_string() ? time_from_rfc3339(found->get<std::string>()) : std::nullopt;
  if (!time) throw unknown_state(fmt::format("\"{}\" is {}, no time", key, found->dump()));
  return time;
}

void warn_of_future(SystemTime position, Context& context) {
  const SystemTime now = context.environment().clock.now();
  if (position <= now) return;
  context.warn_once("future state",
                    fmt::format("the saved state says that everything up to {} has been read, and it is {} now: what "
                                "changes until then is taken for read. If that is not meant, set the clock or reset "
                                "the stream",
                                to_rfc3339(position), to_rfc3339(now)));
}

std::optional<SystemTime> cursor_in_state(const SyncRequest& request, std::optional<SystemTime> start,
                                          Context& context) {
  if (!request.state || request.mode == SyncMode::full_refresh) return std::nullopt;
  check_state(*request.state);
  if (!is_incremental_state(*request.state)) return std::nullopt;
  const auto state_start = start ? time_in_state(*request.state, "start_date") : std::nullopt;
  if (state_start && *state_start > *start) return std::nullopt;
  const auto cursor = time_in_state(*request.state, "cursor");
  if (cursor) warn_of_future(*cursor, context);
  return cursor;
}

}  // namespace engagement::engine
