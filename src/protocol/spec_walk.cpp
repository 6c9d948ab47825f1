#include "protocol/spec_walk.hpp"

#include <algorithm>

#include "protocol/json_text.hpp"

namespace engagement::protocol {
namespace {

bool flag(const Json& schema, std::string_view keyword) {
  const Json* value = find_member(schema, keyword);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

// The one value that a property may have: its const, or its enum of one (which the platform's form takes for the same).
const Json* constant(const Json& schema) {
  if (const Json* value = find_member(schema, "const")) return value;
  const Json* values = find_member(schema, "enum");
  return values != nullptr && values->is_array() && values->size() == 1 ? &values->front() : nullptr;
}

}  // namespace

bool has_type(const Json& schema) { return find_member(schema, "type") != nullptr; }

bool allows_type(const Json& schema, std::string_view type) {
  const Json* types = find_member(schema, "type");
  if (types == nullptr) return false;
  if (types->is_array()) return std::find(types->begin(), types->end(), Json(type)) != types->end();
  return *types == Json(type);
}

bool is_required(const Json& object_schema, std::string_view name) {
  const Json* required = find_member(object_schema, "required");
  return required != nullptr && std::find(required->begin(), required->end(), Json(name)) != required->end();
}

bool is_secret(const Json& schema) { return flag(schema, "airbyte_secret"); }

bool holds_secret(const Json& schema) {
  if (is_secret(schema)) return true;
  if (!schema.is_structured()) return false;
  return std::any_of(schema.begin(), schema.end(), holds_secret);
}

std::optional<Discriminator> discriminator(const Json& schema) {
  const Json* variants = find_member(schema, "oneOf");
  if (variants == nullptr || !variants->is_array() || variants->empty()) return std::nullopt;
  const Json* first = find_member(variants->front(), "properties");
  if (first == nullptr) return std::nullopt;
  for (const auto& [name, property] : first->items()) {
    Discriminator found{name, {}};
    for (const auto& variant : *variants) {
      const Json* properties = find_member(variant, "properties");
      const Json* candidate = properties == nullptr ? nullptr : find_member(*properties, name);
      const Json* value = candidate == nullptr ? nullptr : constant(*candidate);
      if (value == nullptr) break;
      found.values.push_back(*value);
    }
    if (found.values.size() == variants->size()) return found;
  }
  return std::nullopt;
}

const Json* chosen_variant(const Json& value, const Json& schema) {
  const auto field = discriminator(schema);
  if (!field) return nullptr;
  const Json* given = find_member(value, field->field);
  if (given == nullptr) return nullptr;
  const auto found = std::find(field->values.begin(), field->values.end(), *given);
  if (found == field->values.end()) return nullptr;
  return &schema.at("oneOf")[static_cast<std::size_t>(found - field->values.begin())];
}

}  // namespace engagement::protocol
