#pragma once

#include <string>
#include <vector>

#include "protocol/messages.hpp"

namespace engagement::protocol {

// The sentences of validate_config() for the keywords that a spec uses: type, const, enum, the bounds, pattern, format,
// required, properties, items, and oneOf by its discriminator. Empty where there is nothing to say about these.
std::vector<std::string> describe_violations(const Json& config, const Json& connection_specification);

}  // namespace engagement::protocol
