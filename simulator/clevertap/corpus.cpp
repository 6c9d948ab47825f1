#include "simulator/clevertap/corpus.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::clevertap {

namespace {

// An export has whole multiples of 23 records a page, 4 991 by default: rows there repeat the row before, so that
// identical rows fall on both sides of a page's edge.
constexpr std::uint64_t kBuckets = 23;
constexpr std::uint64_t kDefaultPage = 4'991;
constexpr std::uint64_t kRepeatSalt = 0x5EED;

// Sundays are quiet: a reader that assumes equal days is found out.
double day_weight(Day day) {
  static constexpr double kWeights[] = {0.4, 1.0, 1.1, 0.9, 1.2, 1.3, 0.7};
  return kWeights[std::chrono::weekday(day).c_encoding()];
}

// Parts of `total` in the proportion of `weights`, as running sums that end at exactly `total`.
std::vector<std::uint64_t> running_shares(std::uint64_t total, const std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  std::vector<std::uint64_t> shares{0};
  double so_far = 0;
  for (const double weight : weights) {
    so_far += weight;
    shares.push_back(static_cast<std::uint64_t>(std::floor(static_cast<double>(total) * so_far / sum + 1e-6)));
  }
  shares.back() = total;
  return shares;
}

std::size_t days_between(Day first, Day last) { return static_cast<std::size_t>((last - first).count()); }

}  // namespace

Corpus::Corpus(const Options& options)
    : seed_(options.seed),
      duplicates_(options.duplicates),
      people_(static_cast<Person>(std::clamp<std::uint64_t>(
          options.profiles != 0 ? options.profiles : options.records / 5, 1, std::numeric_limits<Person>::max()))),
      first_day_(options.first_day),
      last_day_(options.last_day) {
  std::vector<double> event_weights, day_weights;
  for (const EventSpec& event : options.events) {
    names_.push_back(event.name);
    event_seeds_.push_back(mix(seed_, hash_of(event.name)));
    event_weights.push_back(event.weight);
  }
  for (Day day = first_day_; day <= last_day_; day += std::chrono::days(1)) day_weights.push_back(day_weight(day));
  const auto shares = running_shares(options.records, event_weights);
  for (std::size_t event = 0; event < names_.size(); ++event) {
    offsets_.push_back(running_shares(shares[event + 1] - shares[event], day_weights));
  }
}

std::optional<std::size_t> Corpus::find(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

std::uint64_t Corpus::rows(std::size_t event, Day day) const {
  if (day < first_day_ || day > last_day_) return 0;
  const std::size_t at = days_between(first_day_, day);
  return offsets_[event][at + 1] - offsets_[event][at];
}

std::uint64_t Corpus::key(std::size_t event, Day day, std::uint64_t index) const {
  const auto date = static_cast<std::uint64_t>(day_to_number(day));
  return mix(event_seeds_[event] ^ date, index);
}

std::uint64_t Corpus::repeats(std::size_t event, Day day, std::uint64_t index) const {
  if (index == 0 || duplicates_ <= 0) return 0;
  const std::uint64_t before =
      day >= first_day_ && day <= last_day_ ? offsets_[event][days_between(first_day_, day)] : 0;
  const std::uint64_t position = before + index;  // in an export from the first day
  if (position % kDefaultPage == 0) return 1;
  Draw draw(mix(key(event, day, index), kRepeatSalt));
  const double chance = position % kBuckets == 0 ? 6 * duplicates_ : 0.78 * duplicates_;
  if (static_cast<double>(draw.below(1'000'000)) >= chance * 1e6) return 0;
  const std::uint64_t kind = draw.below(10);  // seven of ten stand side by side
  const std::uint64_t distance = kind < 7 ? 1 : kind < 9 ? 2 + draw.below(40) : 2 + draw.below(2'000);
  return distance <= index ? distance : 0;
}

bool Corpus::is_first(std::size_t event, Day day, std::uint64_t index) const { return repeats(event, day, index) == 0; }

Row Corpus::row(std::size_t event, Day day, std::uint64_t index) const {
  while (const std::uint64_t distance = repeats(event, day, index)) index -= distance;
  Row row{event, day, index, key(event, day, index), 0, {}};
  row.person = static_cast<Person>(mix(row.key, 1) % people_);
  row.time_of_day = std::chrono::seconds(mix(row.key, 2) % 86'400);
  return row;
}

}  // namespace engagement::simulator::clevertap
