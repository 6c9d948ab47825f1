#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <unordered_set>

namespace engagement::engine {

// Whether a series of requests comes back to one that was sent before, and so would never end. Remembers a hash of each
// request, a word of memory a page. Not thread safe.
class LoopGuard {
 public:
  // False: this has been asked before.
  bool is_new(std::string_view request) { return seen_.insert(std::hash<std::string_view>()(request)).second; }

 private:
  std::unordered_set<std::size_t> seen_;
};

}  // namespace engagement::engine
