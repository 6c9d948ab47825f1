#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/sprinklr/report_corpus.hpp"
#include "simulator/sprinklr/report_query.hpp"

namespace engagement::simulator::sprinklr {

// The text of an answer's cells (reference 2.3, "value typing"; every value is invented). A group-by value depends on
// the event, the dimension and the resolution alone, so it is the same in every answer; a metric grows when its event
// is restated. Immutable and thread safe.
class ReportCells {
 public:
  ReportCells(ReportQuery query, const Options& options, std::vector<std::int64_t> restated_since);

  const ReportQuery& query() const { return query_; }
  // Whether a group-by is different for each event, so that every event is a row of its own.
  bool is_per_event() const;

  void put_row(std::string& out, const ReportRow& row) const;
  void put_dimension(std::string& out, const Column& column, const ReportRow& row) const;
  // In thousandths; nullopt: null.
  std::optional<std::int64_t> metric(const Column& column, const ReportRow& row) const;
  // A row from its cells' texts, in the columns' order: an object or a list.
  void put_cells(std::string& out, const std::vector<std::string>& cells) const;

 private:
  void put_label(std::string& out, const Column& column, const ReportRow& row) const;
  void put_object(std::string& out, const Column& column, const ReportRow& row) const;

  const ReportQuery query_;
  const std::vector<std::int64_t> restated_since_;
  std::uint64_t padding_ = 0;
  std::vector<std::string> heads_;  // `"heading":`, escaped, for objects
};

void put_metric(std::string& out, std::optional<std::int64_t> thousandths);

}  // namespace engagement::simulator::sprinklr
