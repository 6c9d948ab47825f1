#include "simulator/kustomer/timeline.hpp"

#include <algorithm>
#include <cmath>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::kustomer {

namespace {
enum : std::uint64_t { kMomentTimeSalt = 0x71AE, kMomentDeletedSalt };
constexpr double kTwoTo53 = 9007199254740992.0;

// The first number from `begin` up to `end` for which `is_past` holds.
template <typename Predicate>
std::uint64_t first_past(std::uint64_t begin, std::uint64_t end, const Predicate& is_past) {
  while (begin < end) {
    const std::uint64_t middle = begin + (end - begin) / 2;
    if (is_past(middle)) {
      end = middle;
    } else {
      begin = middle + 1;
    }
  }
  return begin;
}
}  // namespace

Timeline::Timeline(const Shape& shape) : shape_(shape) {
  const std::uint64_t tied = std::min(shape.tied_rows, shape.rows);
  if (tied == 0) return;
  const std::uint64_t wanted =
      first_past(0, shape.rows, [&](std::uint64_t number) { return untied(number) >= shape.tied_at; });
  tie_begin_ = std::min(wanted, shape.rows - tied);
  tie_end_ = tie_begin_ + tied;
  tie_time_ = std::clamp(shape.tied_at, untied(tie_begin_), untied(tie_end_ - 1));
}

// (number + a random part of one) / rows grows with the number, and so does every step after it, rounding included.
SystemTime Timeline::untied(std::uint64_t number) const {
  const double part = static_cast<double>(mix(shape_.seed ^ kMomentTimeSalt, number) >> 11U) / kTwoTo53;
  const double place = std::min((static_cast<double>(number) + part) / static_cast<double>(shape_.rows), 1.0);
  const double share = 1.0 - (1.0 - place) * (1.0 - place);
  const auto span = static_cast<double>((shape_.last - shape_.first).count());
  return shape_.first + std::chrono::milliseconds(static_cast<std::int64_t>(std::floor(span * share)));
}

SystemTime Timeline::updated(std::uint64_t number) const {
  return number >= tie_begin_ && number < tie_end_ ? tie_time_ : untied(number);
}

std::uint64_t Timeline::before(SystemTime time) const {
  return first_past(0, shape_.rows, [&](std::uint64_t number) { return updated(number) >= time; });
}

std::uint64_t Timeline::deleted_place(std::uint64_t block) const {
  return mix(shape_.seed ^ kMomentDeletedSalt, block) % shape_.one_deleted_in;
}

bool Timeline::is_deleted(std::uint64_t number) const {
  const std::uint64_t every = shape_.one_deleted_in;
  return every != 0 && number % every == deleted_place(number / every);
}

std::uint64_t Timeline::live_below(std::uint64_t number) const {
  const std::uint64_t every = shape_.one_deleted_in;
  if (every == 0) return number;
  const std::uint64_t block = number / every;
  return number - block - (deleted_place(block) < number % every ? 1 : 0);
}

std::uint64_t Timeline::live(std::uint64_t rank) const {
  const std::uint64_t every = shape_.one_deleted_in;
  if (every == 0) return rank;
  const std::uint64_t block = rank / (every - 1), place = rank % (every - 1);
  return block * every + place + (place >= deleted_place(block) ? 1 : 0);
}

}  // namespace engagement::simulator::kustomer
