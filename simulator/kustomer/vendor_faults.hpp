#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "simulator/common/faults.hpp"
#include "simulator/kustomer/page.hpp"
#include "simulator/kustomer/rate_limit.hpp"

namespace engagement::simulator::kustomer {

// Every kind of fault this vendor's simulator knows.
const FaultKinds& fault_kinds();

// The failure that takes the place of a true answer (`error`, `rate429`, `expired`, `pod`, …), or nullopt.
std::optional<Reply> vendor_replacement(const Fault& fault, SystemTime now);

// What the fault makes of a true page (`timed_out`, `lying_total`, `no_links`, …).
void alter_page(const Fault& fault, Page& page);

// Pages that a fault put in between (`empty_page`, `repeat_page`): the rows of every later page of the same query come
// one page later, so that a patient reader misses none. Thread safe.
class ExtraPages {
 public:
  // `query` is what makes a query the same one, its page apart.
  void insert(const std::string& query, std::uint64_t page, bool empty);

  struct Place {
    std::uint64_t page = 1;  // whose rows are served; 0: before the first
    bool empty = false;      // none are served
  };
  Place find(const std::string& query, std::uint64_t page) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::map<std::uint64_t, bool>> pages_;
};

}  // namespace engagement::simulator::kustomer
