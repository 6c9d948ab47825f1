#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "core/error.hpp"
#include "simulator/clevertap/command.hpp"

int main(int argc, char** argv) {
  CLI::App app("A simulator of a vendor's API, on loopback, for demonstrations, tests and benchmarks.");
  app.require_subcommand(1);
  engagement::RealClock clock;
  std::function<void()> action;
  engagement::simulator::clevertap::add_command(app, clock, action);
  CLI11_PARSE(app, argc, argv);
  try {
    action();
  } catch (const engagement::ConnectorError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
  return 0;
}
