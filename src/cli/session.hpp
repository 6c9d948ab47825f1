#pragma once

#include <stop_token>
#include <string>

#include "cli/config_publisher.hpp"
#include "cli/options.hpp"
#include "core/clock.hpp"
#include "core/random.hpp"
#include "core/redactor.hpp"
#include "engine/logger.hpp"
#include "engine/source.hpp"
#include "http/curl_client.hpp"
#include "protocol/writer.hpp"

namespace engagement::cli {

// What a command works with, made once: stdout, the log, the clock, the network. Everything outlives the command.
struct Session {
  Session(const Options& options_given, const engine::Source& source_chosen, std::stop_source stop_of_process,
          engine::CriticalWork& work_of_process);

  const Options& options;
  const engine::Source& source;
  std::stop_source stop;
  engine::CriticalWork& critical_work;
  Redactor redactor;
  protocol::StdoutSink sink;
  protocol::Writer writer;
  engine::Logger logger;
  RealClock clock;
  RealRandom random;
  http::CurlClient client;
  ConfigPublisher config_updates;

  // The configuration as read, mended and validated; its secrets are known to the redactor from then on.
  // Throws a config ConnectorError that lists everything that is wrong with it.
  engine::Json read_config();
  engine::Environment environment(const engine::Json& config);
};

// The content of a file. Throws a config ConnectorError that says why it cannot be read.
std::string read_file(const std::string& path, std::string_view what);

}  // namespace engagement::cli
