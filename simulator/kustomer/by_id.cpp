#include "simulator/kustomer/by_id.hpp"

#include <algorithm>
#include <tuple>

#include "simulator/kustomer/ordered.hpp"

namespace engagement::simulator::kustomer {

std::shared_ptr<const std::vector<Row>> ById::rows(Kind kind, const Organisation& organisation) {
  const auto present = organisation.table(kind).present();
  const std::lock_guard lock(mutex_);
  auto& [snapshot, rows] = known_[kind];
  if (snapshot == present) return rows;
  const ByUpdated all(present, {}, true, false);
  auto sorted = std::make_shared<std::vector<Row>>(all.rows(0, all.size()));
  std::sort(sorted->begin(), sorted->end(), [](const Row& one, const Row& other) {
    return std::tie(one.created, one.number) < std::tie(other.created, other.number);
  });
  snapshot = present;
  rows = std::move(sorted);
  return rows;
}

}  // namespace engagement::simulator::kustomer
