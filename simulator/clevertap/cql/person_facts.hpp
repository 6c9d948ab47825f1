#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulator/clevertap/cql/condition.hpp"

namespace engagement::simulator::clevertap {

// What CQL may ask about one person. Profile and app fields are those of the exported record; demographics,
// technographics, reachability and place are invented beside it, as CleverTap exports none of them.
class PersonFacts {
 public:
  PersonFacts(const PersonText& people, Person person);

  // The values of a property: none, one, or one for each device.
  std::vector<nlohmann::json> values(PersonField field, const std::string& name) const;
  // Whether each filter holds for one of the values, and the place fits.
  bool satisfies(const Condition& condition) const;

 private:
  std::vector<nlohmann::json> app_values(const std::string& name) const;
  nlohmann::json demographic(const std::string& name) const;
  std::vector<nlohmann::json> technographics(const std::string& name) const;
  nlohmann::json reachability(const std::string& name) const;
  bool is_in(const Condition& condition) const;

  std::uint64_t key_;
  nlohmann::json record_;
};

// Whether anybody may have a property of that name: what else stands in a group is an "Invalid group".
bool is_known_person_property(PersonField field, const std::string& name);

}  // namespace engagement::simulator::clevertap
