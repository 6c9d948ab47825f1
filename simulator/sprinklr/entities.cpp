#include "simulator/sprinklr/entities.hpp"

#include <algorithm>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::sprinklr {

namespace {

constexpr std::string_view kNames[kEntityTypes] = {
    "MESSAGE",    "CASE",         "USER", "OUTBOUND_MESSAGE",  "CAMPAIGN", "SUB_CAMPAIGN",
    "COMMENT",    "SOCIAL_ASSET", "TASK", "AUDIENCE_ACTIVITY", "PROFILE",  "CUSTOM_FIELD",
    "TRANSACTION"};

std::int64_t day_begin(Day day) { return std::chrono::milliseconds(day.time_since_epoch()).count(); }

}  // namespace

std::optional<EntityType> entity_type(std::string_view name) {
  const auto found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<EntityType>(found - std::begin(kNames));
}

std::string_view name_of(EntityType type) { return kNames[static_cast<std::size_t>(type)]; }

std::uint64_t Entities::count(EntityType type) const {
  const std::uint64_t cases = options_.entities;
  switch (type) {
    case EntityType::kMessage:
    case EntityType::kComment:
      return 2 * cases;
    case EntityType::kUser:
    case EntityType::kCampaign:
    case EntityType::kSubCampaign:
      return cases / 10;
    case EntityType::kCustomField:
      return std::min<std::uint64_t>(cases / 10, 60);
    default:
      return cases;
  }
}

std::optional<Entity> Entities::find(EntityType type, std::uint64_t index) const {
  constexpr std::uint64_t kThirtyDays = 30ULL * 86'400'000;
  if (index >= count(type)) return std::nullopt;
  const std::int64_t begin = day_begin(options_.first_day);
  const auto span = static_cast<std::uint64_t>(day_begin(options_.last_day + std::chrono::days(1)) - begin);
  const std::int64_t now = to_ms(present_.now());
  Entity entity;
  entity.type = type;
  entity.index = index;
  entity.key = mix(options_.seed ^ hash_of(name_of(type)), index);
  // Whole seconds, so that several have the same time.
  entity.created = (begin + static_cast<std::int64_t>(index * span / count(type))) / 1000 * 1000;
  if (entity.created > now) return std::nullopt;
  entity.modified = entity.created;
  if (entity.key % 3 != 0) {
    const auto later = static_cast<std::int64_t>(mix(entity.key) % kThirtyDays);
    entity.modified = (entity.created + later) / 60'000 * 60'000;
    if (entity.modified < entity.created || entity.modified > now) entity.modified = entity.created;
  }
  const std::lock_guard lock(mutex_);
  if (const auto touch = touched_.find({type, index}); touch != touched_.end()) {
    entity.modified = std::max(entity.modified, touch->second.time);
    entity.touches = touch->second.count;
  }
  return entity;
}

std::vector<Entity> Entities::all(EntityType type) const {
  std::vector<Entity> entities;
  for (std::uint64_t index = 0; index < count(type); ++index) {
    const auto entity = find(type, index);
    if (!entity) break;  // they are created in order
    entities.push_back(*entity);
  }
  return entities;
}

void Entities::touch(EntityType type, std::uint64_t rows) {
  const std::int64_t now = to_ms(present_.now());
  const std::lock_guard lock(mutex_);
  for (std::uint64_t index = 0; index < std::min(rows, count(type)); ++index) {
    Touch& touch = touched_[{type, index}];
    touch.time = now;
    ++touch.count;
  }
}

}  // namespace engagement::simulator::sprinklr
