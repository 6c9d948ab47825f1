#include "protocol/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "protocol/json_text.hpp"
#include "protocol/spec_walk.hpp"

namespace engagement::protocol {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

template <typename Number>
std::optional<Number> whole_text_as(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return number;
}

// 500.0, which JSON Schema counts as an integer but validators and the code do not.
std::optional<std::int64_t> exact_integer(double number) {
  constexpr double kLargest = 9007199254740992.0;  // 2^53: up to here a double is exact
  if (std::trunc(number) != number || std::abs(number) > kLargest) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

// The text as what the spec wants, or nullopt where it is none or would lose something.
std::optional<Json> converted(std::string_view text, const Json& schema) {
  text = trimmed(text);
  if (allows_type(schema, "boolean")) {
    if (text == "true" || text == "True") return Json(true);
    if (text == "false" || text == "False") return Json(false);
  }
  if (allows_type(schema, "integer") || allows_type(schema, "number")) {
    if (const auto integer = whole_text_as<std::int64_t>(text)) return Json(*integer);
  }
  constexpr std::ptrdiff_t kExactDigits = 15;  // as many as a double keeps of every decimal number
  if (std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) > kExactDigits) return {};
  const auto real = whole_text_as<double>(text);
  if (real && std::isfinite(*real)) {
    if (allows_type(schema, "number")) return Json(*real);
    if (const auto integer = exact_integer(*real); integer && allows_type(schema, "integer")) return Json(*integer);
  }
  return std::nullopt;
}

void coerce_value(Json& value, const Json& schema);

void coerce_members(Json& object, const Json& schema) {
  const Json* properties = find_member(schema, "properties");
  if (properties == nullptr) return;
  for (const auto& [name, property] : properties->items()) {
    const auto member = object.find(name);
    if (member == object.end()) continue;
    const bool no_text = member->is_string() && trimmed(member->get_ref<const std::string&>()).empty() &&
                         has_type(property) && !allows_type(property, "string");
    if (!is_required(schema, name) && (member->is_null() || no_text)) {
      object.erase(member);
    } else {
      coerce_value(*member, property);
    }
  }
}

void coerce_value(Json& value, const Json& schema) {
  if (value.is_object()) {
    coerce_members(value, schema);
    if (const Json* variant = chosen_variant(value, schema)) coerce_members(value, *variant);
  } else if (value.is_array()) {
    const Json* items = find_member(schema, "items");
    if (items == nullptr) return;
    for (auto& element : value) coerce_value(element, *items);
  } else if (value.is_string() && has_type(schema) && !allows_type(schema, "string")) {
    if (auto better = converted(value.get_ref<const std::string&>(), schema)) value = std::move(*better);
  } else if (value.is_number_float() && allows_type(schema, "integer") && !allows_type(schema, "number")) {
    if (const auto integer = exact_integer(value.get<double>())) value = *integer;
  }
}

// Every scalar below a secret field, whatever type it was given.
void collect_texts(const Json& value, std::vector<std::string>& texts) {
  if (value.is_structured()) {
    for (const auto& member : value) collect_texts(member, texts);
  } else if (value.is_string()) {
    texts.push_back(value.get<std::string>());
  } else if (value.is_number()) {
    texts.push_back(value.dump());
  }
}

void collect_secrets(const Json& value, const Json& schema, std::vector<std::string>& texts) {
  if (is_secret(schema)) collect_texts(value, texts);
  // All variants, not only the chosen one: a config may hold what is left of another.
  for (const char* keyword : {"oneOf", "anyOf", "allOf"}) {
    const Json* variants = find_member(schema, keyword);
    if (variants == nullptr) continue;
    for (const auto& variant : *variants) collect_secrets(value, variant, texts);
  }
  if (value.is_object()) {
    const Json* properties = find_member(schema, "properties");
    if (properties == nullptr) return;
    for (const auto& [name, property] : properties->items()) {
      if (const Json* member = find_member(value, name)) collect_secrets(*member, property, texts);
    }
  } else if (value.is_array()) {
    const Json* items = find_member(schema, "items");
    if (items == nullptr) return;
    for (const auto& element : value) collect_secrets(element, *items, texts);
  }
}

}  // namespace

Json parse_config(std::string_view text) {
  if (is_blank(text)) throw config_error("The configuration (--config) is empty. Give a file with a JSON object.");
  Json config = parse_json_text(text, "configuration (--config)");
  if (!config.is_object()) {
    throw config_error(fmt::format("The configuration (--config) has to be a JSON object, not {}.", kind_of(config)));
  }
  return config;
}

void coerce_to_spec(Json& config, const Json& connection_specification) {
  coerce_value(config, connection_specification);
}

std::vector<std::string> secret_values(const Json& config, const Json& connection_specification) {
  std::vector<std::string> texts;
  collect_secrets(config, connection_specification, texts);
  std::vector<std::string> unique;
  for (auto& text : texts) {
    if (!text.empty() && std::find(unique.begin(), unique.end(), text) == unique.end()) {
      unique.push_back(std::move(text));
    }
  }
  return unique;
}

}  // namespace engagement::protocol
