#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "simulator/clevertap/corpus.hpp"
#include "simulator/clevertap/event_text.hpp"

namespace engagement::simulator::clevertap {

// The rows of one event's day within a longer list of rows.
struct DaySpan {
  std::size_t event = 0;
  Day day{};
  std::uint64_t first = 0;  // rows before it
  std::uint64_t rows = 0;
};

struct Truth {
  std::uint64_t events = 0;         // rows
  std::uint64_t distinct_rows = 0;  // rows but those that repeat another of the same event
  std::uint64_t distinct_people = 0;
};

// The CleverTap project as it is now: the corpus up to today, and what arrived late. Thread safe.
class Project {
 public:
  explicit Project(const Options& options);

  const Corpus& corpus() const { return corpus_; }
  const PersonText& people_text() const { return people_text_; }
  const EventText& event_text() const { return event_text_; }

  Day today() const;
  void set_today(Day day);
  // `rows` more rows of that day, from now on.
  void arrive(std::size_t event, Day day, std::uint64_t rows);
  // Changes whenever rows arrive or today does.
  std::uint64_t version() const;

  // The days from..to that have rows, none after today; of all events where `event` is nullopt.
  std::vector<DaySpan> spans(std::optional<std::size_t> event, Day from, Day to) const;
  // The distinct people of those rows, by number.
  std::vector<Person> people(const std::vector<DaySpan>& spans) const;
  Truth truth(std::optional<std::size_t> event, Day from, Day to) const;

 private:
  std::uint64_t rows(std::size_t event, Day day) const;  // REQUIRES mutex_

  const Corpus corpus_;
  const PersonText people_text_;
  const EventText event_text_;
  mutable std::mutex mutex_;
  Day today_;
  std::uint64_t version_ = 0;
  std::map<std::pair<std::size_t, Day>, std::uint64_t> late_;
};

// The row at `position` of the list that `spans` describe. REQUIRES position < the sum of their rows.
Row row_at(const Corpus& corpus, const std::vector<DaySpan>& spans, std::uint64_t position);
std::uint64_t rows_of(const std::vector<DaySpan>& spans);

}  // namespace engagement::simulator::clevertap
