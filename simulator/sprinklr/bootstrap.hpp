#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace engagement::simulator::sprinklr {

// GET /api/v1/bootstrap/resources: the full list of one type, without paging (reference 3.2). nullopt: no such type.
// The accounts have a key that is no ASCII, and CLIENT_URL_SHORTNERS is an object.
std::optional<nlohmann::ordered_json> bootstrap_resources(std::string_view type);

// GET /api/v1/listening/topics.
nlohmann::ordered_json listening_topics();

}  // namespace engagement::simulator::sprinklr
