#include "sources/sprinklr/stream_table.hpp"

#include <algorithm>
#include <array>

#include "sources/sprinklr/entities/case_child_stream.hpp"
#include "sources/sprinklr/entities/list_rows.hpp"
#include "sources/sprinklr/entities/report_definitions.hpp"
#include "sources/sprinklr/entities/search_stream.hpp"

namespace engagement::sprinklr {

namespace {

constexpr auto kHalfOpen = TimeFilter::half_open;

// https://dev.sprinklr.com/search-by-entity: what each type can be filtered for and sorted by.
constexpr std::array kSearches = {
    SearchRow{
        "cases", {"CASE", "id", "modifiedTime", "modifiedTime", kHalfOpen, true}, "View on Cases", "modifiedTime"},
    SearchRow{"messages",
              {"MESSAGE", "messageId", "createdTime", "createdTime", TimeFilter::time_filter},
              "View on Messages, and the accounts they came through",
              "createdTime"},
    SearchRow{"outbound_messages",
              {"OUTBOUND_MESSAGE", "id", "modifiedTime", "modifiedTime", TimeFilter::closed},
              "View on Outbound Messages",
              "modifiedTime"},
    SearchRow{"campaigns",
              {"CAMPAIGN", "id", "modifiedTime", "modifiedTime", kHalfOpen},
              "View on Campaigns",
              "modifiedTime"},
    SearchRow{"sub_campaigns",
              {"SUB_CAMPAIGN", "id", "modifiedTime", "modifiedTime", kHalfOpen},
              "View on Sub-Campaigns",
              "modifiedTime"},
    SearchRow{"tasks", {"TASK", "id", "modifiedTime", "modifiedTime", kHalfOpen}, "View on Tasks", "modifiedTime"},
    SearchRow{
        "profiles", {"PROFILE", "id", "modifiedTime", "modifiedTime", kHalfOpen}, "View on Profiles", "modifiedTime"},
    SearchRow{
        "users", {"USER", "id", "meta.lastModified", "meta.lastModified", kHalfOpen}, "View on Users", "last_modified"},
    SearchRow{"social_assets",
              {"SOCIAL_ASSET", "id", "validity.availableFrom", "validity.availableFrom", kHalfOpen},
              "View on Digital Assets",
              "available_from",
              true,
              false},
    SearchRow{"audience_activities",
              {"AUDIENCE_ACTIVITY", "id", "activityTime", "activityTime", kHalfOpen},
              "View on Audience Activities",
              "activityTime"},
    SearchRow{"custom_fields",
              {"CUSTOM_FIELD", "id", "modifiedTime", "modifiedTime", kHalfOpen},
              "View on Custom Fields",
              "modifiedTime",
              false,
              false},  // a time as people read it, in no known zone
    SearchRow{"transactions", {"TRANSACTION", "id", "", "", TimeFilter::none}, "View on Experience Transactions", ""},
};

constexpr std::array kCaseChildren = {
    CaseChildRow{"case_messages", CaseChild::messages, "messageId", "View on Cases and on Messages"},
    CaseChildRow{"comments", CaseChild::comments, "id", "View on Cases and on their comments"},
    CaseChildRow{"audit_entries", CaseChild::audit_entries, "audit_id", "View on Cases and on the audit trail"},
};

constexpr std::array kLists = {
    ListRow{"listening_topics", "/api/v1/listening/topics", "response.topics", "id", "View on Listening Topics"},
    ListRow{"scim_users", "/api/v2/scim/Users", "Resources", "id", "View on Users, and SCIM switched on", true},
    ListRow{"report_engines", "/api/v2/reports/engines", "data", "id", "View on Reporting"},
};

constexpr std::string_view kAdministration = "View on the platform's settings of this kind, in every workspace wanted";

// https://dev.sprinklr.com/bootstrap-resources
constexpr std::array kBootstrap = {
    BootstrapRow{"accounts", "PARTNER_ACCOUNTS", kAdministration},
    BootstrapRow{"accessible_accounts", "USER_ACCESSIBLE_ACCOUNTS", kAdministration},
    BootstrapRow{"account_groups", "PARTNER_ACCOUNT_GROUPS", kAdministration},
    BootstrapRow{"clients", "CLIENTS", kAdministration},
    BootstrapRow{"partner_campaigns", "PARTNER_CAMPAIGNS", kAdministration},
    BootstrapRow{"partner_users", "PARTNER_USERS", kAdministration},
    BootstrapRow{"accessible_users", "ACCESSIBLE_USERS", kAdministration},
    BootstrapRow{"user_groups", "USER_GROUPS", kAdministration},
    BootstrapRow{"queues", "PARTNER_QUEUES", kAdministration},
    BootstrapRow{"client_queues", "CLIENT_QUEUES", kAdministration},
    BootstrapRow{"case_queues", "UNIVERSAL_CASE_QUEUES", kAdministration},
    BootstrapRow{"macros", "MACROS", kAdministration},
    BootstrapRow{"permissions", "PERMISSIONS", kAdministration},
    BootstrapRow{"approval_paths", "APPROVAL_PATHS", kAdministration},
    BootstrapRow{"profile_lists", "PARTNER_PROFILE_LISTS", kAdministration},
    BootstrapRow{"client_profile_lists", "CLIENT_PROFILE_LISTS", kAdministration},
    BootstrapRow{"url_shorteners", "CLIENT_URL_SHORTNERS", kAdministration, true},  // Sprinklr's spelling
    BootstrapRow{"message_statuses", "UM_STATUSES", kAdministration},
    BootstrapRow{"message_priorities", "UM_PRIORITIES", kAdministration},
    BootstrapRow{"inbound_custom_fields", "INBOUND_CUSTOM_FIELDS", kAdministration},
    BootstrapRow{"outbound_custom_fields", "OUTBOUND_CUSTOM_FIELDS", kAdministration},
    BootstrapRow{"profile_custom_fields", "PROFILE_CUSTOM_FIELDS", kAdministration},
    BootstrapRow{"user_custom_fields", "USER_CUSTOM_FIELDS", kAdministration},
    BootstrapRow{"media_asset_custom_fields", "MEDIA_ASSET_CUSTOM_FIELDS", kAdministration},
    BootstrapRow{"account_custom_fields", "ACCOUNT_CUSTOM_FIELDS", kAdministration},
    BootstrapRow{"listening_topic_custom_fields", "LISTENING_TOPIC_CUSTOM_FIELDS", kAdministration},
    BootstrapRow{"listening_theme_custom_fields", "LISTENING_THEME_CUSTOM_FIELDS", kAdministration},
};

}  // namespace

std::vector<engine::StreamDescription> built_in_streams() {
  std::vector<engine::StreamDescription> all;
  for (const auto& row : kSearches) all.push_back(describe(row));
  for (const auto& row : kCaseChildren) all.push_back(describe(row));
  for (const auto& row : kBootstrap) all.push_back(describe(row));
  for (const auto& row : kLists) all.push_back(describe(row));
  all.push_back(describe_report_definitions());
  return all;
}

std::vector<std::unique_ptr<engine::Stream>> make_built_in_streams(const Config& config,
                                                                   const std::set<std::string>& names,
                                                                   const std::shared_ptr<Account>& account) {
  std::vector<std::unique_ptr<engine::Stream>> streams;
  const auto make = [&](const auto& rows, const auto& make_one) {
    for (const auto& row : rows) {
      if (names.contains(std::string(row.name))) streams.push_back(make_one(row, config, account));
    }
  };
  make(kSearches, make_search_stream);
  make(kCaseChildren, make_case_child_stream);
  make(kBootstrap, make_bootstrap_stream);
  make(kLists, make_listed_stream);
  if (names.contains(std::string(kReportDefinitions))) {
    streams.push_back(make_report_definitions_stream(account, "View on Reporting"));
  }
  return streams;
}

bool is_built_in(std::string_view name) {
  const auto is_one_of = [&](const auto& rows) {
    return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
  };
  return is_one_of(kSearches) || is_one_of(kCaseChildren) || is_one_of(kBootstrap) || is_one_of(kLists) ||
         name == kReportDefinitions;
}

}  // namespace engagement::sprinklr
