#include "simulator/sprinklr/report_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "simulator/common/draw.hpp"
#include "simulator/sprinklr/report_catalog.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;

// Thrown inside of this file alone: what is wrong with a query.
struct Refused {
  std::string detail;
};

[[noreturn]] void refuse(std::string detail) { throw Refused{std::move(detail)}; }

bool is_one_of(const std::string& text, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), text) != known.end();
}

bool is_absent(const json& object, const char* name) { return !object.contains(name) || object.at(name).is_null(); }

std::string text_of(const json& object, const char* name) {
  if (is_absent(object, name)) refuse(fmt::format("{} is required", name));
  if (!object.at(name).is_string() || object.at(name).get<std::string>().empty()) {
    refuse(fmt::format("{} must be a text", name));
  }
  return object.at(name).get<std::string>();
}

std::int64_t number_of(const json& object, const char* name) {
  if (is_absent(object, name)) refuse(fmt::format("{} is required", name));
  const auto number = whole_number(object.at(name));
  if (!number || *number < 0) refuse(fmt::format("{} must be a number", name));
  return *number;
}

bool flag_of(const json& object, const char* name) {
  if (is_absent(object, name)) return false;
  if (!object.at(name).is_boolean()) refuse(fmt::format("{} must be a boolean", name));
  return object.at(name).get<bool>();
}

const json& list_of(const json& object, const char* name) {
  static const json kNone = json::array();
  if (is_absent(object, name)) return kNone;
  if (!object.at(name).is_array()) refuse(fmt::format("{} must be a list", name));
  for (const json& element : object.at(name)) {
    if (!element.is_object()) refuse(fmt::format("{} must hold objects", name));
  }
  return object.at(name);
}

void refuse_ui_shape(const json& body) {
  for (const char* name : {"timeFilter", "previousTimeFilter", "timezone"}) {
    if (body.contains(name)) refuse(fmt::format("unrecognized field \"{}\"", name));
  }
  for (const json& group : list_of(body, "groupBys")) {
    if (group.contains("field")) refuse("groupBys: unrecognized field \"field\"");
  }
  for (const json& projection : list_of(body, "projections")) {
    if (projection.contains("measurement")) refuse("projections: unrecognized field \"measurement\"");
  }
  for (const json& filter : list_of(body, "filters")) {
    if (filter.contains("field")) refuse("filters: unrecognized field \"field\"");
  }
}

const json& details_of(const json& object) {
  static const json kNone = json::object();
  if (is_absent(object, "details")) return kNone;
  if (!object.at("details").is_object()) refuse("details must be an object");
  return object.at("details");
}

bool is_interval(const std::string& text) {
  if (is_one_of(text, {"minutes", "hours", "days", "weeks", "months", "quarters", "years"})) return true;
  return text.size() >= 2 && std::string_view("mhdwMqy").find(text.back()) != std::string_view::npos &&
         text.find_first_not_of("0123456789") == text.size() - 1 && text.front() != '0';
}

ColumnKind kind_of(const std::string& group_type, const std::string& name, bool is_date) {
  if (group_type == "DATE_HISTOGRAM") return ColumnKind::kHistogram;
  if (group_type == "TIME_OF_DAY") return ColumnKind::kTimeOfDay;
  if (group_type == "DAY_OF_WEEK") return ColumnKind::kDayOfWeek;
  if (group_type == "MONTH_OF_YEAR") return ColumnKind::kMonthOfYear;
  if (is_date) return ColumnKind::kDate;
  return is_one_of(name, {"POST_ID", "REPLY_POST_ID", "UNIFIED_MESSAGE_ID", "ES_MESSAGE_ID", "MESSAGE_ID", "CASE",
                          "CASE_ID", "UNIVERSAL_CASE_ID", "paidInitiativeId", "PAID_INITIATIVE_ID"})
             ? ColumnKind::kObject
             : ColumnKind::kLabel;
}

Column parse_group(const json& group) {
  Column column;
  column.heading = text_of(group, "heading");
  column.name = text_of(group, "dimensionName");
  const std::string type = text_of(group, "groupType");
  if (!is_one_of(type, {"FIELD", "DATE_HISTOGRAM", "TIME_OF_DAY", "DAY_OF_WEEK", "MONTH_OF_YEAR"})) {
    refuse(fmt::format("groupType {} is not supported", type));
  }
  const json& details = details_of(group);
  if (!is_absent(details, "interval")) {
    column.interval = text_of(details, "interval");
    if (!is_interval(column.interval)) refuse(fmt::format("interval {} is not supported", column.interval));
  }
  const bool is_date = flag_of(details, "isDateTypeDimension");
  column.kind = kind_of(type, column.name, is_date);
  std::string identity = column.name;
  if (details.value("srcType", json()) == "CUSTOM") identity += text_of(details, "fieldName");
  column.salt = hash_of(identity);
  return column;
}

Column parse_projection(const json& projection) {
  Column column;
  column.heading = text_of(projection, "heading");
  column.name = text_of(projection, "measurementName");
  column.function = text_of(projection, "aggregateFunction");
  if (!is_one_of(column.function, {"SUM", "AVG", "MIN", "MAX", "STATS", "COUNT", "CARDINALITY", "EXTERNAL_VALUE"})) {
    refuse(fmt::format("aggregateFunction {} is not supported", column.function));
  }
  details_of(projection);
  column.kind = column.function == "EXTERNAL_VALUE" ? ColumnKind::kExternal : ColumnKind::kMetric;
  column.salt = hash_of(column.name);
  return column;
}

void check_filters(const json& body) {
  for (const json& filter : list_of(body, "filters")) {
    text_of(filter, "dimensionName");
    const std::string type = text_of(filter, "filterType");
    if (!is_one_of(type, {"IN", "NIN", "GT", "GTE", "LT", "LTE", "BETWEEN", "STARTS_WITH", "CONTAINS", "EQUALS",
                          "FILTER", "EXISTS"})) {
      refuse(fmt::format("filterType {} is not supported", type));
    }
    if (!filter.contains("values") || !filter.at("values").is_array()) refuse("filters: values must be a list");
    details_of(filter);
  }
}

void check_other_members(const json& body) {
  if (!is_absent(body, "timeField")) text_of(body, "timeField");
  if (!is_absent(body, "additional") && !body.at("additional").is_object()) refuse("additional must be an object");
  if (!is_absent(body, "streamRequestInfo") && !body.at("streamRequestInfo").is_object()) {
    refuse("streamRequestInfo must be an object");
  }
  if (is_absent(body, "projectionDecorations")) return;
  if (!body.at("projectionDecorations").is_array()) refuse("projectionDecorations must be a list");
  for (const json& decoration : body.at("projectionDecorations")) {
    if (!decoration.is_string() ||
        !is_one_of(decoration.get<std::string>(), {"CHANGE", "PERCENTAGE_CHANGE", "PERCENTAGE"})) {
      refuse("projectionDecorations: " + decoration.dump());
    }
  }
}

bool is_true(const json& value) { return value == true || value == "true"; }

// skipResolve, additional.SKIP_RESOLVER and additional.RESOLVER_SKIP_FIELDS; each is enough.
void decide_resolution(const json& body, std::vector<Column>& columns) {
  bool skip = flag_of(body, "skipResolve");
  std::string fields;
  if (!is_absent(body, "additional")) {
    const json& additional = body.at("additional");
    skip = skip || is_true(additional.value("SKIP_RESOLVER", json()));
    const json names = additional.value("RESOLVER_SKIP_FIELDS", json());
    fields = names.is_string() ? ',' + names.get<std::string>() + ',' : names.is_array() ? names.dump() : "";
    std::replace(fields.begin(), fields.end(), '"', ',');
  }
  for (Column& column : columns) {
    column.resolved = !skip && fields.find(',' + column.name + ',') == std::string::npos;
  }
}

void set_columns(ReportQuery& query, const json& body, const QueryShape& shape, const Options& options) {
  std::vector<Column> columns;
  for (const json& group : list_of(body, "groupBys")) columns.push_back(parse_group(group));
  if (!shape.payload_order && !options.payload_order) std::reverse(columns.begin(), columns.end());
  if (is_absent(body, "projections")) refuse("projections is required");
  for (const json& projection : list_of(body, "projections")) columns.push_back(parse_projection(projection));
  if (columns.empty()) refuse("groupBys and projections are both empty");
  decide_resolution(body, columns);
  for (std::size_t at = 0; at < columns.size(); ++at) {
    columns[at].overwritten =
        std::any_of(columns.begin() + static_cast<std::ptrdiff_t>(at) + 1, columns.end(),
                    [&columns, at](const Column& later) { return later.heading == columns[at].heading; });
  }
  query.columns = std::move(columns);
}

void set_sort(ReportQuery& query, const json& body) {
  for (const json& sort : list_of(body, "sorts")) {
    const std::string heading = text_of(sort, "heading");
    const std::string order = is_absent(sort, "order") ? "ASC" : text_of(sort, "order");
    if (!is_one_of(order, {"ASC", "DESC"})) refuse(fmt::format("sorts: order {} is not supported", order));
    const auto column = std::find_if(query.columns.begin(), query.columns.end(),
                                     [&heading](const Column& each) { return each.heading == heading; });
    if (column == query.columns.end()) refuse(fmt::format("sorts: there is no heading {}", heading));
    if (query.sort) continue;  // only the first counts here
    query.sort = {static_cast<std::size_t>(column - query.columns.begin()), order == "DESC"};
  }
}

ReportQuery parsed(const json& body, const QueryShape& shape, const Options& options) {
  constexpr std::uint64_t kDefaultPageSize = 20;
  if (!body.is_object()) refuse("the body is no JSON object");
  refuse_ui_shape(body);
  ReportQuery query;
  query.engine = text_of(body, "reportingEngine");
  if (!has_engine(query.engine)) refuse(fmt::format("there is no reporting engine {}", query.engine));
  query.report = text_of(body, "report");
  if (!has_report(query.engine, query.report, options)) {
    refuse(fmt::format("there is no report {} in {}", query.report, query.engine));
  }
  query.start = number_of(body, "startTime");
  query.end = number_of(body, "endTime");
  if (query.start > query.end) refuse("startTime is after endTime");
  if (shape.zone_required || !is_absent(body, "timeZone")) {
    const auto zone = TimeZone::find(text_of(body, "timeZone"));
    if (!zone) refuse("there is no time zone " + text_of(body, "timeZone"));
    query.zone = *zone;
  }
  const auto paging = [&](const char* name, std::uint64_t fallback) {
    if (!shape.paging_required && is_absent(body, name)) return fallback;
    return static_cast<std::uint64_t>(number_of(body, name));
  };
  query.page = paging("page", 0);
  query.page_size = paging("pageSize", kDefaultPageSize);
  if (query.page_size == 0 || query.page_size > options.max_page_size) {
    refuse(fmt::format("pageSize must be between 1 and {}", options.max_page_size));
  }
  query.as_objects = flag_of(body, "jsonResponse");
  check_filters(body);
  check_other_members(body);
  set_columns(query, body, shape, options);
  set_sort(query, body);
  return query;
}

}  // namespace

std::optional<std::int64_t> whole_number(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc() && result.ptr == end ? std::optional(number) : std::nullopt;
}

std::variant<ReportQuery, Failure> parse_report_query(const json& body, const QueryShape& shape,
                                                      const Options& options) {
  try {
    return parsed(body, shape, options);
  } catch (const Refused& refused) {
    return invalid_request(refused.detail);
  }
}

std::variant<json, Failure> widget_query(const json& saved, const json& body) {
  if (!body.is_object()) return invalid_request("the body is no JSON object");
  json query = saved;
  bool has_histogram = false;
  for (json& group : query.at("groupBys")) {
    if (group.at("groupType") != "DATE_HISTOGRAM") continue;
    has_histogram = true;
    if (body.contains("interval")) group["details"]["interval"] = body.at("interval");
  }
  if (body.contains("interval") && !has_histogram) return invalid_request("the widget has no date histogram");
  for (const char* name : {"startTime", "endTime", "timeZone", "page", "pageSize", "skipResolve", "jsonResponse"}) {
    if (body.contains(name)) query[name] = body.at(name);
  }
  return query;
}

}  // namespace engagement::simulator::sprinklr
