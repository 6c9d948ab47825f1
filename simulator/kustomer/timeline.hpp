#pragma once

#include <cstdint>

#include "core/clock.hpp"

namespace engagement::simulator::kustomer {

// When each of a kind's rows was updated last, and which of them are deleted, before anything changes: numbers 0, 1, 2,
// … in the order of their updatedAt, as a pure function, so that windows of millions of rows are found and counted
// without looking at them. Recent times hold more rows than old ones. Immutable, thread safe.
class Timeline {
 public:
  struct Shape {
    std::uint64_t seed = 0;
    std::uint64_t rows = 0;
    SystemTime first{}, last{};
    std::uint64_t one_deleted_in = 0;  // 0: none is
    std::uint64_t tied_rows = 0;       // so many share one updatedAt, ...
    SystemTime tied_at{};              // ... about this one
  };
  explicit Timeline(const Shape& shape);

  std::uint64_t rows() const { return shape_.rows; }
  // Does not decrease with the number. REQUIRES number < rows(), as below.
  SystemTime updated(std::uint64_t number) const;
  bool is_deleted(std::uint64_t number) const;

  // Rows updated before `time`: also the first number that was not.
  std::uint64_t before(SystemTime time) const;

  // Rows below `number` that are not deleted; `number` may be rows().
  std::uint64_t live_below(std::uint64_t number) const;
  // The number of the row that has `rank` rows below it that are not deleted, and is not deleted itself.
  std::uint64_t live(std::uint64_t rank) const;

 private:
  SystemTime untied(std::uint64_t number) const;
  std::uint64_t deleted_place(std::uint64_t block) const;

  Shape shape_;
  std::uint64_t tie_begin_ = 0, tie_end_ = 0;
  SystemTime tie_time_{};
};

}  // namespace engagement::simulator::kustomer
