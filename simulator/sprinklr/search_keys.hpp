#pragma once

#include <string_view>
#include <vector>

#include "simulator/sprinklr/entities.hpp"

namespace engagement::simulator::sprinklr {

// What may be done with a key of an entity type: the vendor's tables of "Entity Type Supported Filters".
struct SearchKey {
  std::string_view name;
  std::string_view operations;  // "IN NIN …"
  bool is_map = false;          // `name.{customProperty id}` too
};

const std::vector<SearchKey>& search_keys(EntityType type);
// nullptr: there is no such key.
const SearchKey* find_search_key(EntityType type, std::string_view key);
bool allows(const SearchKey& key, std::string_view operation);
// The keys that results may be sorted by. The documentation lists none; these are those of its samples and the times.
bool is_sort_key(EntityType type, std::string_view key);

}  // namespace engagement::simulator::sprinklr
