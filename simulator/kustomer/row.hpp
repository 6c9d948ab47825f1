#pragma once

#include <cstdint>

#include "core/clock.hpp"
#include "simulator/kustomer/kind.hpp"

namespace engagement::simulator::kustomer {

// One version of one row. All else about it follows from the seed, its kind, its number and its revision.
struct Row {
  std::uint64_t number = 0;
  SystemTime updated{};
  SystemTime created{};
  std::uint32_t revision = 0;  // how often it was changed since the simulator started
  bool deleted = false;
};

}  // namespace engagement::simulator::kustomer
