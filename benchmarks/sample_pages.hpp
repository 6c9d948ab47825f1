#pragma once

#include <cstddef>
#include <string>

namespace engagement::benchmarks {

// Pages as CleverTap sends them, invented, always the same: events of about 1.1 KB, and profiles of about as much with
// the summary of their events.
std::string event_page(std::size_t records);
std::string profile_page(std::size_t records);

}  // namespace engagement::benchmarks
