#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages.hpp"

namespace engagement::protocol {

// Reads `--config`. Throws a config ConnectorError with line and column for what is not JSON, and for what is no
// object.
Json parse_config(std::string_view text);

// Makes a config written by hand or for an older connector fit the spec's types, in place: numbers and booleans given
// as text where the spec wants integer, number or boolean ("500", "true"); optional fields that are null or, where the
// spec wants no text, "" are removed. Only where nothing is lost; the rest is left for validation.
void coerce_to_spec(Json& config, const Json& connection_specification);

// Everything in `config` that the spec does not allow, one sentence each, naming the field by its title and path and
// saying what would be right: `Region (region): "us9" is not one of "", "eu1", … Did you mean "us1"?`. Empty: valid.
// Never shows the value of an airbyte_secret field. Unknown fields are allowed.
std::vector<std::string> validate_config(const Json& config, const Json& connection_specification);

// The texts of every airbyte_secret field of the spec (inside oneOf and arrays too) that `config` holds.
std::vector<std::string> secret_values(const Json& config, const Json& connection_specification);

}  // namespace engagement::protocol
