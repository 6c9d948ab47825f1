#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "core/error.hpp"
#include "simulator/clevertap/command.hpp"
#include "simulator/kustomer/command.hpp"
#include "simulator/sheets/command.hpp"
#include "simulator/sprinklr/command.hpp"

namespace {
constexpr int kUsageError = 2;
}

int main(int argc, char** argv) {
  CLI::App app("A simulator of a vendor's API, on loopback, for demonstrations, tests and benchmarks.");
  app.require_subcommand(1);
  engagement::RealClock clock;
  std::function<void()> action;
  engagement::simulator::clevertap::add_command(app, clock, action);
  engagement::simulator::kustomer::add_command(app, clock, action);
  engagement::simulator::sprinklr::add_command(app, clock, action);
  engagement::simulator::sheets::add_command(app, clock, action);
  try {
    app.parse(argc, argv);
    action();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  } catch (const engagement::ConnectorError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kUsageError;
  }
  return 0;
}
