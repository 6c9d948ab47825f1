#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "simulator/clevertap/cql/filter.hpp"
#include "simulator/clevertap/project.hpp"

namespace engagement::simulator::clevertap {

// Where a property of a person stands in CQL, also as the `property_type` of a group.
enum class PersonField { kProfile, kApp, kDemographics, kTechnographics, kReachability, kGeo };
std::optional<PersonField> person_field_named(std::string_view name);

struct PersonFilter {
  PersonField field;
  Filter filter;
};

// [country, region, city], of which the later ones may be missing.
using Place = std::vector<std::string>;
struct Circle {
  double latitude = 0, longitude = 0, radius_km = 0;
};

// Filters of an event's occurrence: its own properties and its session's. All must hold.
struct RowCondition {
  std::vector<Filter> event, session;
  bool empty() const { return event.empty() && session.empty(); }
};

// What someone did from one day to another: a member of did_all, of did_any's any_events or of did_none.
struct Deed {
  std::optional<std::size_t> event;  // nullopt: one that the corpus has no rows of
  Day from{}, to{};
  RowCondition rows;
};

// Any of the deeds, so many times in all: at least once in did_all and did_any, never in did_none.
struct Behaviour {
  std::vector<Deed> deeds;
  Operator op = Operator::kGreaterEquals;
  double times = 1;
  std::string text;  // the same for equal behaviours
};

// The filters of one query, all of which must hold; reference section 6. Immutable once parsed.
struct Condition {
  RowCondition rows;
  std::vector<PersonFilter> person;
  std::vector<Place> places;  // any of them, or of the circles
  std::vector<Circle> circles;
  std::vector<Behaviour> behaviours;
  std::string text;  // the same for equal conditions

  bool of_people() const { return !person.empty() || !places.empty() || !circles.empty() || !behaviours.empty(); }
};

// The filters in a request's body; nullptr if there are none. Members that CQL does not know, such as `did_not`, are
// ignored, as CleverTap does. Throws BadQuery.
std::shared_ptr<const Condition> parse_condition(const nlohmann::json& body, const Project& project,
                                                 const Options& options);

// The event's number, or nullopt for one that exists without rows. Throws BadQuery for one CleverTap does not know.
std::optional<std::size_t> event_named(const nlohmann::json& body, const Project& project, const Options& options);

// An integer or a text of digits, YYYYMMDD.
std::optional<Day> parse_day(const nlohmann::json& value);

}  // namespace engagement::simulator::clevertap
