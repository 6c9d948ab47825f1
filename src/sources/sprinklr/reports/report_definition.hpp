#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/time_zone.hpp"
#include "protocol/messages.hpp"

namespace engagement::sprinklr {

// What becomes of a row's objects and arrays.
enum class Flatten {
  none,                    // they stay
  flatten_json,            // as Python's flatten_json 0.1.14 does it, with "_"
  flatten_json_lowercase,  // the same, white space cleaned before and names in lower case after
};

// One configured report, understood: https://dev.sprinklr.com/custom-query and
// https://dev.sprinklr.com/custom-query-using-widget-id.
struct ReportDefinition {
  std::string name;
  protocol::Json payload;  // in the API's form; null where a widget is read
  bool converted = false;  // the payload came in the form that the web application uses inside
  std::string widget_id;
  std::string interval;  // of a widget that has a date histogram
  bool v1 = false;
  std::optional<TimeZone> zone;              // the payload's own
  std::vector<std::string> dimensions;       // headings, in the payload's order; none of a widget
  std::vector<std::string> date_dimensions;  // those of them that are dates
  std::vector<std::string> measurements;
  std::map<std::string, std::string> meanings;  // by heading: what the payload asks for under it
  // The widest bucket of a date dimension, where the payload says how wide it is.
  std::optional<std::chrono::minutes> widest_bucket;
  std::vector<std::string> primary_key;  // headings; empty: row_id
  Flatten flatten = Flatten::none;
  std::vector<std::string> fields_as_json;

  bool is_widget() const { return !widget_id.empty(); }
};

// What the connector adds to every row. No heading may be called like one of them.
inline constexpr std::array<std::string_view, 4> kAddedToRows = {"row_id", "window_start", "window_end",
                                                                 "extracted_at"};

// Reads one element of the configuration's `reports`. Throws a config ConnectorError that names the report.
ReportDefinition read_report(const protocol::Json& json);

// How wide a date histogram's buckets are: "1h", "1d", "5d", "weeks", "1M". nullopt for what is not known.
std::optional<std::chrono::minutes> width_of_interval(std::string_view interval);

// Whether two windows of that width may bring rows with the same dimensions, so that a row's key needs its window:
// where no dimension is a date, and where a date's buckets are wider than the window.
bool key_needs_window(const ReportDefinition& report, std::chrono::milliseconds window);

// One page of one request for [begin, end).
struct ReportPage {
  SystemTime begin;
  SystemTime end;
  std::size_t page;
  std::size_t size;
};
std::string report_path(const ReportDefinition& report);
std::string report_body(const ReportDefinition& report, const TimeZone& zone, const ReportPage& page);

}  // namespace engagement::sprinklr
