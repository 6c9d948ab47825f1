#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "simulator/sprinklr/options.hpp"
#include "simulator/sprinklr/present.hpp"

namespace engagement::simulator::sprinklr {

// What the search API calls entity types, in the order of the vendor's list (reference 3.1).
enum class EntityType : std::uint8_t {
  kMessage,
  kCase,
  kUser,
  kOutboundMessage,
  kCampaign,
  kSubCampaign,
  kComment,
  kSocialAsset,
  kTask,
  kAudienceActivity,
  kProfile,
  kCustomField,
  kTransaction
};
inline constexpr std::size_t kEntityTypes = 13;

std::optional<EntityType> entity_type(std::string_view name);
std::string_view name_of(EntityType type);

// One entity as it is now.
struct Entity {
  EntityType type{};
  std::uint64_t index = 0;                 // in order of creation
  std::uint64_t key = 0;                   // decides every invented value
  std::int64_t created = 0, modified = 0;  // epoch ms
  std::uint64_t touches = 0;               // how often it was changed by PUT touch
};

// The invented workspace's entities: each a pure function of (seed, type, index) but for what was touched. Those
// created later than now are not there yet; a modification later than now has not happened. Thread safe.
class Entities {
 public:
  Entities(const Options& options, const Present& present) : options_(options), present_(present) {}

  std::uint64_t count(EntityType type) const;                              // all, also those that are not there yet
  std::optional<Entity> find(EntityType type, std::uint64_t index) const;  // nullopt: not there (yet)
  std::vector<Entity> all(EntityType type) const;
  // The first `rows` entities there are were modified now.
  void touch(EntityType type, std::uint64_t rows);

 private:
  struct Touch {
    std::int64_t time = 0;
    std::uint64_t count = 0;
  };
  const Options& options_;
  const Present& present_;
  mutable std::mutex mutex_;
  std::map<std::pair<EntityType, std::uint64_t>, Touch> touched_;
};

// The whole record (fields as the vendor's page "Search by Entity" shows them; the values are invented).
nlohmann::ordered_json record_of(const Entity& entity);
// What identifies it: `messageId` of a message, `id` of everything else.
std::string id_of(const Entity& entity);

std::uint64_t number_of_case(const Entity& entity);

}  // namespace engagement::simulator::sprinklr
