#include "support/validation.hpp"

#include "support/protocol_schema.hpp"

namespace engagement::test {

std::optional<std::string> protocol_violation_in_output(std::string_view output) {
  return protocol_violation_in_lines(output);
}

struct JsonSchema::Parsed {
  nlohmann::json text;
  valijson::Schema schema;
};

JsonSchema::JsonSchema(const nlohmann::ordered_json& schema) : parsed_(std::make_unique<Parsed>()) {
  parsed_->text = nlohmann::json::parse(schema.dump());
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::NlohmannJsonAdapter(parsed_->text), parsed_->schema);
}

JsonSchema::~JsonSchema() = default;

std::optional<std::string> JsonSchema::violation(const nlohmann::ordered_json& document) const {
  const auto plain = nlohmann::json::parse(document.dump());
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(parsed_->schema, valijson::adapters::NlohmannJsonAdapter(plain), &results))
    return std::nullopt;
  std::string all = plain.dump();
  for (const auto& error : results) {
    all += "\n  ";
    for (const auto& part : error.context) all += part;
    all += ": " + error.description;
  }
  return all;
}

}  // namespace engagement::test
