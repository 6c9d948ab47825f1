// The one file that includes valijson, which takes long to compile.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "core/error.hpp"
#include "protocol/config.hpp"
#include "protocol/config_violations.hpp"

namespace engagement::protocol {
namespace {

// What valijson's adapter wants. Unlike the library's own conversion it keeps to one pass and no exceptions.
nlohmann::json to_plain(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: {
      auto result = nlohmann::json::object();
      for (const auto& [key, member] : value.items()) result[key] = to_plain(member);
      return result;
    }
    case Json::value_t::array: {
      auto result = nlohmann::json::array();
      for (const auto& element : value) result.push_back(to_plain(element));
      return result;
    }
    case Json::value_t::string:
      return value.get_ref<const std::string&>();
    case Json::value_t::boolean:
      return value.get<bool>();
    case Json::value_t::number_integer:
      return value.get<std::int64_t>();
    case Json::value_t::number_unsigned:
      return value.get<std::uint64_t>();
    case Json::value_t::number_float:
      return value.get<double>();
    default:
      return nullptr;
  }
}

// The spec as valijson shall see it: unknown fields are allowed, whatever it says; and no `format`, which valijson
// reads from values that are no text, throwing. describe_violations() judges formats.
void relax(nlohmann::json& schema) {
  if (!schema.is_object()) return;
  schema.erase("format");
  if (schema.value("additionalProperties", nlohmann::json()) == false) schema.erase("additionalProperties");
  if (const auto properties = schema.find("properties"); properties != schema.end() && properties->is_object()) {
    for (auto& property : *properties) relax(property);
  }
  if (const auto items = schema.find("items"); items != schema.end()) relax(*items);
  for (const char* keyword : {"oneOf", "anyOf", "allOf"}) {
    if (const auto variants = schema.find(keyword); variants != schema.end()) {
      for (auto& variant : *variants) relax(variant);
    }
  }
}

// valijson's path ("<root>", "[credentials]", "[0]") as ours.
std::string path_of(const std::vector<std::string>& context) {
  std::string path;
  for (const auto& part : context) {
    if (part.size() < 2 || part.front() != '[') continue;
    const std::string name = part.substr(1, part.size() - 2);
    const bool index = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
    path += index ? part : path.empty() ? name : '.' + name;
  }
  return path.empty() ? "The configuration" : path;
}

void validate(const nlohmann::json& config, const nlohmann::json& spec, valijson::ValidationResults& results) try {
  valijson::Schema schema;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(spec), schema);
  valijson::Validator validator;
  validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(config), &results);
} catch (const ConnectorError&) {
  throw;
} catch (const std::exception& error) {
  throw system_error("The configuration could not be checked, because this connector's own specification is faulty.",
                     error.what());
}

}  // namespace

std::vector<std::string> validate_config(const Json& config, const Json& connection_specification) {
  std::vector<std::string> sentences = describe_violations(config, connection_specification);
  if (!sentences.empty()) return sentences;

  nlohmann::json spec = to_plain(connection_specification);
  relax(spec);
  valijson::ValidationResults results;
  validate(to_plain(config), spec, results);
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    sentences.push_back(
        fmt::format("{}: is not what the specification allows ({})", path_of(error.context), error.description));
  }
  return sentences;
}

}  // namespace engagement::protocol
