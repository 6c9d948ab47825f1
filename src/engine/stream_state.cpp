#include "engine/stream_state.hpp"

#include <fmt/format.h>

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

}  // namespace engagement::engine
