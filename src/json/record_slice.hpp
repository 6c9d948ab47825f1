#pragma once

#include <string_view>

#include "json/value_walker.hpp"

namespace engagement::json {

// One record of a page: as sent, and where a walker finds it. Both point into the page and live as long as its text.
struct RecordSlice {
  std::string_view text;
  ValueWalker walker;
};

}  // namespace engagement::json
