#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "simulator/kustomer/organisation.hpp"

namespace engagement::simulator::kustomer {

// The custom attributes of customer, conversation, company, message, kobject or a klass (by its name, or "kobject_" and
// it: which of them Kustomer wants is not documented); nullopt for anything else.
std::optional<nlohmann::ordered_json> metadata_of(const Organisation& organisation, const std::string& resource);

}  // namespace engagement::simulator::kustomer
