#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace engagement::test {

// What is wrong with the lines of a connector's output by tests/protocol/airbyte_protocol.schema.json; nullopt where
// all are legal messages. In a file of its own, because what it stands on is slow to compile.
std::optional<std::string> protocol_violation_in_output(std::string_view output);

// A JSON Schema (draft-07) to hold many documents to. Throws std::runtime_error for what is no schema.
class JsonSchema {
 public:
  explicit JsonSchema(const nlohmann::ordered_json& schema);
  ~JsonSchema();
  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  std::optional<std::string> violation(const nlohmann::ordered_json& document) const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace engagement::test
