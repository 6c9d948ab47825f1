#pragma once

#include <functional>

#include "core/clock.hpp"

namespace CLI {
class App;
}

namespace engagement::simulator::kustomer {

// Adds the subcommand `kustomer`. When it is chosen, `action` becomes what runs it.
void add_command(CLI::App& app, Clock& clock, std::function<void()>& action);

}  // namespace engagement::simulator::kustomer
