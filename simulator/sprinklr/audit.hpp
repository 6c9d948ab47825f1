#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "simulator/sprinklr/entities.hpp"
#include "simulator/sprinklr/failure.hpp"

namespace engagement::simulator::sprinklr {

// The audit trails of cases: 1 to 150 entries each, invented, and the cursors of their pages. Thread safe.
class Audit {
 public:
  explicit Audit(const Entities& entities) : entities_(entities) {}

  // POST /api/v2/audit/fetch: {"assetIds":[…],"assetClass":"UNIVERSAL_CASE","order":"DESC","limit":50}; unknown assets
  // have no entries. The value of the answer's `data`.
  std::variant<nlohmann::ordered_json, Failure> fetch(const nlohmann::json& body);
  std::variant<nlohmann::ordered_json, Failure> next(const std::string& cursor);

 private:
  struct Trail {
    std::vector<Entity> cases;
    bool descending = true;
    std::uint64_t limit = 50, at = 0;
  };
  nlohmann::ordered_json page(const Trail& trail);

  const Entities& entities_;
  std::mutex mutex_;
  std::uint64_t made_ = 0;
  std::map<std::string, Trail> trails_;  // by cursor
};

}  // namespace engagement::simulator::sprinklr
