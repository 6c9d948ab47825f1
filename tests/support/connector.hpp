#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/process.hpp"

namespace engagement::test {

using Json = nlohmann::ordered_json;

// Whether the text of a log, an error or a status has these words.
inline bool says(const Json& message, const std::string& words) {
  return message.at("message").get<std::string>().find(words) != std::string::npos;
}

// What a run of the connector printed, and how it ended.
struct Output : Ended {
  // Whole lines; what stands behind the last '\n' is what a kill left of one.
  std::vector<std::string_view> lines() const {
    std::vector<std::string_view> result;
    std::string_view rest = out;
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      result.push_back(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    return result;
  }

  // The payloads of the messages of one type: what stands under "record", "state", "trace" …
  std::vector<Json> of(std::string_view type, const char* payload) const {
    std::vector<Json> result;
    const std::string prefix = R"({"type":")" + std::string(type) + '"';
    for (const auto line : lines()) {
      if (line.starts_with(prefix)) result.push_back(Json::parse(line).at(payload));
    }
    return result;
  }

  std::vector<Json> traces(std::string_view type, const char* payload) const {
    std::vector<Json> result;
    for (auto& trace : of("TRACE", "trace")) {
      if (trace.at("type") == type) result.push_back(trace.at(payload));
    }
    return result;
  }
  std::vector<Json> errors() const { return traces("ERROR", "error"); }
  std::vector<std::string> statuses(std::string_view stream) const {
    std::vector<std::string> result;
    for (const auto& status : traces("STREAM_STATUS", "stream_status")) {
      if (status.at("stream_descriptor").at("name") == stream) result.push_back(status.at("status"));
    }
    return result;
  }

  std::vector<Json> states(std::string_view stream) const {
    std::vector<Json> result;
    for (auto& state : of("STATE", "state")) {
      if (state.at("stream").at("stream_descriptor").at("name") == stream) result.push_back(std::move(state));
    }
    return result;
  }

  std::vector<Json> data(std::string_view stream) const {
    std::vector<Json> result;
    for (const auto line : record_lines(stream)) result.push_back(Json::parse(line).at("record").at("data"));
    return result;
  }

  // The record lines of a stream, unparsed: they may hold numbers that nlohmann refuses.
  std::vector<std::string_view> record_lines(std::string_view stream) const {
    std::vector<std::string_view> result;
    const std::string prefix = R"({"type":"RECORD","record":{"stream":")" + std::string(stream) + '"';
    for (const auto line : lines()) {
      if (line.starts_with(prefix)) result.push_back(line);
    }
    return result;
  }
  std::size_t records(std::string_view stream) const { return record_lines(stream).size(); }

  // The texts of a field that the connector puts before all that the vendor sent.
  std::multiset<std::string> values(std::string_view stream, const std::string& field) const {
    std::multiset<std::string> result;
    for (const auto line : record_lines(stream)) result.insert(value_in(line, field));
    return result;
  }

  // The same of several fields together.
  std::multiset<std::string> values(std::string_view stream, const std::vector<std::string>& fields) const {
    std::multiset<std::string> result;
    for (const auto line : record_lines(stream)) result.insert(values_in(line, fields));
    return result;
  }

  static std::string values_in(std::string_view record_line, const std::vector<std::string>& fields) {
    std::string all = value_in(record_line, fields.front());
    for (std::size_t at = 1; at < fields.size(); ++at) all += '\n' + value_in(record_line, fields[at]);
    return all;
  }

  // A text without its quotes, or a number as it was written.
  static std::string value_in(std::string_view record_line, const std::string& field) {
    const std::string name = '"' + field + "\":";
    const auto found = record_line.find(name, record_line.find(R"("data":{)"));
    if (found == std::string_view::npos) return {};
    const auto begin = found + name.size();
    if (record_line[begin] != '"') {
      return std::string(record_line.substr(begin, record_line.find_first_of(",}", begin) - begin));
    }
    auto end = begin + 1;
    while (record_line[end] != '"') end += record_line[end] == '\\' ? 2 : 1;
    return std::string(record_line.substr(begin + 1, end - begin - 1));
  }

  std::string log_text() const {
    std::string text;
    for (const auto& log : of("LOG", "log"))
      text += log.at("level").get<std::string>() + ' ' + log.at("message").get<std::string>() + '\n';
    return text;
  }
};

// Every value once, however often it came.
inline std::set<std::string> distinct(const std::multiset<std::string>& values) {
  return {values.begin(), values.end()};
}

// The states that a platform would keep: the last of each stream, as the list that it hands back.
inline Json last_states(const Output& output, Json states = Json::array()) {
  for (const auto& state : output.of("STATE", "state")) {
    const auto same = [&](const Json& kept) {
      return kept.at("stream").at("stream_descriptor") == state.at("stream").at("stream_descriptor");
    };
    const auto kept = std::find_if(states.begin(), states.end(), same);
    if (kept == states.end()) {
      states.push_back(state);
    } else {
      *kept = state;
    }
  }
  return states;
}

// The executable as one source, with files in a folder of its own. REQUIRES the macro ENGAGEMENT_SOURCE, the
// executable's path.
class Connector {
 public:
  static std::string executable() {
    const char* sanitized = sanitized_executable();
    return sanitized != nullptr ? sanitized : ENGAGEMENT_SOURCE;
  }

  explicit Connector(std::string source) : source_(std::move(source)) {
    std::string pattern = (std::filesystem::temp_directory_path() / "connector-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
  }
  ~Connector() { std::filesystem::remove_all(folder_); }
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

  // The path of a new file with that text.
  std::string file(const std::string& text) {
    const auto path = folder_ / (std::to_string(files_++) + ".json");
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  std::vector<std::string> command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {executable(), "--source", source_});
    return arguments;
  }

  std::vector<std::string> read_command(const Json& config, const Json& catalog,
                                        const std::optional<Json>& state = std::nullopt) {
    auto arguments = command({"read", "--config", file(config.dump()), "--catalog", file(catalog.dump())});
    if (state) arguments.insert(arguments.end(), {"--state", file(state->dump())});
    return arguments;
  }

  static Output finish(Process& process, Process::Seconds limit = Process::patience()) {
    return {process.finish(limit)};
  }
  static Output run_command(const std::vector<std::string>& command, const Process::Environment& environment = {}) {
    Process process(command, environment);
    return finish(process);
  }

  Output run(std::vector<std::string> arguments, const Process::Environment& environment = {}) const {
    return run_command(command(std::move(arguments)), environment);
  }
  Output check(const Json& config) { return run({"check", "--config", file(config.dump())}); }
  Output read(const Json& config, const Json& catalog, const std::optional<Json>& state = std::nullopt,
              const Process::Environment& environment = {}) {
    return run_command(read_command(config, catalog, state), environment);
  }

  // A configured catalog of the streams that `discover` gives, or of those named.
  Json catalog(const Json& config, const std::string& sync_mode, const std::set<std::string>& streams = {}) {
    const Output output = run({"discover", "--config", file(config.dump())});
    Json configured{{"streams", Json::array()}};
    const Json discovered = output.of("CATALOG", "catalog").at(0);
    for (const auto& stream : discovered.at("streams")) {
      if (!streams.empty() && !streams.contains(stream.at("name"))) continue;
      configured["streams"].push_back({{"stream", stream},
                                       {"sync_mode", sync_mode},
                                       {"destination_sync_mode", "append"},
                                       {"primary_key", nullptr}});
    }
    return configured;
  }

 private:
  std::string source_;
  std::filesystem::path folder_;
  int files_ = 0;
};

}  // namespace engagement::test
