#pragma once

// Holds what the connector writes to the Airbyte protocol. Slow to compile (valijson): include it in one file of a
// test.

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace engagement::test {

// tests/protocol/airbyte_protocol.schema.json: section 1 of the protocol, enums and required members taken strictly.
inline const valijson::Schema& protocol_schema() {
  static const valijson::Schema& schema = *[] {
    const std::string path = ENGAGEMENT_TEST_DATA_DIR "/protocol/airbyte_protocol.schema.json";
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot open " + path);
    const auto json = nlohmann::json::parse(file);
    auto* parsed = new valijson::Schema();  // for the life of the process; a Schema can be neither copied nor moved
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(json), *parsed);
    return parsed;
  }();
  return schema;
}

// What the platform's own code demands beyond the protocol's schema.
inline std::optional<std::string> platform_violation(const nlohmann::json& message) {
  const auto type = message["type"].get<std::string>();
  if (type == "RECORD" && message["record"]["data"].empty()) return "a record with `data: {}` is dropped";
  if (type != "STATE") return std::nullopt;
  const auto& state = message["state"];
  if (state["type"] != "STREAM") return "PyAirbyte takes no state but STREAM";
  if (!state["stream"].contains("stream_state")) return "a state without stream_state";
  if (state.contains("id")) return "the platform numbers states itself";
  if (!state.contains("sourceStats") || !state["sourceStats"].contains("recordCount")) return "no recordCount";
  if (!state["sourceStats"]["recordCount"].is_number_float()) return "recordCount without a decimal point";
  return std::nullopt;
}

// What is wrong with a line of the connector's output (with or without its '\n'), or nullopt where it is one legal
// message. nlohmann refuses a number as large as 1e999, which is legal: keep such values out of what comes here.
inline std::optional<std::string> protocol_violation(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  for (const std::string_view end : {"\n", "\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"}) {
    if (line.find(end) != std::string_view::npos) return "a line end inside of the line: " + std::string(line);
  }
  nlohmann::json message;
  try {
    message = nlohmann::json::parse(line);
  } catch (const nlohmann::json::exception& error) {
    return error.what() + (": " + std::string(line));
  }
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (!validator.validate(protocol_schema(), valijson::adapters::NlohmannJsonAdapter(message), &results)) {
    std::string all = std::string(line);
    for (const auto& error : results) {
      all += "\n  ";
      for (const auto& part : error.context) all += part;
      all += ": " + error.description;
    }
    return all;
  }
  if (const auto violation = platform_violation(message)) return *violation + ": " + std::string(line);
  return std::nullopt;
}

// Every line of `output`; nullopt also where there is none. The last line has to end in '\n'.
inline std::optional<std::string> protocol_violation_in_lines(std::string_view output) {
  while (!output.empty()) {
    const auto end = output.find('\n');
    if (end == std::string_view::npos) return "an unfinished line: " + std::string(output);
    if (const auto violation = protocol_violation(output.substr(0, end))) return violation;
    output.remove_prefix(end + 1);
  }
  return std::nullopt;
}

}  // namespace engagement::test
