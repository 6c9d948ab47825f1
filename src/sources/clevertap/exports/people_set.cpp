#include "sources/clevertap/exports/people_set.hpp"

#include <algorithm>

namespace engagement::clevertap {

namespace {
// Nine of ten slots used: probes stay short enough, and the memory holds seven million people.
bool is_crowded(std::size_t used, std::size_t slots) { return used * 10 >= slots * 9; }

std::size_t home_slot(std::uint64_t person, std::size_t slots) { return ((person & 0xFFFFFFFF) * slots) >> 32; }
}  // namespace

std::size_t PeopleSet::most_slots(std::size_t most_bytes) {
  return std::max(kFirstSlots, most_bytes / sizeof(std::uint64_t) / (kParts + 1));
}

PeopleSet::Added PeopleSet::add(std::uint64_t person) {
  if (person == 0) person = 1;  // 0 marks a free slot
  const std::lock_guard lock(mutex_);
  Part& part = parts_[person >> 58];
  if (part.slots.empty()) part.slots.resize(kFirstSlots);
  if (contains(part.slots, person)) return Added::known;
  if (is_crowded(part.used + 1, part.slots.size())) {
    if (part.slots.size() >= slots_per_part_) return Added::full;
    grow(part);
  }
  insert(part.slots, person);
  ++part.used;
  return Added::yes;
}

bool PeopleSet::contains(const std::vector<std::uint64_t>& slots, std::uint64_t person) {
  std::size_t index = home_slot(person, slots.size());
  while (slots[index] != 0) {
    if (slots[index] == person) return true;
    index = index + 1 == slots.size() ? 0 : index + 1;
  }
  return false;
}

void PeopleSet::insert(std::vector<std::uint64_t>& slots, std::uint64_t person) {
  std::size_t index = home_slot(person, slots.size());
  while (slots[index] != 0) index = index + 1 == slots.size() ? 0 : index + 1;
  slots[index] = person;
}

void PeopleSet::grow(Part& part) const {
  std::vector<std::uint64_t> larger(std::min(part.slots.size() * 2, slots_per_part_));
  for (const std::uint64_t person : part.slots) {
    if (person != 0) insert(larger, person);
  }
  part.slots = std::move(larger);
}

}  // namespace engagement::clevertap
