#include "simulator/sheets/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>

#include "core/error.hpp"
#include "simulator/common/until_signal.hpp"
#include "simulator/sheets/service.hpp"

namespace engagement::simulator::sheets {

namespace {

// What was typed, before it is understood.
struct Typed {
  Options options;
  int port = 0;
  std::string sheet_file, faults_file, key_file;
  std::int64_t latency_ms = 0, token_seconds = 3'600;
};

nlohmann::json json_file(const std::string& name) {
  std::ifstream file(name);
  nlohmann::json content = nlohmann::json::parse(file, nullptr, false);
  if (content.is_discarded()) throw config_error(name + " holds no JSON, or cannot be read.");
  return content;
}

// For its owner alone, as becomes a private key.
void write_key(const std::string& name, const std::string& text) {
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const bool written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (file >= 0) ::close(file);
  if (!written) throw config_error(name + " cannot be written.");
}

void run(const Typed& typed, Clock& clock) {
  SignalWatch signals;  // before the first thread, so that all inherit the mask
  Options options = typed.options;
  options.latency = std::chrono::milliseconds(typed.latency_ms);
  options.token_life = std::chrono::seconds(typed.token_seconds);
  const nlohmann::json content =
      typed.sheet_file.empty() ? nlohmann::json{{"tabs", {{{"title", "Sheet1"}}}}} : json_file(typed.sheet_file);
  Service service(std::move(options), content, clock);
  if (!typed.faults_file.empty()) service.state().faults.replace(json_file(typed.faults_file));
  service.start(typed.port);
  if (!typed.key_file.empty()) {
    write_key(typed.key_file, service.state().account.key_file(service.state().token_uri()).dump(2) + "\n");
  }
  fmt::print("listening on {}\n", service.state().base_url);
  std::fflush(stdout);
  signals.wait();
  service.stop();
}

void add_options(CLI::App& command, Typed& typed) {
  Options& options = typed.options;
  command.add_option("--port", typed.port, "TCP port on 127.0.0.1; 0: any free one")->check(CLI::Range(0, 65535));
  command.add_option("--sheet", typed.sheet_file, "the spreadsheet, as JSON (default: one empty tab)")
      ->check(CLI::ExistingFile);
  command.add_option("--write-key", typed.key_file, "write the service account's key file there, when listening");
  command.add_option("--spreadsheet-id", options.spreadsheet_id)->capture_default_str();
  command.add_option("--api-key", options.api_key)->capture_default_str();
  command.add_flag("--private", options.is_private, "an API key may not read the spreadsheet");
  command.add_flag("--not-shared", options.not_shared, "the service account may not read the spreadsheet");
  command.add_flag("--view-only", options.view_only, "the service account may not write to it");
  command.add_option("--reads-per-minute", options.reads_per_minute, "of one caller; 0: any number")
      ->capture_default_str();
  command.add_option("--writes-per-minute", options.writes_per_minute, "of one caller; 0: any number")
      ->capture_default_str();
  command.add_option("--token-seconds", typed.token_seconds, "how long an access token is good")->capture_default_str();
  command.add_option("--latency-ms", typed.latency_ms, "think time of every request");
  command.add_option("--faults", typed.faults_file, "a JSON list of faults")->check(CLI::ExistingFile);
  // A negative number would become a very large one.
  const CLI::Validator not_negative(
      [](std::string& text) { return text.starts_with('-') ? "must not be negative" : std::string(); }, "");
  for (const char* name : {"--reads-per-minute", "--writes-per-minute", "--token-seconds", "--latency-ms"}) {
    command.get_option(name)->check(not_negative);
  }
}

}  // namespace

void add_command(CLI::App& app, Clock& clock, std::function<void()>& action) {
  CLI::App* command = app.add_subcommand("sheets", "Google Sheets: one spreadsheet, and the token endpoint");
  const auto typed = std::make_shared<Typed>();
  add_options(*command, *typed);
  command->callback([typed, &clock, &action] { action = [typed, &clock] { run(*typed, clock); }; });
}

}  // namespace engagement::simulator::sheets
