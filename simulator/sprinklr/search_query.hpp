#pragma once

#include <nlohmann/json.hpp>
#include <variant>

#include "simulator/sprinklr/entities.hpp"
#include "simulator/sprinklr/failure.hpp"

namespace engagement::simulator::sprinklr {

// The body of POST /api/v2/search/{entityType} (reference 3.1 and the vendor's page "Search by Entity").
struct SearchQuery {
  EntityType type{};
  nlohmann::json filter;  // null, or judged to be right
  struct TimeFilter {
    std::string key;
    std::int64_t since = 0, until = 0;  // epoch ms, both inclusive
  };
  std::optional<TimeFilter> time;
  std::string sort_key;  // empty: in order of creation
  bool descending = false;
  std::uint64_t start = 0;  // a page's number, as the vendor's sample has it
  std::uint64_t size = 20;
  bool count = false;
};

// Unknown keys, operations that a key does not have, a MESSAGE search without a timeFilter, a COMMENT search without
// entityId and entityType are refused.
std::variant<SearchQuery, Failure> parse_search(EntityType type, const nlohmann::json& body, const Options& options);

// The entities that match, sorted. Values are compared as numbers where both are numbers (also as text).
std::vector<Entity> run_search(const SearchQuery& query, const Entities& entities);

}  // namespace engagement::simulator::sprinklr
