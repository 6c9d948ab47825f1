#include "cli/session.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/error.hpp"
#include "protocol/config.hpp"

namespace engagement::cli {

namespace {

bool debug_wanted(const Options& options) {
  const char* level = std::getenv("LOG_LEVEL");
  return options.debug || (level != nullptr && (std::strcmp(level, "debug") == 0 || std::strcmp(level, "DEBUG") == 0));
}

// libcurl quotes a proxy's address where it does not understand it.
void hide_proxy_passwords(Redactor& redactor) {
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"}) {
    const char* value = std::getenv(name);
    const std::string_view address = value == nullptr ? "" : value;
    const auto end = address.rfind('@');
    if (end == std::string_view::npos) continue;
    const auto begin = address.find("://");
    const auto user_info = address.substr(0, end).substr(begin == std::string_view::npos ? 0 : begin + 3);
    if (const auto colon = user_info.find(':'); colon != std::string_view::npos) {
      redactor.add_secret(user_info.substr(colon + 1));
    }
  }
}

}  // namespace

Session::Session(const Options& options_given, const engine::Source& source_chosen, std::stop_source stop_of_process,
                 engine::CriticalWork& work_of_process)
    : options(options_given),
      source(source_chosen),
      stop(std::move(stop_of_process)),
      critical_work(work_of_process),
      sink(1, stop),
      writer(sink, redactor, stop.get_token()),
      logger(writer, debug_wanted(options_given)),
      client(clock, {.user_agent = fmt::format("airbyte-source-{}/{}", source_chosen.name(), ENGAGEMENT_VERSION)}),
      config_updates(writer, redactor, clock, engine::Json::parse(source_chosen.connection_specification()),
                     options_given.update_config ? options_given.config_path : std::string()) {
  hide_proxy_passwords(redactor);
}

engine::Json Session::read_config() {
  engine::Json config = protocol::parse_config(read_file(options.config_path, "configuration"));
  const auto specification = engine::Json::parse(source.connection_specification());
  for (const auto& secret : protocol::secret_values(config, specification)) redactor.add_secret(secret);
  source.migrate_config(config);
  protocol::coerce_to_spec(config, specification);
  for (const auto& secret : protocol::secret_values(config, specification)) redactor.add_secret(secret);
  const auto problems = protocol::validate_config(config, specification);
  if (problems.empty()) return config;
  throw config_error(fmt::format("The configuration is not valid. {}", fmt::join(problems, " ")));
}

engine::Environment Session::environment(const engine::Json& config) {
  return {client,       clock,           random,        std::chrono::seconds(config.value("retry_seconds", 900)),
          std::nullopt, &config_updates, &critical_work};
}

std::string read_file(const std::string& path, std::string_view what) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) {
    throw config_error(fmt::format("The {} file {} cannot be read: it is a directory.", what, path));
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || file.bad() || text.bad()) {
    throw config_error(fmt::format("The {} file {} cannot be read: {}.", what, path, std::strerror(errno)));
  }
  return text.str();
}

}  // namespace engagement::cli
