#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <unordered_map>
#include <vector>

#include "json/canonical_hash.hpp"

namespace engagement::kustomer {

// Which rows of a search have been seen, over several sweeps through its pages. Rows can leave meanwhile, and none can
// come: what is seen from some sweep on was there when that sweep began. So where that many different rows were seen as
// the search said then, none is missing, whatever has left since. Not thread safe. 64 bytes a row.
class Sightings {
 public:
  void begin_sweep() { sweeps_.emplace_back(); }
  // REQUIRES a sweep that was begun.
  void saw(const json::Hash128& id) {
    const std::size_t now = sweeps_.size() - 1;
    const auto [place, is_new] = last_seen_.try_emplace(id, now);
    if (!is_new) --sweeps_[place->second].last_seen;
    place->second = now;
    ++sweeps_[now].last_seen;
  }
  void told(std::size_t total) {
    Sweep& sweep = sweeps_.back();
    sweep.most = std::max(sweep.most.value_or(0), total);
    most_ = std::max(most_.value_or(0), total);
    latest_ = total;
  }

  // The total is one that no count of rows can reach, as far as is known.
  void told_no_end() { sweeps_.back().most = std::numeric_limits<std::size_t>::max(); }

  bool all() const {
    std::size_t seen = 0;
    std::size_t most = 0;
    for (auto sweep = sweeps_.rbegin(); sweep != sweeps_.rend(); ++sweep) {
      seen += sweep->last_seen;
      most = std::max(most, sweep->most.value_or(0));
      if (sweep->most && seen == most) return true;
    }
    return false;
  }
  std::size_t size() const { return last_seen_.size(); }
  // The largest total that was told, and the last.
  std::optional<std::size_t> most() const { return most_; }
  std::optional<std::size_t> latest() const { return latest_; }
  bool totals_fell() const { return latest_ < most_; }
  // More came than any total said.
  bool more_than_told() const { return most_ && *most_ < size(); }

 private:
  struct Sweep {
    std::size_t last_seen = 0;  // rows that no later sweep has seen
    std::optional<std::size_t> most;
  };
  struct HashOf {
    std::size_t operator()(const json::Hash128& id) const { return static_cast<std::size_t>(id.low); }
  };

  std::vector<Sweep> sweeps_;
  std::unordered_map<json::Hash128, std::size_t, HashOf> last_seen_;
  std::optional<std::size_t> most_;
  std::optional<std::size_t> latest_;
};

}  // namespace engagement::kustomer
