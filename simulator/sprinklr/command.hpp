#pragma once

#include <functional>

#include "core/clock.hpp"

namespace CLI {
class App;
}

namespace engagement::simulator::sprinklr {

// Adds `sprinklr` and its options to the command line. When it was chosen, `action` is set to what runs the simulator
// until SIGTERM or SIGINT; it may throw ConnectorError.
void add_command(CLI::App& app, Clock& clock, std::function<void()>& action);

}  // namespace engagement::simulator::sprinklr
