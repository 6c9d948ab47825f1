#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "simulator/sprinklr/report_cells.hpp"

namespace engagement::simulator::sprinklr {

// Groups events by the texts of their group-bys and aggregates their metrics. The rows come in the order in which their
// groups were first met, or sorted as the query says. `cells` must outlive it.
class ReportGroups {
 public:
  explicit ReportGroups(const ReportCells& cells) : cells_(cells) {}

  void add(const ReportRow& row);
  std::vector<std::string> rows() const;

 private:
  struct Aggregate {
    std::int64_t sum = 0, least = 0, most = 0, values = 0;  // in thousandths, but for the count
  };
  struct Group {
    std::vector<std::string> dimensions;  // the texts, in the columns' order; empty for a metric
    std::vector<Aggregate> metrics;       // in the columns' order; of a dimension unused
  };
  std::optional<std::int64_t> metric(const Group& group, std::size_t column) const;
  bool is_before(const Group& one, const Group& other) const;

  const ReportCells& cells_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<Group> groups_;
};

}  // namespace engagement::simulator::sprinklr
