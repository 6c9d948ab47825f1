#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

// The versions of SLAs, as `included` has them: each SLA has as many as its currentVersion says.
nlohmann::ordered_json sla_versions(const Organisation& organisation, const std::vector<Row>& slas);

}  // namespace engagement::simulator::kustomer
