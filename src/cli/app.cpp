#include "cli/app.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/signals.hpp"
#include "core/error.hpp"

namespace engagement {

// Generated from the list of sources in src/CMakeLists.txt.
std::vector<std::unique_ptr<engine::Source>> make_all_sources();

namespace cli {

namespace {

int run_command(Session& session) {
  switch (session.options.command) {
    case Command::spec:
      return run_spec(session);
    case Command::check:
      return run_check(session);
    case Command::discover:
      return run_discover(session);
    case Command::read:
      return run_read(session);
    case Command::queries:
      return run_queries(session);
    case Command::docs:
      break;
  }
  return 0;
}

// What leaves a command becomes a message; nothing leaves this function.
int run_reporting(Session& session) {
  try {
    try {
      return run_command(session);
    } catch (const ConnectorError& error) {
      session.writer.write(protocol::error_message(error, std::nullopt, session.clock.now()));
    } catch (const Stopped&) {
      // a signal, or nobody reads stdout any more: nothing to say
    } catch (const std::exception& error) {
      session.writer.write(protocol::log_message(protocol::LogLevel::fatal, error.what()));
      session.writer.write(protocol::error_message(
          system_error("Something went wrong in the connector. Please report it with the log.", error.what()),
          std::nullopt, session.clock.now()));
    }
  } catch (const std::exception&) {
    // stdout is gone
  }
  return 1;
}

// A file or a socket that is opened later must not become one of the standard descriptors: what is printed would go
// there. False: stdout is closed.
bool keep_standard_descriptors() {
  const bool stdout_open = fcntl(STDOUT_FILENO, F_GETFD) != -1;
  // open() takes the lowest free number, so these end when 0, 1 and 2 are taken.
  int descriptor = 0;
  while ((descriptor = open("/dev/null", O_RDWR)) >= 0 && descriptor <= STDERR_FILENO) {
  }
  if (descriptor >= 0) close(descriptor);
  return stdout_open;
}

using Sources = std::vector<std::unique_ptr<engine::Source>>;

int print_documentation(const Sources& sources, const std::string& name) {
  for (const auto& source : sources) {
    if (name.empty() || source->name() == name) fmt::print("{}", documentation_of(*source));
  }
  return 0;
}

// A usage error: the command is one of other sources.
int refuse_queries(const engine::Source& source, const Sources& sources) {
  std::string others;
  for (const auto& one : sources) {
    if (one->lists_queries()) others += fmt::format("{}{}", others.empty() ? "" : ", ", one->name());
  }
  fmt::print(stderr, "queries: the source {} has no query sheet; this is a command of: {}\n", source.name(), others);
  return 2;
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  if (!keep_standard_descriptors()) return 1;
  const auto sources = make_all_sources();
  std::vector<std::string> names;
  for (const auto& source : sources) names.emplace_back(source->name());
  const auto parsed = parse_options(arguments, names);
  if (!parsed.options) {
    fmt::print(parsed.text_to_stderr ? stderr : stdout, "{}", parsed.text);
    return parsed.exit_code;
  }
  if (parsed.options->command == Command::docs) return print_documentation(sources, parsed.options->source);
  const auto source = std::find_if(sources.begin(), sources.end(),
                                   [&](const auto& candidate) { return candidate->name() == parsed.options->source; });
  if (parsed.options->command == Command::queries && !(*source)->lists_queries())
    return refuse_queries(**source, sources);
  std::stop_source stop;
  engine::CriticalWork critical_work;
  Signals signals(stop, critical_work);
  Session session(*parsed.options, **source, stop, critical_work);
  const int exit_code = run_reporting(session);
  signals.die_of_received();
  return exit_code;
}

}  // namespace cli

}  // namespace engagement
