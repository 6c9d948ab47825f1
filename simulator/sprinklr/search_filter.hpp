#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "simulator/sprinklr/entities.hpp"
#include "simulator/sprinklr/failure.hpp"

namespace engagement::simulator::sprinklr {

// What is wrong with a filter tree: its grammar, an unknown key, an operation that the key does not have.
std::optional<Failure> check_filter(EntityType type, const nlohmann::json& filter);

// Whether any leaf of the tree has that key.
bool names_key(const nlohmann::json& filter, std::string_view key);

// REQUIRES a filter that check_filter() accepts.
bool matches(const Entity& entity, const nlohmann::json& filter);

// The entity's time under that key, in epoch ms; nullopt if the key is none of its times.
std::optional<std::int64_t> time_of(const Entity& entity, std::string_view key);

}  // namespace engagement::simulator::sprinklr
