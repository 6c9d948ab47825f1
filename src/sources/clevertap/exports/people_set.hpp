#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace engagement::clevertap {

// Who has been delivered in this sync, as 64-bit hashes, in at most 64 MB, growth included: the set is cut into parts
// that grow one at a time. Thread safe.
class PeopleSet {
 public:
  enum class Added { yes, known, full };

  explicit PeopleSet(std::size_t most_bytes = std::size_t{64} << 20) : slots_per_part_(most_slots(most_bytes)) {}

  // `full`: the person may or may not be known, and has not been remembered.
  Added add(std::uint64_t person);

 private:
  static constexpr std::size_t kParts = 64;
  static constexpr std::size_t kFirstSlots = 64;

  struct Part {
    std::vector<std::uint64_t> slots;  // open addressing; 0: free
    std::size_t used = 0;
  };

  // So many that all parts, and one of them a second time while it grows, fit.
  static std::size_t most_slots(std::size_t most_bytes);
  static void insert(std::vector<std::uint64_t>& slots, std::uint64_t person);
  static bool contains(const std::vector<std::uint64_t>& slots, std::uint64_t person);
  void grow(Part& part) const;

  const std::size_t slots_per_part_;
  std::mutex mutex_;
  std::array<Part, kParts> parts_;
};

}  // namespace engagement::clevertap
