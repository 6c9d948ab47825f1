#include "rest/time_windows.hpp"

#include <algorithm>

namespace engagement::rest {

std::vector<TimeWindow> cut_windows(SystemTime begin, SystemTime end, std::chrono::milliseconds width) {
  std::vector<TimeWindow> windows;
  while (begin < end) {
    const SystemTime next = std::min(end, begin + width);
    windows.push_back({begin, next});
    begin = next;
  }
  return windows;
}

bool DonePrefix::done(std::size_t slice) {
  done_[slice] = 1;
  const std::size_t before = length_;
  while (length_ < done_.size() && done_[length_] != 0) ++length_;
  return length_ != before;
}

}  // namespace engagement::rest
