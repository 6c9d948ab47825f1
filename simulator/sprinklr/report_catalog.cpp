#include "simulator/sprinklr/report_catalog.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/common/draw.hpp"
#include "simulator/sprinklr/report_objects.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view kEngines[] = {
    "AUDIENCE_LEAD",
    "ADOPTION",
    "ADOPTION_ENGAGEMENT",
    "AUDIENCE",
    "AUDIENCE_ACTIVITY",
    "AUDIENCE_INSIGHTS",
    "AUDIENCE_INSIGHT",
    "BENCHMARKING",
    "SELF_SERVE_BENCHMARKING",
    "COMMUNITY",
    "CONSUMPTION",
    "CUSTOM_ENTITY",
    "GALLERY_AUDIENCE_ACTIVITY",
    "INBOUND_MESSAGE",
    "LYEARN_REPORTING_ENGINE",
    "LISTENING",
    "RDB_FIREHOSE",
    "SELF_SERVE_RDB_FIREHOSE",
    "LIVE_DATASET",
    "MONITORING_LOG",
    "OUTBOUND_MESSAGE",
    "PAID",
    "PLATFORM_HEALTH",
    "REAL_TIME",
    "SELF_SERVE_MESSAGE",
    "SELF_SERVE_LISTENING",
    "PLATFORM",
    "STORE_FRONT_AUDIENCE_ACTIVITY",
    "SELF_SERVE_STORY_MESSAGE",
    "STORY_MESSAGE",
    "SPR_TASK",
    "UNIFIED_ANALYTICS_REPORTING_ENGINE",
    "UNIVERSAL_COMMERCE_EVENT_ENGINE",
    "UNIVERSAL_PROFILE",
    "VOICE_SEGMENT_ACTIVATION_CONFIG",
    "VOICE",
    "YOUTUBE_REPORTING_ENGINE",
    "wfm_reporting",
    "SERVICE_ANALYTICS",
    "TRACK_SITE",
};

struct ReportName {
  std::string_view engine, report;
};
constexpr ReportName kReports[] = {
    {"PLATFORM", "POST_INSIGHTS"},
    {"PLATFORM", "ACCOUNT_INSIGHTS"},
    {"PLATFORM", "POST_INSIGHTS_TREND"},
    {"PLATFORM", "POST_RESPONSE_TIME"},
    {"PLATFORM", "INBOUND_CASE"},
    {"PLATFORM", "CaseSLAReport"},
    {"PLATFORM", "CaseProcessingSLAReport"},
    {"PLATFORM", "CASE_MACRO_USAGE"},
    {"LISTENING", "SPRINKSIGHTS"},
    {"PAID", "DAILY_AD_STAT"},
    {"OUTBOUND_MESSAGE", "OUTBOUND_MESSAGE"},
    {"INBOUND_MESSAGE", "INBOUND_MESSAGE"},
    {"SPR_TASK", "SPR_TASK"},
};

ordered_json dimension(const char* name, const char* field, const char* display, const char* type) {
  return {{"name", name},     {"fieldName", field},      {"displayName", display},
          {"type", type},     {"multiValue", false},     {"groupByAllowed", true},
          {"sortable", true}, {"filterDimension", true}, {"hidden", false}};
}

ordered_json report_metadata(std::string_view report) {
  ordered_json dimensions = ordered_json::array(
      {dimension("ACCOUNT_ID", "accountId", "Account", "NORMAL"), dimension("POST_ID", "postId", "Post", "NORMAL"),
       dimension("CASE_ID", "caseId", "Case", "NORMAL"), dimension("SENTIMENT", "sentiment", "Sentiment", "SCRIPT"),
       dimension("SN_CREATED_TIME", "snCreatedTime", "Published Date", "NORMAL"),
       dimension("OUTBOUND_CUSTOM_PROPERTY", "customProperties", "Región de campaña", "CUSTOM")});
  dimensions.back()["childName"] = hex_id(hash_of(report));
  dimensions.back()["fieldType"] = "PICKLIST";
  const ordered_json measures = ordered_json::array(
      {{{"name", "TOTAL_ENGAGEMENT"}, {"displayName", "Total Engagement"}, {"dataType", "NUMERIC"}, {"sortable", true}},
       {{"name", "RESPONSE_RATE_F_9156"},
        {"displayName", "Response Rate"},
        {"dataType", "PERCENTAGE"},
        {"type", "CALCULATED"},
        {"sortable", true},
        {"requiredProjections",
         ordered_json::array({{{"measurement", "DOC_COUNT"}, {"aggregateFunction", "SUM"}, {"key", "k0"}}})}}});
  return {{"priority", 99}, {"dimensions", dimensions}, {"measurements", measures}};
}

Widget widget(const char* title, const char* report, const json& groups, const json& projections) {
  json query = {
      {"reportingEngine", "PLATFORM"}, {"report", report}, {"groupBys", groups}, {"projections", projections}};
  return {hex_id(hash_of(title)), title, std::move(query)};
}

}  // namespace

bool has_engine(std::string_view engine) {
  return std::find(std::begin(kEngines), std::end(kEngines), engine) != std::end(kEngines);
}

std::vector<std::string> reports_of(std::string_view engine, const Options& options) {
  std::vector<std::string> reports;
  for (const ReportName& name : kReports) {
    if (name.engine == engine) reports.emplace_back(name.report);
  }
  for (const std::string& extra : options.reports) {
    const auto slash = extra.find('/');
    if (slash != std::string::npos && extra.substr(0, slash) == engine) reports.push_back(extra.substr(slash + 1));
  }
  return reports;
}

bool has_report(std::string_view engine, std::string_view report, const Options& options) {
  const auto reports = reports_of(engine, options);
  return std::find(reports.begin(), reports.end(), report) != reports.end();
}

ordered_json engine_list() {
  ordered_json list = ordered_json::array();
  for (const std::string_view engine : kEngines) {
    list.push_back({{"id", engine}, {"name", engine == "PLATFORM" ? "Social Analytics" : engine}});
  }
  return list;
}

ordered_json report_list(std::string_view engine, const Options& options) {
  ordered_json list = ordered_json::array();
  for (const std::string& report : reports_of(engine, options)) list.push_back({{"id", report}, {"name", report}});
  return list;
}

ordered_json metadata(std::string_view engine, const Options& options) {
  ordered_json reports = ordered_json::object();
  for (const std::string& report : reports_of(engine, options)) reports[report] = report_metadata(report);
  return reports;
}

const std::vector<Widget>& widgets() {
  static const std::vector<Widget> all = [] {
    const json by_account = {{"heading", "ACCOUNT_ID_0"}, {"dimensionName", "ACCOUNT_ID"}, {"groupType", "FIELD"}};
    const json by_day = {{"heading", "date_1"},
                         {"dimensionName", "date"},
                         {"groupType", "DATE_HISTOGRAM"},
                         {"details", {{"isDateTypeDimension", true}, {"interval", "1d"}}}};
    const json by_post = {{"heading", "POST_ID_0"}, {"dimensionName", "POST_ID"}, {"groupType", "FIELD"}};
    const json engagement = {
        {"heading", "M_TOTAL_ENGAGEMENT_0"}, {"measurementName", "TOTAL_ENGAGEMENT"}, {"aggregateFunction", "SUM"}};
    return std::vector<Widget>{widget("Engagement by account and day", "ACCOUNT_INSIGHTS",
                                      json::array({by_account, by_day}), json::array({engagement})),
                               widget("All posts", "POST_INSIGHTS", json::array({by_post}), json::array({engagement}))};
  }();
  return all;
}

ordered_json dashboards(std::string_view manager, std::uint64_t start, std::uint64_t rows) {
  constexpr std::uint64_t kDashboards = 3;
  ordered_json results = ordered_json::array();
  for (std::uint64_t at = start; at < std::min(start + rows, kDashboards); ++at) {
    ordered_json layout = ordered_json::array();
    for (const Widget& each : widgets()) layout.push_back({{"widgetId", each.id}, {"title", each.title}});
    results.push_back({{"id", hex_id(hash_of(manager) + at)},
                       {"name", fmt::format("Dashboard {} \U0001F4CA", at + 1)},
                       {"moduleType", manager.substr(0, manager.find('_'))},
                       {"widgetLayout", layout.dump()}});  // JSON inside a string, as seen
  }
  return {{"results", results}, {"hasMore", start + rows < kDashboards}};
}

}  // namespace engagement::simulator::sprinklr
