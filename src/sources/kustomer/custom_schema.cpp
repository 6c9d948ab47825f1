#include "sources/kustomer/custom_schema.hpp"

#include <fmt/format.h>

#include <initializer_list>

#include "json/member_at.hpp"
#include "sources/kustomer/records/key_names.hpp"

namespace engagement::kustomer {

namespace {

using engine::Json;

// Which metadata a stream's `custom` has; empty: none.
std::string resource_of(const StreamRow& row) {
  if (row.kind != Kind::search) return {};
  if (klass_row(row.name)) return std::string(row.name.substr(std::string_view("kobjects_").size()));
  for (const char* resource : {"customer", "conversation", "company", "message"}) {
    if (row.object == resource) return resource;
  }
  return {};
}

Json nullable(std::initializer_list<const char*> types) {
  Json all = Json::array({"null"});
  for (const char* type : types) all.push_back(type);
  return {{"type", std::move(all)}};
}

}  // namespace

Json custom_attribute_schema(const std::string& name, const Json& metadata) {
  const auto flag = [&](const char* key) { return metadata.is_object() && metadata.value(key, Json()) == true; };
  const auto type = metadata.is_object() ? metadata.value("type", Json()) : Json();
  const auto is = [&](const char* suffix, const char* of_type) { return name.ends_with(suffix) || type == of_type; };
  if (flag("multi") || flag("array")) return nullable({"array"});
  // Old values keep the type that an attribute once had, and imports write what they like: text goes for any of them.
  if (is("Num", "number")) return nullable({"number", "string"});
  if (is("Bool", "boolean")) return nullable({"boolean", "string"});
  for (const char* suffix : {"Str", "Txt", "Url", "Tree", "Id", "At"}) {
    if (name.ends_with(suffix)) return nullable({"string", "number"});
  }
  if (type == "string" || type == "text" || type == "date") return nullable({"string", "number"});
  return nullable({"string", "number", "boolean", "array", "object"});
}

void CustomSchemas::add_to(engine::StreamDescription& description, const StreamRow& row, engine::Context& context,
                           const std::stop_token& stop) {
  const std::string resource = resource_of(row);
  if (resource.empty()) return;
  const Json& properties = properties_of(resource, context, stop);
  if (properties.empty()) return;
  Json schema{{"type", {"null", "object"}}, {"additionalProperties", true}, {"properties", Json::object()}};
  for (const auto& [name, metadata] : properties.items()) {
    const std::string key = layout_ == Layout::flat ? to_snake_case(name) : name;
    schema["properties"][key] = custom_attribute_schema(name, metadata);
  }
  Json& parent =
      layout_ == Layout::flat ? description.json_schema : description.json_schema["properties"]["attributes"];
  parent["properties"]["custom"] = std::move(schema);
}

std::vector<std::string> CustomSchemas::klasses(engine::Context& context, const std::stop_token& stop) {
  try {
    return klass_names(organisation_, context, stop, rest::Action::skip);
  } catch (const ConnectorError& error) {
    if (error.type() != FailureType::system) throw;
    context.log(engine::LogLevel::warn,
                fmt::format("The streams of single klasses are left out, because the klasses cannot be read: {}",
                            error.what()));
    return {};
  }
}

const Json& CustomSchemas::properties_of(const std::string& resource, engine::Context& context,
                                         const std::stop_token& stop) {
  const auto known = by_resource_.find(resource);
  if (known != by_resource_.end()) return known->second;
  Json& properties = by_resource_[resource] = Json::object();
  const RoleCaller caller(organisation_, "org.permission.metadata.read", rest::Action::skip,
                          {.action = rest::Action::skip});
  rest::Page page;
  try {
    // Where a klass has its metadata is not documented; a 404 leaves its attributes without types.
    if (!caller.call(organisation_->get("/v1/metadata/" + resource), "GET /v1/metadata/" + resource, page, context,
                     stop)) {
      if (page.response.status == 403) {
        context.warn_once("metadata",
                          "Custom attributes are listed without their types, because the API key lacks the role "
                          "org.permission.metadata.read");
      }
      return properties;
    }
  } catch (const ConnectorError& error) {
    if (error.type() != FailureType::system) throw;
    context.warn_once("metadata", fmt::format("Custom attributes are listed without their types: {}", error.what()));
    return properties;
  }
  if (page.records().empty()) return properties;
  const auto found = json::member_at(page.records().front().walker, "attributes.properties");
  auto parsed = Json::parse(found.value_or("{}"), nullptr, false);
  if (parsed.is_object()) properties = std::move(parsed);
  return properties;
}

}  // namespace engagement::kustomer
