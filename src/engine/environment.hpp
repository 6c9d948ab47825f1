#pragma once

#include <chrono>
#include <optional>

#include "core/clock.hpp"
#include "core/random.hpp"
#include "engine/config_updates.hpp"
#include "engine/critical_work.hpp"
#include "http/client.hpp"

namespace engagement::engine {

// What every conversation with a vendor stands on. Lives as long as the command; all members are thread safe.
struct Environment {
  http::Client& client;
  Clock& clock;
  Random& random;
  // How long a failing call is repeated before it counts as failed (the hidden config field `retry_seconds`).
  std::chrono::seconds retry_limit{900};
  // When the whole command must have answered (`check`); cuts every wait and transfer.
  std::optional<SteadyTime> deadline;
  // Never null in a command; tests of sources that keep no tokens leave it out.
  ConfigUpdates* config_updates = nullptr;
  // What a signal waits for; nullptr: for nothing.
  CriticalWork* critical_work = nullptr;
};

}  // namespace engagement::engine
