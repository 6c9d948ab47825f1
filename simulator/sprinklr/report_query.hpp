#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/time_zone.hpp"
#include "simulator/sprinklr/failure.hpp"
#include "simulator/sprinklr/options.hpp"

namespace engagement::simulator::sprinklr {

enum class ColumnKind { kDate, kHistogram, kTimeOfDay, kDayOfWeek, kMonthOfYear, kObject, kLabel, kMetric, kExternal };

// One heading of an answer.
struct Column {
  std::string heading;
  std::string name;      // dimensionName or measurementName
  std::string function;  // of a metric
  std::string interval;  // of a date histogram
  ColumnKind kind = ColumnKind::kLabel;
  bool resolved = true;      // an id becomes its label or object
  bool overwritten = false;  // a later column has the same heading, which wins in an object
  std::uint64_t salt = 0;

  bool is_metric() const { return kind == ColumnKind::kMetric; }
};

struct ReportQuery {
  std::string engine, report;
  std::int64_t start = 0, end = 0;  // epoch ms, both inclusive
  TimeZone zone = TimeZone::find("UTC").value();
  std::uint64_t page = 0, page_size = 0;
  std::vector<Column> columns;  // in the answer's order
  bool as_objects = false;
  struct Sort {
    std::size_t column = 0;
    bool descending = false;
  };
  std::optional<Sort> sort;
};

// How strict a call is about what may be left out.
struct QueryShape {
  bool paging_required = true;
  bool zone_required = true;
  bool payload_order = false;  // of the answer's headings
};

// Judges a query as documented (reference 2.2). The UI's own shape (`field`, `measurement`, `timeFilter`) is refused.
// Filters are checked and have no effect; unknown members are ignored.
std::variant<ReportQuery, Failure> parse_report_query(const nlohmann::json& body, const QueryShape& shape,
                                                      const Options& options);

// What a widget's call and its saved query make together. Failure: an `interval` where the widget has no histogram.
std::variant<nlohmann::json, Failure> widget_query(const nlohmann::json& saved, const nlohmann::json& body);

// An integer, or digits in a text.
std::optional<std::int64_t> whole_number(const nlohmann::json& value);

}  // namespace engagement::simulator::sprinklr
