#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "simulator/clevertap/options.hpp"

namespace engagement::simulator::clevertap {

using Person = std::uint32_t;

// One row of the corpus: all that its text is made of, but the flags.
struct Row {
  std::size_t event = 0;
  Day day{};
  std::uint64_t index = 0;  // within the event's day; that of the row it repeats, if it repeats one
  std::uint64_t key = 0;    // decides everything below and every invented value
  Person person = 0;
  std::chrono::seconds time_of_day{};
};

// The invented project: how many rows each event has on each day, and what each row is. Nothing is stored but the
// counts: a row is a pure function of (seed, event, day, index), so any number of them costs no memory. Immutable,
// thread safe.
class Corpus {
 public:
  // REQUIRES options.first_day <= options.last_day and at least one event.
  explicit Corpus(const Options& options);

  std::size_t events() const { return names_.size(); }
  std::string_view name(std::size_t event) const { return names_[event]; }
  std::optional<std::size_t> find(std::string_view name) const;  // exact and case sensitive, as CleverTap is

  Person people() const { return people_; }
  std::uint64_t seed() const { return seed_; }
  Day first_day() const { return first_day_; }
  Day last_day() const { return last_day_; }

  // Rows of that event on that day; 0 outside of first_day..last_day.
  std::uint64_t rows(std::size_t event, Day day) const;
  // `index` may exceed rows(): such rows are what arrives late.
  Row row(std::size_t event, Day day, std::uint64_t index) const;
  // Whether the row is like no earlier one of its day; false for a repetition.
  bool is_first(std::size_t event, Day day, std::uint64_t index) const;

 private:
  std::uint64_t key(std::size_t event, Day day, std::uint64_t index) const;
  // The row repeats the one so many before it; 0: none.
  std::uint64_t repeats(std::size_t event, Day day, std::uint64_t index) const;

  std::uint64_t seed_;
  std::vector<std::uint64_t> event_seeds_;
  double duplicates_;
  Person people_;
  Day first_day_, last_day_;
  std::vector<std::string> names_;
  std::vector<std::vector<std::uint64_t>> offsets_;  // per event: rows before each day, and all of them at the end
};

}  // namespace engagement::simulator::clevertap
