#include "simulator/clevertap/project.hpp"

#include <algorithm>

namespace engagement::simulator::clevertap {

Project::Project(const Options& options)
    : corpus_(options),
      people_text_(corpus_),
      event_text_(corpus_, people_text_, options.record_bytes),
      today_(options.today) {}

Day Project::today() const {
  const std::lock_guard lock(mutex_);
  return today_;
}

void Project::set_today(Day day) {
  const std::lock_guard lock(mutex_);
  today_ = day;
  ++version_;
}

void Project::arrive(std::size_t event, Day day, std::uint64_t rows) {
  const std::lock_guard lock(mutex_);
  late_[{event, day}] += rows;
  ++version_;
}

std::uint64_t Project::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

std::uint64_t Project::rows(std::size_t event, Day day) const {
  const auto late = late_.find({event, day});
  return corpus_.rows(event, day) + (late == late_.end() ? 0 : late->second);
}

std::vector<DaySpan> Project::spans(std::optional<std::size_t> event, Day from, Day to) const {
  const std::lock_guard lock(mutex_);
  // Late rows can lie outside of the corpus's days, but neither that nor a query of ten thousand years is to be slow.
  Day first = corpus_.first_day(), last = corpus_.last_day();
  for (const auto& [place, rows] : late_) {
    first = std::min(first, place.second);
    last = std::max(last, place.second);
  }
  std::vector<DaySpan> spans;
  std::uint64_t before = 0;
  for (std::size_t at = event.value_or(0); at < (event ? *event + 1 : corpus_.events()); ++at) {
    for (Day day = std::max(from, first); day <= std::min({to, last, today_}); day += std::chrono::days(1)) {
      const std::uint64_t count = rows(at, day);
      if (count == 0) continue;
      spans.push_back({at, day, before, count});
      before += count;
    }
  }
  return spans;
}

std::vector<Person> Project::people(const std::vector<DaySpan>& spans) const {
  std::vector<bool> seen(corpus_.people());
  for (const DaySpan& span : spans) {
    for (std::uint64_t index = 0; index < span.rows; ++index) {
      seen[corpus_.row(span.event, span.day, index).person] = true;
    }
  }
  std::vector<Person> people;
  for (Person person = 0; person < corpus_.people(); ++person) {
    if (seen[person]) people.push_back(person);
  }
  return people;
}

Truth Project::truth(std::optional<std::size_t> event, Day from, Day to) const {
  const std::vector<DaySpan> days = spans(event, from, to);
  Truth truth{rows_of(days), 0, people(days).size()};
  for (const DaySpan& span : days) {
    for (std::uint64_t index = 0; index < span.rows; ++index) {
      if (corpus_.is_first(span.event, span.day, index)) ++truth.distinct_rows;
    }
  }
  return truth;
}

Row row_at(const Corpus& corpus, const std::vector<DaySpan>& spans, std::uint64_t position) {
  const auto after = std::upper_bound(spans.begin(), spans.end(), position,
                                      [](std::uint64_t at, const DaySpan& span) { return at < span.first; });
  const DaySpan& span = *std::prev(after);
  return corpus.row(span.event, span.day, position - span.first);
}

std::uint64_t rows_of(const std::vector<DaySpan>& spans) {
  return spans.empty() ? 0 : spans.back().first + spans.back().rows;
}

}  // namespace engagement::simulator::clevertap
