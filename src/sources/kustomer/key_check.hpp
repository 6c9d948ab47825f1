#pragma once

#include "engine/source.hpp"
#include "sources/kustomer/organisation.hpp"

namespace engagement::kustomer {

// Proves the key, and says for which streams it lacks a role. Throws ConnectorError.
engine::CheckReport check_key(const std::shared_ptr<const Organisation>& organisation, engine::Context& context,
                              const std::stop_token& stop);

}  // namespace engagement::kustomer
