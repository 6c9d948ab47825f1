#include "sources/clevertap/exports/identical_rows.hpp"

#include <algorithm>

namespace engagement::clevertap {

namespace {
constexpr std::size_t home(const json::Hash128& row, std::size_t slots) { return row.low & (slots - 1); }
}  // namespace

std::uint32_t IdenticalRows::add(const json::Hash128& row) {
  Slot& slot = table_[find(row)];
  slot.row = row;
  const std::uint32_t ordinal = slot.count++;
  if (ring_.size() < kWindow) {
    ring_.push_back(row);
  } else {  // after counting: the row that leaves is the 5 000th before this one
    remove(ring_[next_]);
    ring_[next_] = row;
    next_ = (next_ + 1) % kWindow;
  }
  return ordinal;
}

void IdenticalRows::clear() {
  std::fill(table_.begin(), table_.end(), Slot{});
  ring_.clear();
  next_ = 0;
}

// The slot of `row`, or the free one where it belongs.
std::size_t IdenticalRows::find(const json::Hash128& row) const {
  std::size_t index = home(row, kSlots);
  while (table_[index].count > 0 && !(table_[index].row == row)) index = (index + 1) % kSlots;
  return index;
}

void IdenticalRows::remove(const json::Hash128& row) {
  std::size_t hole = find(row);
  if (--table_[hole].count > 0) return;
  // Close the gap, so that no probe that once passed it stops there.
  for (std::size_t index = (hole + 1) % kSlots; table_[index].count > 0; index = (index + 1) % kSlots) {
    const std::size_t wanted = home(table_[index].row, kSlots);
    const bool reaches_hole = ((index - wanted) & (kSlots - 1)) >= ((index - hole) & (kSlots - 1));
    if (!reaches_hole) continue;
    table_[hole] = table_[index];
    table_[index].count = 0;
    hole = index;
  }
}

}  // namespace engagement::clevertap
