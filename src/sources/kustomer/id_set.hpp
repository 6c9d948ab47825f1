#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "json/canonical_hash.hpp"

namespace engagement::kustomer {

// A set of hashes of row ids, 16 bytes a place, at most half of them taken. Not thread safe.
class IdSet {
 public:
  // False: it was there.
  bool insert(const json::Hash128& id) {
    if ((size_ + 1) * 2 > places_.size()) grow();
    json::Hash128& place = places_[place_of(places_, id)];
    if (place == id) return false;
    place = id;
    ++size_;
    return true;
  }
  bool contains(const json::Hash128& id) const { return !places_.empty() && places_[place_of(places_, id)] == id; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear() {
    if (size_ == 0) return;
    if (places_.size() > kKept) places_ = std::vector<json::Hash128>();
    places_.assign(places_.size(), {});
    size_ = 0;
  }

 private:
  static constexpr std::size_t kKept = 4096;  // places; clearing a larger one costs more than making it anew

  // Where it stands or would stand. The zero hash marks a free place; no id has it (2^-128).
  static std::size_t place_of(const std::vector<json::Hash128>& places, const json::Hash128& id) {
    const std::size_t mask = places.size() - 1;
    std::size_t at = id.low & mask;
    while (!(places[at] == id) && !(places[at] == json::Hash128{})) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    std::vector<json::Hash128> larger(places_.empty() ? 1024 : places_.size() * 2);
    for (const auto& id : places_) {
      if (!(id == json::Hash128{})) larger[place_of(larger, id)] = id;
    }
    places_ = std::move(larger);
  }

  std::vector<json::Hash128> places_;
  std::size_t size_ = 0;
};

// What several slices of a sync might deliver twice because their periods overlap. Remembers at most so many; what does
// not fit is delivered again, which a primary key mends. Thread safe.
class DeliveredOnce {
 public:
  explicit DeliveredOnce(std::size_t most) : most_(most) {}

  // Whether the row has to be delivered by whoever asks.
  bool claim(const json::Hash128& row) {
    const std::lock_guard lock(mutex_);
    if (set_.size() >= most_) return !set_.contains(row);
    return set_.insert(row);
  }

 private:
  const std::size_t most_;
  std::mutex mutex_;
  IdSet set_;
};

}  // namespace engagement::kustomer
