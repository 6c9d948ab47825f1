#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/version.hpp"
#include "core/suggestion.hpp"

namespace engagement::cli {

namespace {

constexpr std::string_view kLinkPrefix = "source-";

std::string program_name(const std::string& argv0) { return argv0.substr(argv0.find_last_of('/') + 1); }

std::string examples(const std::string& program) {
  return fmt::format(R"(
Examples:
  {0} spec
  {0} check --config secrets/config.json
  {0} discover --config secrets/config.json
  {0} read --config secrets/config.json --catalog catalog.json
  {0} read --config secrets/config.json --catalog catalog.json --state state.json
  {0} read --config secrets/config.json --catalog catalog.json --state state.json --since 2026-01-01 --until 2026-01-31
  {0} queries --config secrets/config.json
  {0} docs

Messages of the Airbyte protocol go to standard output, one JSON object a line.)",
                     program);
}

// The parser, and the options it fills.
class CommandLine {
 public:
  explicit CommandLine(const std::string& program)
      : app_("An Airbyte source for customer-engagement platforms.", program) {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", version_text());
    app_.footer(examples(program));
    app_.add_option("--source", options_.source, "The source, where the program's name does not say it")
        ->type_name("NAME");
    app_.add_flag("--debug", options_.debug, "Log every request");
    add(Command::spec, "spec", "Print the specification of the configuration");
    add_config(add(Command::check, "check", "Prove that the configuration works"));
    add_config(add(Command::discover, "discover", "Print the streams there are"));
    auto* read = add(Command::read, "read", "Read the configured streams");
    add_config(read);
    read->add_option("--catalog", options_.catalog_path, "The configured catalog, a JSON file")
        ->required()
        ->type_name("FILE");
    read->add_option("--state", options_.state_path, "The state of the last sync, a JSON file")->type_name("FILE");
    auto* since = read->add_option("--since", options_.since,
                                   "Backfill: read just this period, past the state; the state goes out as it came")
                      ->type_name("YYYY-MM-DD");
    auto* until =
        read->add_option("--until", options_.until, "Backfill: its last day, inclusive")->type_name("YYYY-MM-DD");
    since->needs(until);
    until->needs(since);
    add_config(add(Command::queries, "queries", "Print the queries of the query sheet as they will be asked"));
    add(Command::docs, "docs", "Print the table of streams in Markdown");
  }

  Options parse(const std::vector<std::string>& arguments) {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend() - 1);
    app_.parse(reversed);
    return options_;
  }

  // --help, --version or a usage error.
  ParsedOptions explain(const CLI::ParseError& error, const std::vector<std::string>& arguments) const {
    ParsedOptions parsed;
    std::ostringstream out;
    std::ostringstream errors;
    parsed.exit_code = app_.exit(error, out, errors);
    parsed.text = out.str();
    if (parsed.exit_code == 0) return parsed;
    parsed.exit_code = 2;
    parsed.text_to_stderr = true;
    const auto unknown = unknown_word(arguments);
    parsed.text = fmt::format("{}: {}\nRun with --help for the commands and their options.\n", app_.get_name(),
                              unknown.empty() ? error.what() : unknown);
    return parsed;
  }

 private:
  CLI::App* add(Command command, const std::string& name, const std::string& description) {
    auto* subcommand = app_.add_subcommand(name, description);
    subcommand->fallthrough();
    subcommand->callback([this, command] { options_.command = command; });
    return subcommand;
  }

  void add_config(CLI::App* subcommand) {
    subcommand->add_option("--config", options_.config_path, "The configuration, a JSON file")
        ->required()
        ->type_name("FILE");
    subcommand->add_flag("--update-config", options_.update_config,
                         "Replace the --config file when a token in it was replaced; for runs without a platform");
  }

  // What is wrong with the first word that looks like a misspelt command or option; the parser may complain of what is
  // missing for that reason. Empty: there is none.
  static std::string unknown_word(const std::vector<std::string>& arguments) {
    const std::vector<std::string> known = {"spec",     "check",   "discover",  "read",           "docs",    "queries",
                                            "--config", "--help",  "--catalog", "--state",        "--debug", "--source",
                                            "--since",  "--until", "--version", "--update-config"};
    for (auto word = arguments.begin() + 1; word < arguments.end(); ++word) {
      const std::string name = word->substr(0, word->find('='));
      const bool is_value = !name.starts_with('-') && (word - 1)->starts_with("--");
      if (is_value || std::find(known.begin(), known.end(), name) != known.end()) continue;
      if (const auto hint = did_you_mean(name, known); !hint.empty()) {
        return fmt::format("there is no {} \"{}\"; {}", name.starts_with('-') ? "option" : "command", name, hint);
      }
    }
    return {};
  }

  CLI::App app_;
  Options options_;
};

// Why the source cannot be told, or an empty text.
std::string source_problem(const std::string& source, const std::vector<std::string>& names) {
  const auto list = fmt::format("{}", fmt::join(names, ", "));
  if (source.empty())
    return fmt::format("no source given: add --source NAME (one of: {}) or call the program source-NAME", list);
  if (std::find(names.begin(), names.end(), source) != names.end()) return {};
  const auto hint = did_you_mean(source, names);
  return fmt::format("there is no source \"{}\" (there are: {}){}", source, list, hint.empty() ? "" : "; " + hint);
}

}  // namespace

ParsedOptions parse_options(const std::vector<std::string>& arguments, const std::vector<std::string>& source_names) {
  const std::string program = program_name(arguments.at(0));
  CommandLine line(program);
  try {
    Options options = line.parse(arguments);
    if (options.source.empty() && program.starts_with(kLinkPrefix)) options.source = program.substr(kLinkPrefix.size());
    if (options.command == Command::docs && options.source.empty()) return {options, {}, false, 0};
    if (const auto problem = source_problem(options.source, source_names); !problem.empty()) {
      return {std::nullopt, fmt::format("{}: {}\n", program, problem), true, 2};
    }
    return {options, {}, false, 0};
  } catch (const CLI::ParseError& error) {
    return line.explain(error, arguments);
  }
}

}  // namespace engagement::cli
