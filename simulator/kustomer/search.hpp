#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "simulator/kustomer/query.hpp"
#include "simulator/kustomer/record_text.hpp"

namespace engagement::simulator::kustomer {

// The search index of the organisation. Thread safe.
class Search {
 public:
  Search(Organisation& organisation, const RecordText& text) : organisation_(organisation), text_(text) {}

  // All that the query finds at this moment. `body` is the query's text, which recognises a result that is still known.
  std::shared_ptr<const Ordered> run(const Query& query, const std::string& body);

  // The rows of one page of it, tied rows in an order of this call's own unless the options want them stable.
  std::vector<Row> page(const Ordered& ordered, std::uint64_t begin, std::uint64_t end);

 private:
  struct Known {
    std::string body;
    bool archive = false;
    SystemTime horizon{};
    std::shared_ptr<const Snapshot> snapshot;
    std::shared_ptr<const Ordered> result;
  };
  bool matches(const Criteria& criteria, Kind kind, const Row& row) const;
  bool matches(const Criterion& criterion, Kind kind, const Row& row) const;
  Value value(const Criterion& criterion, Kind kind, const Row& row) const;
  std::shared_ptr<const Ordered> scan(const Query& query, const Ordered& candidates) const;

  Organisation& organisation_;
  const RecordText& text_;
  std::atomic<std::uint64_t> pages_{0};
  std::mutex mutex_;
  std::list<Known> known_;  // results that had to be made row by row, the latest first
};

}  // namespace engagement::simulator::kustomer
