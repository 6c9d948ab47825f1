#include "simulator/kustomer/table.hpp"

#include <algorithm>
#include <tuple>

namespace engagement::simulator::kustomer {

Row Snapshot::row(std::uint64_t number) const {
  if (const auto found = versions.find(number); found != versions.end()) return found->second;
  const SystemTime updated = timeline->updated(number);
  return {number, updated, created_at(number, updated), 0, timeline->is_deleted(number)};
}

bool Snapshot::exists(std::uint64_t number) const {
  return number < timeline->rows() || versions.find(number) != versions.end();
}

std::uint64_t Table::rows() const {
  const std::lock_guard lock(mutex_);
  return next_;
}

std::shared_ptr<const Snapshot> Table::build(SteadyTime now, SteadyTime& next_change) const {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->timeline = &timeline_;
  snapshot->created_at = created_at_;
  snapshot->rows = next_;
  for (const auto& [number, versions] : changes_) {
    const Version* seen = nullptr;
    for (const Version& version : versions) {
      if (version.visible <= now) {
        seen = &version;
      } else {
        next_change = std::min(next_change, version.visible);
      }
    }
    if (seen == nullptr) continue;
    snapshot->versions.emplace(number, seen->row);
    snapshot->all.extra.push_back(seen->row);
    if (!seen->row.deleted) snapshot->live.extra.push_back(seen->row);
    if (number >= timeline_.rows()) continue;
    snapshot->all.changed.push_back(number);
    if (!timeline_.is_deleted(number)) snapshot->live.changed.push_back(number);
  }
  for (Snapshot::Side* side : {&snapshot->live, &snapshot->all}) {
    std::sort(side->extra.begin(), side->extra.end(), [](const Row& one, const Row& other) {
      return std::tie(one.updated, one.number) < std::tie(other.updated, other.number);
    });
  }
  return snapshot;
}

std::shared_ptr<const Snapshot> Table::indexed(SteadyTime now) {
  const std::lock_guard lock(mutex_);
  if (!indexed_ || now >= indexed_until_) {
    indexed_until_ = SteadyTime::max();
    indexed_ = build(now, indexed_until_);
  }
  return indexed_;
}

std::shared_ptr<const Snapshot> Table::cached_present() {
  SteadyTime ignored = SteadyTime::max();
  if (!present_) present_ = build(SteadyTime::max(), ignored);
  return present_;
}

std::shared_ptr<const Snapshot> Table::present() {
  const std::lock_guard lock(mutex_);
  return cached_present();
}

bool Table::change(std::uint64_t number, SystemTime updated, bool deleted, SteadyTime visible) {
  const std::lock_guard lock(mutex_);
  if (number >= next_) return false;
  auto& versions = changes_[number];
  Row row;
  if (!versions.empty()) {
    row = versions.back().row;
  } else {
    const SystemTime before = timeline_.updated(number);
    row = {number, before, created_at_(number, before), 0, timeline_.is_deleted(number)};
  }
  row.updated = updated;
  row.deleted = deleted;
  ++row.revision;
  versions.push_back({row, visible});
  present_.reset();
  indexed_.reset();
  return true;
}

std::uint64_t Table::insert(SystemTime created, SteadyTime visible) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = next_++;
  changes_[number].push_back({{number, created, created, 0, false}, visible});
  present_.reset();
  indexed_.reset();
  return number;
}

}  // namespace engagement::simulator::kustomer
