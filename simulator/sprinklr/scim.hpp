#pragma once

#include <nlohmann/json.hpp>
#include <variant>

#include "simulator/common/http_text.hpp"
#include "simulator/sprinklr/entities.hpp"
#include "simulator/sprinklr/failure.hpp"

namespace engagement::simulator::sprinklr {

// GET /api/v2/scim/Users (reference 3.2): startIndex from 1, count 100 if absent, sortBy, sortOrder, and a filter of
// `id`, `userName` or `meta.lastModified` comparisons joined by `and`. The answer has no data wrapper.
std::variant<nlohmann::ordered_json, Failure> scim_users(const QueryFields& fields, const Entities& entities);

}  // namespace engagement::simulator::sprinklr
