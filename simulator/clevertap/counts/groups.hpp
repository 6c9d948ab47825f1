#pragma once

#include <nlohmann/json.hpp>

#include "simulator/clevertap/cql/selector.hpp"

namespace engagement::simulator::clevertap {

// Trends and top property values (reference section 4). `body` is the request's, of which the rows are selected
// already; the answer has one member for each group, under its label. Throw BadQuery.
nlohmann::ordered_json trends(const nlohmann::json& body, const Selection& selection, Selector& selector,
                              const Project& project);
nlohmann::ordered_json top_values(const nlohmann::json& body, const Selection& selection, Selector& selector,
                                  const Project& project);

// The body's groups, label by label. Throws BadQuery "Invalid group" where there is none, a group is no object, or a
// label would hide a member of the answer's own.
const nlohmann::json& groups_in(const nlohmann::json& body);

// Properties that events of the corpus may have.
bool is_known_event_property(const std::string& name);
bool is_known_session_property(const std::string& name);

}  // namespace engagement::simulator::clevertap
