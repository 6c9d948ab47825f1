#pragma once

#include <optional>

#include "simulator/clevertap/reports/list.hpp"

namespace engagement::simulator::clevertap {

// What /getSchema says of the events, the refused and never seen ones too, as the catalogue does not tell; and of the
// people's own properties. The shape of the properties is not published: either of `type` and `dataType` names the
// type, in any case, and what it says is often not what the values are.
ListAnswer event_schema(const Project& project, const Options& options);
ListAnswer user_property_schema();

}  // namespace engagement::simulator::clevertap
