#pragma once

#include <optional>

#include "cli/options.hpp"
#include "engine/stream.hpp"

namespace engagement::cli {

// The period to read again: --since and --until, else the configuration's `backfill`; nullopt: none is asked for.
// Throws a config ConnectorError for what is no day, or begins after its end.
std::optional<engine::Backfill> backfill_of(const Options& options, const engine::Json& config);

}  // namespace engagement::cli
