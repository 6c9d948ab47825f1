#include "simulator/sprinklr/audit.hpp"

#include <algorithm>

#include "simulator/sprinklr/report_objects.hpp"
#include "simulator/sprinklr/report_query.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::uint64_t entries_of(const Entity& entity) { return 1 + entity.key % 150; }

ordered_json entry(const Entity& entity, std::uint64_t number) {
  const ordered_json change = {{"fieldName", number % 2 == 0 ? "status" : "_c_" + hex_id(2)},
                               {"oldValues", number == 0 ? ordered_json() : ordered_json::array({"Open"})},
                               {"newValues", ordered_json::array({"Closed – fermé"})}};
  return {{"assetClass", "UNIVERSAL_CASE"},
          {"assetId", id_of(entity)},
          {"auditDate", entity.created + static_cast<std::int64_t>(number) * 60'000},
          {"userId", 66'000'000 + entity.key % 40},
          {"changes", ordered_json::array({change})}};
}

}  // namespace

std::variant<ordered_json, Failure> Audit::fetch(const json& body) {
  constexpr std::uint64_t kMost = 200;
  if (!body.is_object() || !body.contains("assetIds") || !body.at("assetIds").is_array()) {
    return invalid_request("assetIds is required");
  }
  if (body.value("assetClass", json()) != "UNIVERSAL_CASE") return invalid_request("assetClass is not supported");
  const auto limit = body.contains("limit") ? whole_number(body.at("limit")) : std::optional<std::int64_t>(50);
  if (!limit || *limit < 1 || static_cast<std::uint64_t>(*limit) > kMost) {
    return invalid_request("limit must be between 1 and 200");
  }
  Trail trail;
  trail.limit = static_cast<std::uint64_t>(*limit);
  trail.descending = body.value("order", json("DESC")) != "ASC";
  const std::vector<Entity> cases = entities_.all(EntityType::kCase);
  for (const json& id : body.at("assetIds")) {
    const auto found =
        std::find_if(cases.begin(), cases.end(), [&id](const Entity& each) { return id == id_of(each); });
    if (found != cases.end()) trail.cases.push_back(*found);
  }
  return page(trail);
}

std::variant<ordered_json, Failure> Audit::next(const std::string& cursor) {
  Trail trail;
  {
    const std::lock_guard lock(mutex_);
    const auto found = trails_.find(cursor);
    if (found == trails_.end()) return invalid_request("the cursor is invalid or has expired");
    trail = found->second;
  }
  return page(trail);
}

ordered_json Audit::page(const Trail& trail) {
  ordered_json results = ordered_json::array();
  std::uint64_t before = 0;
  for (const Entity& entity : trail.cases) {
    const std::uint64_t entries = entries_of(entity);
    for (std::uint64_t at = 0; at < entries; ++at) {
      const std::uint64_t place = before + at;
      if (place < trail.at || place >= trail.at + trail.limit) continue;
      results.push_back(entry(entity, trail.descending ? entries - 1 - at : at));
    }
    before += entries;
  }
  ordered_json data;
  data["results"] = std::move(results);
  if (trail.at + trail.limit >= before) return data;
  Trail rest = trail;
  rest.at += trail.limit;
  const std::lock_guard lock(mutex_);
  const std::string cursor = hex_id(0xAD17 + ++made_);
  trails_[cursor] = std::move(rest);
  data["cursor"] = cursor;
  return data;
}

}  // namespace engagement::simulator::sprinklr
