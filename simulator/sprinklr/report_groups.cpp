#include "simulator/sprinklr/report_groups.hpp"

#include <algorithm>
#include <numeric>

namespace engagement::simulator::sprinklr {

void ReportGroups::add(const ReportRow& row) {
  const auto& columns = cells_.query().columns;
  std::vector<std::string> dimensions(columns.size());
  std::string key;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (columns[at].is_metric()) continue;
    cells_.put_dimension(dimensions[at], columns[at], row);
    key.append(dimensions[at]).append(1, '\n');  // never raw in JSON text
  }
  const auto [place, is_new] = places_.emplace(std::move(key), groups_.size());
  if (is_new) groups_.push_back({std::move(dimensions), std::vector<Aggregate>(columns.size())});
  Group& group = groups_[place->second];
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (!columns[at].is_metric()) continue;
    const auto value = cells_.metric(columns[at], row);
    if (!value) continue;
    Aggregate& metric = group.metrics[at];
    metric.least = metric.values == 0 ? *value : std::min(metric.least, *value);
    metric.most = metric.values == 0 ? *value : std::max(metric.most, *value);
    metric.sum += *value;
    ++metric.values;
  }
}

std::optional<std::int64_t> ReportGroups::metric(const Group& group, std::size_t column) const {
  const Aggregate& metric = group.metrics[column];
  if (metric.values == 0) return std::nullopt;
  const std::string& function = cells_.query().columns[column].function;
  if (function == "AVG") return metric.sum / metric.values;
  if (function == "MIN") return metric.least;
  if (function == "MAX") return metric.most;
  return metric.sum;  // what STATS answers is not documented
}

bool ReportGroups::is_before(const Group& one, const Group& other) const {
  const ReportQuery& query = cells_.query();
  const std::size_t column = query.sort->column;
  if (query.columns[column].is_metric()) return metric(one, column).value_or(-1) < metric(other, column).value_or(-1);
  return one.dimensions[column] < other.dimensions[column];
}

std::vector<std::string> ReportGroups::rows() const {
  std::vector<std::size_t> order(groups_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (const auto& sort = cells_.query().sort) {
    std::stable_sort(order.begin(), order.end(), [this, &sort](std::size_t one, std::size_t other) {
      return sort->descending ? is_before(groups_[other], groups_[one]) : is_before(groups_[one], groups_[other]);
    });
  }
  std::vector<std::string> rows;
  for (const std::size_t at : order) {
    std::vector<std::string> cells = groups_[at].dimensions;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      if (cells_.query().columns[column].is_metric()) put_metric(cells[column], metric(groups_[at], column));
    }
    cells_.put_cells(rows.emplace_back(), cells);
  }
  return rows;
}

}  // namespace engagement::simulator::sprinklr
