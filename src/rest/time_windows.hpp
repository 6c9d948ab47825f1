#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "core/clock.hpp"

namespace engagement::rest {

// Half open: `begin` belongs to it, `end` to the next.
struct TimeWindow {
  SystemTime begin;
  SystemTime end;
};

// Windows of `width` from `begin` to `end`, without gap or overlap; the last may be shorter. None where begin >= end.
std::vector<TimeWindow> cut_windows(SystemTime begin, SystemTime end, std::chrono::milliseconds width);

// How many of a row of slices are done without a gap before them, when they may end in any order. Not thread safe.
class DonePrefix {
 public:
  explicit DonePrefix(std::size_t slices) : done_(slices, 0) {}

  // Returns whether this moved the prefix.
  bool done(std::size_t slice);
  std::size_t length() const { return length_; }

 private:
  std::vector<char> done_;
  std::size_t length_ = 0;
};

}  // namespace engagement::rest
