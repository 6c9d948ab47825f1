#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "simulator/kustomer/organisation.hpp"

namespace engagement::simulator::kustomer {

// Every row of a kind as it is now, in the order of the ids: that of lists. Kept until something changes. Thread safe.
class ById {
 public:
  std::shared_ptr<const std::vector<Row>> rows(Kind kind, const Organisation& organisation);

 private:
  std::mutex mutex_;
  std::map<Kind, std::pair<std::shared_ptr<const Snapshot>, std::shared_ptr<const std::vector<Row>>>> known_;
};

}  // namespace engagement::simulator::kustomer
