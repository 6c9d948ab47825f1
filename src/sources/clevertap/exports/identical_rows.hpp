#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "json/canonical_hash.hpp"

namespace engagement::clevertap {

// Tells truly identical rows of one export apart: how many of the 5 000 rows before this one are the same. Memory is
// fixed, wherever pages end. Not thread safe.
class IdenticalRows {
 public:
  static constexpr std::size_t kWindow = 5000;

  IdenticalRows() : table_(kSlots) { ring_.reserve(kWindow); }

  // The ordinal of the next row: 0 for the first of its kind.
  std::uint32_t add(const json::Hash128& row);
  // A new export begins.
  void clear();

 private:
  static constexpr std::size_t kSlots = 8192;  // a power of two that the window fills to six tenths

  struct Slot {
    json::Hash128 row;
    std::uint32_t count = 0;  // 0: free
  };

  std::size_t find(const json::Hash128& row) const;
  void remove(const json::Hash128& row);

  std::vector<Slot> table_;          // open addressing, linear probing
  std::vector<json::Hash128> ring_;  // the window, oldest at next_
  std::size_t next_ = 0;
};

}  // namespace engagement::clevertap
