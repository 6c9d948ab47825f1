#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engagement::cli {

enum class Command { spec, check, discover, read, queries, docs };

// What the command line asks for.
struct Options {
  Command command = Command::spec;
  std::string source;
  std::string config_path;
  std::string catalog_path;
  std::optional<std::string> state_path;
  std::optional<std::string> since;  // of a backfill: YYYY-MM-DD, both or neither
  std::optional<std::string> until;
  bool update_config = false;  // whether the --config file follows a configuration that the connector changes
  bool debug = false;
};

// The outcome of parsing: options, or a text to print and an exit code (--help, --version, a usage error).
struct ParsedOptions {
  std::optional<Options> options;
  std::string text;
  bool text_to_stderr = false;
  int exit_code = 0;
};

// `arguments` begins with argv[0]. The source is --source NAME or, where the program is called source-NAME, that.
ParsedOptions parse_options(const std::vector<std::string>& arguments, const std::vector<std::string>& source_names);

}  // namespace engagement::cli
