#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages.hpp"

namespace engagement::protocol {

// What the files that read a config against its connectionSpecification share. `schema` is always the schema of the
// value in hand; null and odd members count as absent.

// Whether the schema says of what type the value is, and whether that may be `type`.
bool has_type(const Json& schema);
bool allows_type(const Json& schema, std::string_view type);
bool is_required(const Json& object_schema, std::string_view name);
bool is_secret(const Json& schema);
// Whether the schema or anything below it is secret: then no value of it is shown.
bool holds_secret(const Json& schema);

// The field whose constant tells the variants of a oneOf apart, with each variant's constant.
struct Discriminator {
  std::string field;
  std::vector<Json> values;  // by index of the variant
};
std::optional<Discriminator> discriminator(const Json& schema);

// The variant of the schema's oneOf that `value` chooses by its discriminator; nullptr where there is none.
const Json* chosen_variant(const Json& value, const Json& schema);

}  // namespace engagement::protocol
