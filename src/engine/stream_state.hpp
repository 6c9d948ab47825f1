#pragma once

#include <optional>
#include <string>

#include "core/error.hpp"
#include "engine/context.hpp"
#include "engine/stream.hpp"
#include "protocol/messages.hpp"

namespace engagement::engine {

// What the states of all streams have in common: {"version": 1, "sync_mode": "incremental"|"full_refresh", …} and, of a
// full refresh, "finished". See docs/state.md.
constexpr int kStateVersion = 1;

// A config ConnectorError that says why the state cannot be used and how to reset the stream.
ConnectorError unknown_state(const std::string& why);

// The members above, to add a stream's own to.
protocol::Json new_state(protocol::SyncMode mode);

// Throws unknown_state() unless the state is of this connector's version and was left by either mode.
void check_state(const protocol::Json& state);

// Whether the state was left by a full refresh that has not ended; whatever else a full refresh is handed is of no
// concern to it. Never throws.
bool is_unfinished_refresh(const protocol::Json& state);
// Whether the state was left by an incremental sync. Call check_state() before.
bool is_incremental_state(const protocol::Json& state);

// The time that a member holds; nullopt where it is absent. Throws unknown_state() for anything else.
std::optional<SystemTime> time_in_state(const protocol::Json& state, const char* key);
// Airbyte's tests want a sync from a state of the future to succeed without a record. So it does, with a warning.
void warn_of_future(SystemTime position, Context& context);
// The "cursor" that an incremental sync of a stream with one position goes on from; nullopt: from the start. A state of
// a later "start_date" than `start` has never read the time between. Throws unknown_state().
std::optional<SystemTime> cursor_in_state(const SyncRequest& request, std::optional<SystemTime> start,
                                          Context& context);

}  // namespace engagement::engine
