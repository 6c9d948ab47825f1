#include "sources/clevertap/account_schema.hpp"

#include <string>

#include "core/lower_case.hpp"
#include "protocol/json_text.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;

// `type` and `dataType` are each seen where the other is expected.
std::string declared_type(const Json& property) {
  for (const char* key : {"type", "dataType"}) {
    const Json* type = protocol::find_member(property, key);
    if (type != nullptr && type->is_string()) return lower_case(type->get<std::string>());
  }
  return {};
}

bool is_single_value(const std::string& type) {
  return type == "string" || type == "number" || type == "boolean" || type == "date";
}

void add_property(const Json& property, Json& schemas) {
  const Json* name = protocol::find_member(property, "name");
  if (name == nullptr || !name->is_string()) return;
  const auto& text = name->get_ref<const std::string&>();
  const Json open = Json::object();
  const Json schema =
      is_single_value(declared_type(property)) ? Json{{"type", {"null", "string", "number", "boolean"}}} : open;
  // Two events may have a property of the same name: what fits both.
  if (const auto known = schemas.find(text); known != schemas.end() && *known != schema) {
    *known = open;
  } else {
    schemas[text] = schema;
  }
}

void add_properties(const Json* properties, Json& schemas) {
  if (properties == nullptr || !properties->is_array()) return;
  for (const auto& property : *properties) add_property(property, schemas);
}

void open_up(Json& schema, const char* member, const Json& properties) {
  if (properties.empty() || !schema.contains("properties") || !schema["properties"].contains(member)) return;
  schema["properties"][member]["properties"] = properties;
}

}  // namespace

Json event_property_schemas(const Json& catalogue) {
  Json schemas = Json::object();
  const Json* events = protocol::find_member(catalogue, "events");
  if (events == nullptr || !events->is_array()) return schemas;
  for (const auto& event : *events) add_properties(protocol::find_member(event, "properties"), schemas);
  return schemas;
}

Json user_property_schemas(const Json& catalogue) {
  Json schemas = Json::object();
  add_properties(protocol::find_member(catalogue, "userProperties"), schemas);
  return schemas;
}

void write_properties(const AccountProperties& properties, Json& stream_schema) {
  open_up(stream_schema, "event_props", properties.of_events);
  open_up(stream_schema, "profileData", properties.of_people);
  if (stream_schema.contains("properties") && stream_schema["properties"].contains("profile")) {
    open_up(stream_schema["properties"]["profile"], "profileData", properties.of_people);
  }
}

}  // namespace engagement::clevertap
