#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/stream.hpp"
#include "sources/sprinklr/reports/report_definition.hpp"

namespace engagement::sprinklr {

// The columns that some records have, and the types of their values.
class ColumnSample {
 public:
  void add(const engine::Json& record);
  // In the order in which they came; the types as JSON Schema calls them.
  const std::vector<std::pair<std::string, std::set<std::string>>>& columns() const { return columns_; }

 private:
  std::vector<std::pair<std::string, std::set<std::string>>> columns_;
};

// Whether only the rows themselves tell which columns there are.
bool needs_sample(const ReportDefinition& report);

// The report's stream: measurements are numbers, dates text (milliseconds since 1970), other dimensions may be
// anything.
engine::StreamDescription describe_report(const ReportDefinition& report, const ColumnSample* sample = nullptr);

}  // namespace engagement::sprinklr
