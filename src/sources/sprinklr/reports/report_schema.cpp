#include "sources/sprinklr/reports/report_schema.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/lower_case.hpp"
#include "sources/sprinklr/files.hpp"

namespace engagement::sprinklr {

namespace {

using engine::Json;

const Json kMeasurement = {{"type", {"null", "number"}}};
const Json kDate = {{"type", {"null", "string"}}};
const Json kDimension = {{"type", {"null", "string", "number", "boolean", "object", "array"}},
                         {"additionalProperties", true}};
// A key may be neither an object nor an array.
const Json kKey = {{"type", {"null", "string", "number"}}};

std::string type_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "boolean";
    case Json::value_t::string:
      return "string";
    case Json::value_t::array:
      return "array";
    case Json::value_t::object:
      return "object";
    default:
      return "number";
  }
}

std::string column_name(const ReportDefinition& report, const std::string& heading) {
  return report.flatten == Flatten::flatten_json_lowercase ? lower_case(heading) : heading;
}

bool is_in(const std::vector<std::string>& list, const std::string& name, const ReportDefinition& report) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& heading) { return column_name(report, heading) == name; });
}

// What the payload asks for under the heading that the column comes from.
std::string meaning_of(const ReportDefinition& report, const std::string& name) {
  for (const auto& [heading, meaning] : report.meanings) {
    const std::string column = column_name(report, heading);
    if (name == column) return meaning;
    if (name.starts_with(column + "_")) return fmt::format("Of {}: {}", heading, meaning);
  }
  return {};
}

// What the sample has shown, and what a value of its kind may be the next time.
Json sampled(const std::set<std::string>& types, bool flattened) {
  Json list = Json::array({"null", "string", "number"});
  for (const char* type : {"boolean", "object", "array"}) {
    if (!flattened || types.contains(type)) list.push_back(type);
  }
  Json schema{{"type", std::move(list)}};
  if (!flattened || types.contains("object")) schema["additionalProperties"] = true;
  return schema;
}

void add_sample(const ReportDefinition& report, const ColumnSample& sample, Json& properties) {
  const bool flattened = report.flatten != Flatten::none;
  for (const auto& [name, types] : sample.columns()) {
    if (properties.contains(name)) continue;
    const bool measurement = report.is_widget() ? name.starts_with("M_") || name.starts_with("m_")
                                                : is_in(report.measurements, name, report);
    const bool as_json = is_in(report.fields_as_json, name, report);
    properties[name] = measurement ? kMeasurement : sampled(types, flattened && !as_json);
  }
}

void add_meanings(const ReportDefinition& report, Json& properties) {
  for (auto& [name, property] : properties.items()) {
    if (property.contains("description")) continue;
    std::string meaning = meaning_of(report, name);
    if (is_in(report.date_dimensions, name, report)) meaning += " Milliseconds since 1970, as text.";
    if (!meaning.empty()) property["description"] = meaning;
  }
}

void add_payload(const ReportDefinition& report, Json& properties) {
  const bool flattened = report.flatten != Flatten::none;
  for (const auto& heading : report.dimensions) {
    const auto is_same = [&](const std::string& other) { return other == heading; };
    const bool date = std::any_of(report.date_dimensions.begin(), report.date_dimensions.end(), is_same);
    const bool as_json = std::any_of(report.fields_as_json.begin(), report.fields_as_json.end(), is_same);
    if (date) {
      properties[column_name(report, heading)] = kDate;
    } else if (!flattened || as_json) {
      properties[column_name(report, heading)] = kDimension;
    }
  }
  for (const auto& heading : report.measurements) properties[column_name(report, heading)] = kMeasurement;
}

}  // namespace

void ColumnSample::add(const Json& record) {
  if (!record.is_object()) return;
  for (const auto& [name, value] : record.items()) {
    const auto same = [&name = name](const auto& column) { return column.first == name; };
    auto found = std::find_if(columns_.begin(), columns_.end(), same);
    if (found == columns_.end()) found = columns_.insert(columns_.end(), {name, {}});
    found->second.insert(type_of(value));
  }
}

bool needs_sample(const ReportDefinition& report) { return report.is_widget() || report.flatten != Flatten::none; }

engine::StreamDescription describe_report(const ReportDefinition& report, const ColumnSample* sample) {
  engine::StreamDescription description{.name = report.name,
                                        .json_schema = Json::parse(embedded_file("schemas/sprinklr/report.json")),
                                        .primary_key = {},
                                        .cursor = {"window_start"},
                                        .resumable = true,
                                        .time_bound = true};
  Json& properties = description.json_schema["properties"];
  add_payload(report, properties);
  if (sample != nullptr) add_sample(report, *sample, properties);
  for (const auto& heading : report.primary_key) {
    const auto name = column_name(report, heading);
    description.primary_key.push_back({name});
    properties[name] = kKey;
  }
  add_meanings(report, properties);
  if (description.primary_key.empty()) description.primary_key = {{"row_id"}};
  return description;
}

}  // namespace engagement::sprinklr
