#include "simulator/sprinklr/search_keys.hpp"

#include <algorithm>

namespace engagement::simulator::sprinklr {

namespace {

constexpr std::string_view kEqual = "IN NIN EQUALS NOT_EQUALS";
constexpr std::string_view kExact = "EQUALS NOT_EQUALS";
constexpr std::string_view kEqualOrOrder = "IN NIN EQUALS NOT_EQUALS LT LTE GT GTE";
constexpr std::string_view kTime = "LT LTE GT GTE EQUALS";
constexpr std::string_view kText = "IN NIN CONTAINS";
constexpr std::string_view kSpan = "GTE LTE BETWEEN";

const std::vector<SearchKey> kMessage = {{"sourceType", kEqual},
                                         {"content.title", "IN NIN EQUALS NOT_EQUALS CONTAINS"},
                                         {"content.text", "IN SEARCH"},
                                         {"channelType", kEqual},
                                         {"deleted", kEqual},
                                         {"enrichments.sentiment", kEqualOrOrder},
                                         {"workflow.customProperties", kEqual, true},
                                         {"workflow.spaceWorkflows.customProperties", kEqual, true},
                                         {"workflow.campaignId", kEqual},
                                         {"postId", kEqual},
                                         {"brandPost", kExact},
                                         {"sourceId", kEqual},
                                         {"caseNumber", "IN EQUALS"}};
const std::vector<SearchKey> kCase = {{"id", kEqualOrOrder},
                                      {"caseNumber", kEqualOrOrder},
                                      {"externalCase.caseNumber", kEqualOrOrder},
                                      {"modifiedTime", kEqualOrOrder},
                                      {"contact.channelId", kEqual},
                                      {"workflow.customProperties", kEqual, true},
                                      {"createdTime", kTime},
                                      {"deleted", kExact},
                                      {"externalCase.channelType", kEqual},
                                      {"workflow.queues.queueId", kEqual},
                                      {"latestProfileAUMSnCreatedTime", kTime}};
const std::vector<SearchKey> kSocialAsset = {{"id", kEqual},
                                             {"assetType", kEqual},
                                             {"assetSource", kEqual},
                                             {"status", kEqual},
                                             {"taxonomy.clientCustomProperties", kEqual, true},
                                             {"taxonomy.partnerCustomProperties", kEqual, true},
                                             {"restricted", kEqual},
                                             {"validity.availableFrom", kEqualOrOrder},
                                             {"validity.expiryTime", kEqualOrOrder},
                                             {"shareConfigs.type", kEqual},
                                             {"templateType", kEqual},
                                             {"name", "SEARCH"},
                                             {"channels", kEqual}};
const std::vector<SearchKey> kCampaign = {{"id", kEqual},
                                          {"name", kText},
                                          {"description", kText},
                                          {"startDate", kTime},
                                          {"endDate", kTime},
                                          {"tags", kEqual},
                                          {"owner", kEqual},
                                          {"status", kEqual},
                                          {"archived", kExact},
                                          {"partnerCustomProperties", kEqual, true},
                                          {"clientCustomProperties", kEqual, true},
                                          {"createdTime", kTime},
                                          {"modifiedTime", kTime}};
const std::vector<SearchKey> kAudienceActivity = {{"id", kText},           {"activityTime", kEqualOrOrder},
                                                  {"accountId", kText},    {"messageId", kText},
                                                  {"activityType", kText}, {"channelType", kText}};
const std::vector<SearchKey> kUser = {{"id", kEqualOrOrder},
                                      {"clientAttributes.userType", kEqual},
                                      {"clientAttributes.clientId", kEqual},
                                      {"clientAttributes.clientCustomProperties", kEqual, true},
                                      {"globalAttributes.partnerCustomProperties", kEqual, true},
                                      {"globalAttributes.federationId", kEqual},
                                      {"globalAttributes.passwordLoginDisabled", kEqual},
                                      {"userName", kEqual},
                                      {"active", kEqual},
                                      {"meta.lastModified", kTime},
                                      {"meta.createdTime", kTime}};
const std::vector<SearchKey> kTask = {{"id", kEqual},         {"taskStatus", kEqual},
                                      {"title", "IN NIN"},    {"taskType", kEqual},
                                      {"assetId", kEqual},    {"customProperties", kEqual, true},
                                      {"assetType", kEqual},  {"dueDate", kTime},
                                      {"createdTime", kTime}, {"modifiedTime", kTime}};
const std::vector<SearchKey> kComment = {
    {"createdTime", kTime}, {"includeReplyOnComments", "EXISTS"}, {"entityId", kEqual}, {"entityType", kEqual}};
const std::vector<SearchKey> kProfile = {{"id", kEqualOrOrder},
                                         {"channelType", kText},
                                         {"channelId", kText},
                                         {"profileWorkflow.customProperties", kEqual, true},
                                         {"profileWorkflow.profileSpaceWorkflows.customProperties", kEqual, true},
                                         {"createdTime", kTime},
                                         {"modifiedTime", kTime},
                                         {"profileWorkflow.profileLists", kEqual},
                                         {"profileWorkflow.profileSpaceWorkflows.profileLists", kEqual},
                                         {"contact.email", kEqual},
                                         {"contact.phoneNo", kEqual}};
const std::vector<SearchKey> kOutboundMessage = {{"templateId", "IN NIN"},
                                                 {"createdDate", kSpan},
                                                 {"createdTime", kSpan},
                                                 {"scheduleDate", kSpan},
                                                 {"scheduleTime", kSpan},
                                                 {"modifiedDate", kSpan},
                                                 {"modifiedTime", kSpan},
                                                 {"publishedDate", kSpan},
                                                 {"publishedTime", kSpan},
                                                 {"searchDetails.customProperties", "IN NIN", true},
                                                 {"workflow.customProperties", "IN NIN", true},
                                                 {"status", "IN NIN"}};
const std::vector<SearchKey> kCustomField = {
    {"id", kEqual},   {"clientId", kEqual}, {"assetTypes", kEqual}, {"category", kEqual},    {"fieldName", kEqual},
    {"type", kEqual}, {"label", kEqual},    {"enabled", kEqual},    {"modifiedTime", kTime}, {"createdTime", kTime}};
const std::vector<SearchKey> kTransaction = {{"transactionGroupId", kEqual}, {"Id", kEqual}};

}  // namespace

const std::vector<SearchKey>& search_keys(EntityType type) {
  switch (type) {
    case EntityType::kMessage:
      return kMessage;
    case EntityType::kCase:
      return kCase;
    case EntityType::kUser:
      return kUser;
    case EntityType::kOutboundMessage:
      return kOutboundMessage;
    case EntityType::kComment:
      return kComment;
    case EntityType::kSocialAsset:
      return kSocialAsset;
    case EntityType::kTask:
      return kTask;
    case EntityType::kAudienceActivity:
      return kAudienceActivity;
    case EntityType::kProfile:
      return kProfile;
    case EntityType::kCustomField:
      return kCustomField;
    case EntityType::kTransaction:
      return kTransaction;
    case EntityType::kCampaign:
    case EntityType::kSubCampaign:
      break;
  }
  return kCampaign;
}

const SearchKey* find_search_key(EntityType type, std::string_view key) {
  for (const SearchKey& known : search_keys(type)) {
    const bool in_map = known.is_map && key.starts_with(known.name) && key.substr(known.name.size()).starts_with('.');
    if (known.name == key || in_map) return &known;
  }
  return nullptr;
}

bool allows(const SearchKey& key, std::string_view operation) {
  std::string_view rest = key.operations;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == operation) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

bool is_sort_key(EntityType type, std::string_view key) {
  const auto is_any = [key](std::initializer_list<std::string_view> keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  switch (type) {
    case EntityType::kMessage:
      return is_any({"channelCreatedTime", "createdTime"});
    case EntityType::kCase:
      return is_any({"modifiedTime", "createdTime", "caseNumber", "id"});
    case EntityType::kUser:
      return is_any({"meta.lastModified", "meta.createdTime", "id"});
    case EntityType::kOutboundMessage:
      return is_any({"modifiedTime", "modifiedDate", "createdTime", "createdDate", "publishedTime", "scheduleDate"});
    case EntityType::kComment:
      return is_any({"createdTime"});
    case EntityType::kSocialAsset:
      return is_any({"validity.availableFrom", "id"});
    case EntityType::kAudienceActivity:
      return is_any({"activityTime"});
    case EntityType::kTransaction:
      return is_any({"id"});
    default:
      return is_any({"modifiedTime", "createdTime", "id"});
  }
}

}  // namespace engagement::simulator::sprinklr
