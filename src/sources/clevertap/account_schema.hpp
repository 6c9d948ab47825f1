#pragma once

#include "engine/stream.hpp"

namespace engagement::clevertap {

// What the project's catalogue (GET /getSchema) says of its own properties.
struct AccountProperties {
  engine::Json of_events = engine::Json::object();  // property -> schema; empty: not known
  engine::Json of_people = engine::Json::object();
};

// The schemas of the properties that a catalogue lists, whatever event has them. CleverTap's type is what somebody
// chose in the dashboard: a property that is called a number comes as text too, and a date as `$D_1457271567`. So a
// property of a single value is typed as any single value, and one that may be nested is left open.
engine::Json event_property_schemas(const engine::Json& catalogue);
engine::Json user_property_schemas(const engine::Json& catalogue);

// Writes them into the open objects of a stream of events or profiles, wherever it has them.
void write_properties(const AccountProperties& properties, engine::Json& stream_schema);

}  // namespace engagement::clevertap
