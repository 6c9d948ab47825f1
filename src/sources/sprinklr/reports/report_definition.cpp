#include "sources/sprinklr/reports/report_definition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "core/error.hpp"
#include "core/lower_case.hpp"
#include "core/suggestion.hpp"
#include "protocol/json_text.hpp"
#include "sources/sprinklr/reports/ui_payload.hpp"

namespace engagement::sprinklr {

namespace {

using protocol::find_member;
using protocol::Json;

constexpr std::string_view kMendPayload = "Copy it again from Sprinklr: in the widget's menu, Generate API v2 Payload.";

bool is_text(const Json& value) { return value.is_string() && !value.get_ref<const std::string&>().empty(); }

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::vector<std::string> texts_of(const Json& json, const char* key) {
  std::vector<std::string> texts;
  if (const Json* list = find_member(json, key)) {
    for (const auto& text : *list) texts.push_back(text.get<std::string>());
  }
  return texts;
}

// Reads the payload of one report into its definition.
class PayloadReader {
 public:
  // `what` follows "The " in messages.
  PayloadReader(ReportDefinition& report, std::string what)
      : report_(report), name_(std::move(what)), what_("The " + name_) {}

  void read(const std::string& text) {
    Json payload = protocol::parse_exact_json_text(text, name_, kMendPayload);
    if (!payload.is_object()) refuse(fmt::format("is {}, not a JSON object", protocol::kind_of(payload)));
    if (find_member(payload, "requests") != nullptr || payload.contains("collate")) {
      refuse(
          "holds several queries for one widget (\"requests\" and \"collate\": a batch). Configure a report for each "
          "of its queries, with the query as its payload");
    }
    report_.converted = is_ui_payload(payload);
    if (report_.converted) payload = convert_ui_payload(payload, what_);
    for (const char* key : {"reportingEngine", "report"}) {
      const Json* value = find_member(payload, key);
      if (value == nullptr || !is_text(*value)) {
        refuse(fmt::format("has no \"{}\". Paste what \"Generate API v2 Payload\" of the widget's menu gives", key));
      }
    }
    read_zone(payload);
    for (const auto& group : list_of(payload, "groupBys")) read_group(group);
    for (const auto& projection : list_of(payload, "projections")) {
      read_projection(projection);
    }
    if (report_.dimensions.empty() && report_.measurements.empty()) {
      refuse("has neither \"groupBys\" nor \"projections\": there is nothing to read");
    }
    report_.payload = std::move(payload);
  }

  void check_headings() const {
    std::set<std::string> seen;
    for (const auto* headings : {&report_.dimensions, &report_.measurements}) {
      for (const auto& heading : *headings) {
        const auto name = report_.flatten == Flatten::flatten_json_lowercase ? lower_case(heading) : heading;
        if (!seen.insert(name).second) {
          refuse(
              fmt::format("has the heading \"{}\" twice, so that one column would hide the other. Give every "
                          "\"heading\" a name of its own{}",
                          heading, name == heading ? "" : "; upper and lower case count as the same here"));
        }
        if (std::find(kAddedToRows.begin(), kAddedToRows.end(), name) != kAddedToRows.end()) {
          refuse(fmt::format("has the heading \"{}\", which the connector adds itself. Rename it", heading));
        }
      }
    }
  }

  void check_named(const std::vector<std::string>& wanted, const char* field, bool measurements_too) const {
    auto known = report_.dimensions;
    if (measurements_too) known.insert(known.end(), report_.measurements.begin(), report_.measurements.end());
    for (const auto& heading : wanted) {
      if (contains(known, heading)) continue;
      const auto hint = did_you_mean(heading, known);
      throw config_error(fmt::format("{}: {} names \"{}\", which is no heading of the payload{}{}", what_, field,
                                     heading, hint.empty() ? "." : "; ", hint));
    }
  }

  [[noreturn]] void refuse(const std::string& why) const { throw config_error(fmt::format("{} {}.", what_, why)); }

 private:
  const Json& list_of(const Json& payload, const char* key) const {
    static const Json none = Json::array();
    const Json* list = find_member(payload, key);
    if (list == nullptr) return none;
    if (!list->is_array()) refuse(fmt::format("has {} where \"{}\" should be a list", protocol::kind_of(*list), key));
    return *list;
  }

  void read_zone(const Json& payload) {
    const Json* zone = find_member(payload, "timeZone");
    if (zone == nullptr || (zone->is_string() && zone->get_ref<const std::string&>().empty())) return;
    if (zone->is_string()) report_.zone = TimeZone::find(zone->get<std::string>());
    if (!report_.zone) {
      refuse(fmt::format("has the time zone {}, which is none of the IANA database; {}", zone->dump(),
                         zone->is_string() ? did_you_mean(zone->get<std::string>(), TimeZone::names()) : ""));
    }
  }

  std::string heading_of(const Json& item, const char* list, const char* name) const {
    for (const char* key : {"heading", name}) {
      const Json* value = find_member(item, key);
      if (value == nullptr || !is_text(*value)) {
        refuse(fmt::format("has an element of \"{}\" without \"{}\"", list, key));
      }
    }
    return item.at("heading").get<std::string>();
  }

  void read_projection(const Json& projection) {
    const auto heading = heading_of(projection, "projections", "measurementName");
    report_.measurements.push_back(heading);
    const Json* function = find_member(projection, "aggregateFunction");
    const auto& name = projection.at("measurementName").get_ref<const std::string&>();
    report_.meanings[heading] = function != nullptr && function->is_string()
                                    ? fmt::format("{} of {}.", function->get<std::string>(), name)
                                    : name + ".";
  }

  void read_group(const Json& group) {
    const auto heading = heading_of(group, "groupBys", "dimensionName");
    report_.dimensions.push_back(heading);
    report_.meanings[heading] = group.at("dimensionName").get<std::string>() + ".";
    const Json* details = find_member(group, "details");
    const Json* is_date = details == nullptr ? nullptr : find_member(*details, "isDateTypeDimension");
    const Json* type = find_member(group, "groupType");
    const bool date = (is_date != nullptr && (*is_date == true || *is_date == "true")) ||
                      (type != nullptr && *type == "DATE_HISTOGRAM");
    if (!date) return;
    report_.date_dimensions.push_back(heading);
    const Json* interval = details == nullptr ? nullptr : find_member(*details, "interval");
    if (interval == nullptr || !interval->is_string()) return;
    const auto width = width_of_interval(interval->get<std::string>());
    if (width) report_.widest_bucket = std::max(*width, report_.widest_bucket.value_or(*width));
  }

  ReportDefinition& report_;
  std::string name_;
  std::string what_;
};

void read_widget(const Json& json, ReportDefinition& report, const std::string& what) {
  report.widget_id = json.value("widget_id", std::string());
  report.interval = json.value("interval", std::string());
  if (report.widget_id.find_first_of("/?#% ") != std::string::npos) {
    throw config_error(
        fmt::format("{}: its Widget ID (widget_id) \"{}\" is no id. Paste the id alone, without an "
                    "address around it.",
                    what, report.widget_id));
  }
  if (report.v1) throw config_error(what + ": a widget can only be read by version v2 of the API (api_version).");
}

}  // namespace

ReportDefinition read_report(const Json& json) {
  ReportDefinition report;
  report.name = json.at("name").get<std::string>();
  const std::string what = fmt::format("The report \"{}\"", report.name);
  report.v1 = json.value("api_version", std::string("v2")) == "v1";
  const auto flatten = json.value("flatten", std::string("none"));
  report.flatten = flatten == "flatten_json"             ? Flatten::flatten_json
                   : flatten == "flatten_json_lowercase" ? Flatten::flatten_json_lowercase
                                                         : Flatten::none;
  report.primary_key = texts_of(json, "primary_key");
  report.fields_as_json = texts_of(json, "fields_as_json");
  const auto payload = json.value("payload", std::string());
  const bool has_payload = !protocol::is_blank(payload);
  const bool has_widget = !json.value("widget_id", std::string()).empty();
  if (has_payload == has_widget) {
    throw config_error(fmt::format("{} needs either a Payload (payload) or a Widget ID (widget_id){}.", what,
                                   has_payload ? ", not both" : ""));
  }
  if (has_widget) {
    read_widget(json, report, what);
    return report;
  }
  PayloadReader reader(report, fmt::format("payload of the report \"{}\"", report.name));
  reader.read(payload);
  reader.check_headings();
  reader.check_named(report.primary_key, "Primary Key (primary_key)", true);
  reader.check_named(report.fields_as_json, "Fields as JSON (fields_as_json)", false);
  return report;
}

std::optional<std::chrono::minutes> width_of_interval(std::string_view interval) {
  using std::chrono::hours;
  using std::chrono::minutes;
  int count = 1;
  const char* end = interval.data() + interval.size();
  const auto [unit_begin, error] = std::from_chars(interval.data(), end, count);
  if (error == std::errc::invalid_argument) count = 1;
  if (error == std::errc::result_out_of_range || count < 1 || count > 10'000) return std::nullopt;
  const std::string_view unit(unit_begin, static_cast<std::size_t>(end - unit_begin));
  if (unit == "M") return count * hours(31 * 24);  // a month; "m" are minutes
  const std::string name = lower_case(unit);
  if (name == "m" || name.starts_with("min")) return minutes(count);
  if (name.starts_with("mon")) return count * hours(31 * 24);
  if (name == "h" || name.starts_with("hour")) return count * hours(1);
  if (name == "d" || name.starts_with("day")) return count * hours(24);
  if (name == "w" || name.starts_with("week")) return count * hours(7 * 24);
  if (name == "q" || name.starts_with("quarter")) return count * hours(92 * 24);
  if (name == "y" || name.starts_with("year")) return count * hours(366 * 24);
  return std::nullopt;
}

bool key_needs_window(const ReportDefinition& report, std::chrono::milliseconds window) {
  if (report.is_widget()) {
    const auto width = width_of_interval(report.interval);
    return report.interval.empty() || (width && *width > window);
  }
  return report.date_dimensions.empty() || (report.widest_bucket && *report.widest_bucket > window);
}

std::string report_path(const ReportDefinition& report) {
  if (report.is_widget()) return "/api/v2/reports/query/" + report.widget_id;
  return report.v1 ? "/api/v1/reports/query" : "/api/v2/reports/query";
}

std::string report_body(const ReportDefinition& report, const TimeZone& zone, const ReportPage& page) {
  Json body = report.payload;
  if (report.is_widget()) {
    body = {{"skipResolve", false}};
    if (!report.interval.empty()) body["interval"] = report.interval;
  }
  body["startTime"] = page.begin.time_since_epoch().count();
  // Inclusive to the millisecond: https://dev.sprinklr.com/custom-query.
  body["endTime"] = page.end.time_since_epoch().count() - 1;
  body["timeZone"] = report.zone.value_or(zone).name();
  // Sprinklr's own payloads name the zone twice.
  if (const auto more = body.find("additional"); more != body.end() && find_member(*more, "Timezone") != nullptr) {
    (*more)["Timezone"] = body["timeZone"];
  }
  body["page"] = page.page;
  body["pageSize"] = page.size;
  if (find_member(body, "jsonResponse") == nullptr) body["jsonResponse"] = true;
  return body.dump();
}

}  // namespace engagement::sprinklr
