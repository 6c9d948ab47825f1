#include "simulator/kustomer/ordered.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::kustomer {

namespace {

std::uint64_t extras_before(const std::vector<Row>& extra, SystemTime time) {
  const auto at =
      std::partition_point(extra.begin(), extra.end(), [time](const Row& row) { return row.updated < time; });
  return static_cast<std::uint64_t>(at - extra.begin());
}

std::uint64_t numbers_below(const std::vector<std::uint64_t>& numbers, std::uint64_t number) {
  return static_cast<std::uint64_t>(std::lower_bound(numbers.begin(), numbers.end(), number) - numbers.begin());
}

}  // namespace

ByUpdated::ByUpdated(std::shared_ptr<const Snapshot> snapshot, TimeRange range, bool include_deleted, bool descending)
    : snapshot_(std::move(snapshot)), range_(range), include_deleted_(include_deleted), descending_(descending) {
  range_.until = std::max(range_.from, range_.until);
  const std::uint64_t first = snapshot_->timeline->before(range_.from),
                      last = snapshot_->timeline->before(range_.until);
  first_rank_ = rank(first);
  last_rank_ = rank(last);
  changed_begin_ = numbers_below(side().changed, first);
  changed_end_ = numbers_below(side().changed, last);
  extra_begin_ = extras_before(side().extra, range_.from);
  extra_end_ = extras_before(side().extra, range_.until);
}

std::uint64_t ByUpdated::rank(std::uint64_t number) const {
  return include_deleted_ ? number : snapshot_->timeline->live_below(number);
}

std::uint64_t ByUpdated::base_rows() const { return last_rank_ - first_rank_ - (changed_end_ - changed_begin_); }

// The changed rows are holes in the timeline: so many of them lie before the wanted one.
std::uint64_t ByUpdated::base_number(std::uint64_t index) const {
  const auto& changed = side().changed;
  std::uint64_t low = changed_begin_, high = changed_end_;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const std::uint64_t unchanged_below = rank(changed[middle]) - first_rank_ - (middle - changed_begin_);
    if (unchanged_below <= index) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const std::uint64_t wanted = first_rank_ + index + (low - changed_begin_);
  return include_deleted_ ? wanted : snapshot_->timeline->live(wanted);
}

std::uint64_t ByUpdated::base_before(SystemTime time) const {
  const std::uint64_t number = snapshot_->timeline->before(time);
  const std::uint64_t below = std::clamp(rank(number), first_rank_, last_rank_) - first_rank_;
  const std::uint64_t changed = std::clamp(numbers_below(side().changed, number), changed_begin_, changed_end_);
  return below - (changed - changed_begin_);
}

// Of rows with the same time, the timeline's come first.
std::uint64_t ByUpdated::place_of_extra(std::uint64_t extra) const {
  return base_before(side().extra[extra].updated + std::chrono::milliseconds(1)) + (extra - extra_begin_);
}

std::vector<Row> ByUpdated::ascending(std::uint64_t begin, std::uint64_t end) const {
  std::uint64_t low = extra_begin_, high = extra_end_;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (place_of_extra(middle) < begin) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  std::uint64_t next_extra = low;
  std::uint64_t next_base = begin - (low - extra_begin_);
  std::vector<Row> found;
  found.reserve(end - begin);
  std::uint64_t extra_place = next_extra < extra_end_ ? place_of_extra(next_extra) : size();
  for (std::uint64_t place = begin; place < end; ++place) {
    if (place == extra_place) {
      found.push_back(side().extra[next_extra++]);
      extra_place = next_extra < extra_end_ ? place_of_extra(next_extra) : size();
      continue;
    }
    const std::uint64_t number = base_number(next_base++);
    const SystemTime updated = snapshot_->timeline->updated(number);
    const bool deleted = include_deleted_ && snapshot_->timeline->is_deleted(number);
    found.push_back({number, updated, snapshot_->created_at(number, updated), 0, deleted});
  }
  return found;
}

std::vector<Row> ByUpdated::rows(std::uint64_t begin, std::uint64_t end) const {
  if (!descending_) return ascending(begin, end);
  std::vector<Row> found = ascending(size() - end, size() - begin);
  std::reverse(found.begin(), found.end());
  return found;
}

std::pair<std::uint64_t, std::uint64_t> ByUpdated::tied(std::uint64_t place) const {
  const SystemTime time = rows(place, place + 1).front().updated;
  const auto below = [this](SystemTime limit) {
    const std::uint64_t extras = std::clamp(extras_before(side().extra, limit), extra_begin_, extra_end_);
    return base_before(limit) + extras - extra_begin_;
  };
  const std::uint64_t begin = below(time), end = below(time + std::chrono::milliseconds(1));
  return descending_ ? std::pair(size() - end, size() - begin) : std::pair(begin, end);
}

// Tied rows are neighbours: of the page, or of it and one just outside.
bool ByUpdated::has_ties(std::uint64_t begin, std::uint64_t end) const {
  const auto around = rows(begin > 0 ? begin - 1 : 0, std::min(end + 1, size()));
  return std::adjacent_find(around.begin(), around.end(), [](const Row& one, const Row& other) {
           return one.updated == other.updated;
         }) != around.end();
}

bool Listed::has_ties(std::uint64_t begin, std::uint64_t end) const {
  const auto first = groups_.begin() + static_cast<std::ptrdiff_t>(begin > 0 ? begin - 1 : 0);
  const auto last = groups_.begin() + static_cast<std::ptrdiff_t>(std::min(end + 1, size()));
  return std::adjacent_find(first, last) != last;
}

std::vector<Row> Listed::rows(std::uint64_t begin, std::uint64_t end) const {
  return {rows_.begin() + static_cast<std::ptrdiff_t>(begin), rows_.begin() + static_cast<std::ptrdiff_t>(end)};
}

std::pair<std::uint64_t, std::uint64_t> Listed::tied(std::uint64_t place) const {
  const auto [first, last] = std::equal_range(groups_.begin(), groups_.end(), groups_[place]);
  return {first - groups_.begin(), last - groups_.begin()};
}

std::vector<Row> shuffled_ties(const Ordered& ordered, std::uint64_t begin, std::uint64_t end, std::uint64_t salt) {
  std::vector<Row> page = ordered.rows(begin, end);
  if (!ordered.has_ties(begin, end)) return page;
  for (std::uint64_t place = begin; place < end;) {
    const auto [first, last] = ordered.tied(place);
    const std::uint64_t size = last - first, stop = std::min(last, end);
    if (size > 1) {
      // A walk in equal steps around the tied rows, that meets each once.
      Draw draw(mix(salt, first));
      const std::uint64_t start = draw.below(size);
      std::uint64_t step = 1 + draw.below(size);
      while (std::gcd(step, size) != 1) ++step;
      for (std::uint64_t at = place; at < stop; ++at) {
        const std::uint64_t other = first + (start + (at - first) % size * (step % size)) % size;
        page[at - begin] = ordered.rows(other, other + 1).front();
      }
    }
    place = stop;
  }
  return page;
}

}  // namespace engagement::simulator::kustomer
