#include <fmt/format.h>

#include "simulator/common/draw.hpp"
#include "simulator/sprinklr/entities.hpp"
#include "simulator/sprinklr/report_objects.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::ordered_json;

constexpr const char* kChannels[] = {"TWITTER", "INSTAGRAM", "FACEBOOK", "LINKEDIN", "WHATSAPP_BUSINESS"};
constexpr const char* kPeople[] = {"Asha Rao",    "Bruno Castro", "Chloé Martin",
                                   "José  Núñez", "村上 春子",    "Pat\tO'Neill"};
constexpr const char* kTexts[] = {"Where is my order?\nIt was due on Monday.",
                                  "Grazie  mille!",
                                  "配送が遅れています 😡",
                                  "He said \"no\" \\ again",
                                  "tab\there",
                                  "RT @brand: 50% off / today only"};

std::string channel_of(const Entity& entity) { return kChannels[entity.key % std::size(kChannels)]; }

ordered_json custom_properties(std::uint64_t key) {
  Draw draw(mix(key, 0xC05));
  ordered_json properties = ordered_json::object();
  properties["_c_" + hex_id(2)] = ordered_json::array({draw.pick(kTexts)});
  if (draw.one_in(2)) properties[hex_id(1)] = ordered_json::array({"Two", "Three"});
  if (draw.one_in(3)) properties[hex_id(3)] = ordered_json::array();
  if (draw.one_in(4)) properties["spr_uc_status"] = ordered_json::array({"Open"});
  return properties;
}

ordered_json channel_profile(std::uint64_t key, const std::string& channel) {
  Draw draw(mix(key, 0xF0));
  return {{"name", draw.pick(kPeople)},
          {"channelType", channel},
          {"channelId", std::to_string(mix(key) >> 4U)},
          {"permalink", "https://example.com/u/" + std::to_string(key % 100'000)},
          {"followers", draw.below(3'000'000)},
          {"username", "user" + std::to_string(key % 100'000)},
          {"verified", draw.one_in(5)},
          {"deleted", false},
          {"snCreatedTime", 0},
          {"snModifiedTime", 0}};
}

ordered_json message(const Entity& entity) {
  Draw draw(entity.key);
  const std::string channel = channel_of(entity);
  return {
      {"sourceType", "ACCOUNT"},
      {"sourceId", 600'000'000 + entity.key % 1'000},
      {"content", {{"text", draw.pick(kTexts)}}},
      {"channelMessageId", std::to_string(mix(entity.key) >> 3U)},
      {"channelType", channel},
      {"accountType", channel},
      {"channelCreatedTime", entity.created},
      {"senderProfile", channel_profile(entity.key, channel)},
      {"receiverProfile", channel_profile(7, channel)},
      {"language", draw.one_in(4) ? ordered_json() : ordered_json("en")},
      {"messageId", id_of(entity)},
      {"brandPost", entity.key % 5 == 0},
      {"createdTime", entity.created + 35'000},
      {"modifiedTime", entity.modified + 35'000},
      {"location", {{"lat", 0.0}, {"lon", -33.865143}}},
      {"insights",
       {{"POST_LIKE_COUNT", static_cast<double>(draw.below(90) + entity.touches)}, {"POST_REACH_COUNT", 1634692.0}}},
      {"workflow", {{"customProperties", custom_properties(entity.key)}, {"spaceWorkflows", ordered_json::array()}}},
      {"enrichments", {{"sentiment", static_cast<int>(draw.below(3)) - 1}}},
      {"conversationId", std::to_string(mix(entity.key, 3) >> 3U)},
      {"deleted", false},
      {"caseNumber", 1'000'000 + entity.index / 2},
      {"autoImported", false}};
}

ordered_json case_record(const Entity& entity) {
  Draw draw(entity.key);
  ordered_json queues = ordered_json::array();
  for (std::uint64_t at = 0; at < entity.key % 3; ++at) {
    queues.push_back({{"queueId", 100'022 + at}, {"assignmentTime", entity.created + 1}});
  }
  ordered_json record = {{"id", id_of(entity)},
                         {"caseNumber", number_of_case(entity)},
                         {"subject", fmt::format("#{} {}", number_of_case(entity), draw.pick(kTexts))},
                         {"description", draw.pick(kTexts)},
                         {"version", 1 + entity.key % 60 + entity.touches},
                         {"status", draw.one_in(3) ? "Closed" : "Open"},
                         {"priority", draw.one_in(4) ? ordered_json() : ordered_json("High")},
                         {"workflow",
                          {{"customProperties", custom_properties(entity.key)},
                           {"queues", queues},
                           {"assignment", {{"assigneeId", 66'000'000 + entity.key % 40}, {"assigneeType", "USER"}}}}},
                         {"channelCustomProperties", ordered_json::array()},
                         {"contact",
                          {{"id", fmt::format("{}_{}", channel_of(entity), mix(entity.key) >> 5U)},
                           {"channelType", channel_of(entity)},
                           {"fromSnUserId", std::to_string(mix(entity.key) >> 5U)}}},
                         {"createdTime", entity.created},
                         {"modifiedTime", entity.modified},
                         {"firstMessageId", message_id(entity.key, entity.created)},
                         {"sentiment", static_cast<int>(draw.below(3)) - 1},
                         {"totalProcessingClockTime", draw.below(130'000'000)},
                         {"allEngagedUsersList", ordered_json::array()},
                         {"associatedFanMessageCount", draw.below(5)},
                         {"associatedBrandMessageCount", draw.below(5)},
                         {"deleted", entity.key % 40 == 0},
                         {"conversationIntentIds", ordered_json::array()}};
  if (entity.key % 4 == 0) {
    record["externalCase"] = {{"id", "500Ig" + hex_id(entity.key).substr(0, 13)},
                              {"caseNumber", fmt::format("{:08}", entity.index)},
                              {"channelType", "SALESFORCE"},
                              {"createdTime", entity.created},
                              {"modifiedTime", entity.modified}};
  }
  return record;
}

// "2022-01-05 11:01:36", in UTC.
std::string user_time(std::int64_t time) {
  std::string text = to_rfc3339(SystemTime(std::chrono::milliseconds(time / 1000 * 1000)));
  text[10] = ' ';
  text.pop_back();
  return text;
}

ordered_json user(const Entity& entity) {
  Draw draw(entity.key);
  return {{"schemas", ordered_json::array({"urn:ietf:params:scim:schemas:core:2.0:User"})},
          {"id", id_of(entity)},
          {"externalId", ""},
          {"userName", fmt::format("user{}@example.com", entity.index)},
          {"name", {{"familyName", draw.pick(kPeople)}, {"givenName", draw.pick(kPeople)}}},
          {"photos", ordered_json::array()},
          {"active", entity.key % 6 != 0},
          {"locale", "en_US"},
          {"globalAttributes",
           {{"partnerCustomProperties", custom_properties(entity.key)},
            {"productSeat", "SOCIAL_CLOUD"},
            {"passwordLoginDisabled", false}}},
          {"clientAttributes",
           ordered_json::array({ordered_json{
               {"clientId", 1'000'004'657}, {"userType", "PRTADMN"}, {"phoneNumbers", ordered_json::array()}}})},
          {"meta",
           {{"resourceType", "User"},
            {"createdTime", user_time(entity.created)},
            {"lastModified", user_time(entity.modified)}}}};
}

ordered_json outbound_message(const Entity& entity) {
  Draw draw(entity.key);
  ordered_json accounts = ordered_json::array();
  if (entity.key % 3 != 0) accounts.push_back(1'000'074'726 + entity.key % 9);
  return {{"id", 2'152'000'000 + entity.index},
          {"accountIds", accounts},
          {"version", 1 + entity.touches},
          {"variantDetails",
           {{"variant", false},
            {"variantParentMessageId", fmt::format("MESSAGE_{}", 2'152'000'000 + entity.index)},
            {"hasVariants", false}}},
          {"content", {{"text", draw.pick(kTexts)}, {"isRichText", false}}},
          {"channelOptions", ordered_json::array()},
          {"scheduleDate", entity.created + 7'000},
          {"taxonomy", {{"campaignId", fmt::format("4_{}", entity.key % 50)}}},
          {"status", draw.one_in(3) ? "DRAFT" : "PUBLISHED"},
          {"autoResponse", false},
          {"createdTime", entity.created},
          {"modifiedTime", entity.modified},
          {"authorId", 66'000'000 + entity.key % 40}};
}

ordered_json campaign(const Entity& entity) {
  Draw draw(entity.key);
  return {{"id", id_of(entity)},
          {"name", fmt::format("Campaign {} – {}", entity.index, draw.pick(kPeople))},
          {"description", draw.pick(kTexts)},
          {"createdTime", entity.created},
          {"modifiedTime", entity.modified},
          {"startDate", entity.created + 86'400'000},
          {"endDate", entity.created + 8 * 86'400'000LL},
          {"tags", ordered_json::array({"Nord", "été"})},
          {"owner", 66'000'000 + entity.key % 40},
          {"partnerCustomProperties", custom_properties(entity.key)},
          {"status", draw.one_in(2) ? "DRAFT" : "APPROVED"},
          {"archived", draw.one_in(5)}};
}

// Two comments follow one case each.
ordered_json comment(const Entity& entity) {
  Draw draw(entity.key);
  return {{"id", id_of(entity)},
          {"text", fmt::format("\n{}\n", draw.pick(kTexts))},
          {"commentingUser", 66'000'000 + entity.key % 40},
          {"createdTime", entity.created},
          {"modifiedTime", entity.modified},
          {"entityType", "CASE"},
          {"entityId", std::to_string(1'000'000 + entity.index / 2)},
          {"conversationId", hex_id(entity.key)}};
}

ordered_json social_asset(const Entity& entity) {
  return {{"id", id_of(entity)},
          {"name", "title"},
          {"description", ""},
          {"assetType", "PHOTO"},
          {"status", "Approved"},
          {"attachment", {{"url", "https://example.com/a/" + id_of(entity)}, {"type", "IMAGE"}}},
          {"taxonomy", {{"campaignId", fmt::format("4_{}", entity.key % 50)}}},
          {"insights", {{"TOTAL_ENGAGEMENT", static_cast<double>(entity.key % 100)}}},
          {"validity", {{"expiryTime", 2'208'988'800'000}, {"availableFrom", entity.created}, {"neverExpire", false}}},
          {"assetSource", "SPRINKLR"},
          {"actionStats", ordered_json::object()},
          {"restricted", false}};
}

ordered_json task(const Entity& entity) {
  return {{"id", id_of(entity)},
          {"assignment", ordered_json::object()},
          {"taskType", "Design Task"},
          {"taskStatus", entity.key % 2 == 0 ? "NEW" : "APPROVED"},
          {"title", "task"},
          {"assetId", fmt::format("MESSAGE_{}", 2'152'000'000 + entity.index)},
          {"assetType", "OUTBOUND_MESSAGE"},
          {"dueDate", entity.created + 86'400'000},
          {"customProperties", custom_properties(entity.key)},
          {"inactive", false},
          {"queueDetails", ordered_json::array()},
          {"createdTime", entity.created},
          {"modifiedTime", entity.modified}};
}

ordered_json profile(const Entity& entity) {
  Draw draw(entity.key);
  ordered_json profiles = ordered_json::array();
  for (std::uint64_t at = 0; at <= entity.key % 3; ++at) {
    profiles.push_back(channel_profile(entity.key + at, kChannels[(entity.key + at) % std::size(kChannels)]));
  }
  return {{"id", id_of(entity)},
          {"contact", {{"fullName", draw.pick(kPeople)}, {"phoneNo", fmt::format("+1555{:07}", entity.index)}}},
          {"demographics", {{"location", "São Paulo"}, {"gender", ordered_json()}}},
          {"profiles", profiles},
          {"profileWorkflow",
           {{"profileLists", ordered_json::array()},
            {"customProperties", custom_properties(entity.key)},
            {"profileSpaceWorkflows", ordered_json::array()}}},
          {"createdTime", entity.created},
          {"modifiedTime", entity.modified}};
}

ordered_json audience_activity(const Entity& entity) {
  return {{"id", id_of(entity)},
          {"actorProfile",
           {{"id", hex_id(entity.key + 9)},
            {"profiles", ordered_json::array({channel_profile(entity.key, channel_of(entity))})}}},
          {"objectId", fmt::format("{}_70_{}", channel_of(entity), mix(entity.key) >> 3U)},
          {"accountId", 123'000 + entity.key % 5},
          {"channelType", channel_of(entity)},
          {"activityData", {{"brandLink", false}, {"type", "like"}}},
          {"activityType", entity.key % 2 == 0 ? "like" : "comment"},
          {"activityTime", entity.created}};
}

ordered_json custom_field(const Entity& entity) {
  const bool is_old = entity.index == 0 || entity.index == 2;  // ids without the prefix, as old fields have
  const std::string field = (is_old ? "" : "_c_") + hex_id(entity.index + 1);
  return {{"id", id_of(entity)},
          {"fieldName", field},
          {"label", entity.index % 7 == 3 ? "Region / Région" : fmt::format("Field  {}", entity.index)},
          {"assetTypes", ordered_json::array({entity.index % 2 == 0 ? "UNIVERSAL_CASE" : "SURVEY"})},
          {"type", entity.index % 3 == 0 ? "NUMBER" : "PICKLIST"},
          {"values", ordered_json::array()},
          {"enabled", true},
          {"visibility", {{"globallyVisible", true}, {"visibilityConfig", ordered_json::array()}}},
          {"permissions", ordered_json::array()},
          {"optionType", "GENERAL"},
          {"accessibleClientIds", ordered_json::array({66'000'004})},
          {"createdTime", display_time(entity.created)},
          {"modifiedTime", display_time(entity.modified)}};
}

ordered_json transaction(const Entity& entity) {
  Draw draw(entity.key);
  return {{"id", id_of(entity)},
          {"transactionGroupId", hex_id(entity.index / 100 + 77)},
          {"profileName", draw.pick(kPeople)},
          {"channelProfileId", fmt::format("user{}@example.org", entity.index)},
          {"distributionChannel", "EMAIL"},
          {"transactionGroupType", "UDC"},
          {"customProperties", custom_properties(entity.key)},
          {"isArchived", false},
          {"createdTime", entity.created}};
}

}  // namespace

std::uint64_t number_of_case(const Entity& entity) { return 1'000'000 + entity.index; }

std::string id_of(const Entity& entity) {
  switch (entity.type) {
    case EntityType::kMessage:
      return message_id(entity.key, entity.created);
    case EntityType::kUser:
      return std::to_string(66'000'000 + entity.index);
    case EntityType::kOutboundMessage:
      return std::to_string(2'152'000'000 + entity.index);
    case EntityType::kCampaign:
      return fmt::format("4_{}", entity.index);
    case EntityType::kSubCampaign:
      return fmt::format("5_{}", entity.index);
    default:
      return hex_id(entity.key);
  }
}

ordered_json record_of(const Entity& entity) {
  switch (entity.type) {
    case EntityType::kMessage:
      return message(entity);
    case EntityType::kCase:
      return case_record(entity);
    case EntityType::kUser:
      return user(entity);
    case EntityType::kOutboundMessage:
      return outbound_message(entity);
    case EntityType::kCampaign:
    case EntityType::kSubCampaign:
      return campaign(entity);
    case EntityType::kComment:
      return comment(entity);
    case EntityType::kSocialAsset:
      return social_asset(entity);
    case EntityType::kTask:
      return task(entity);
    case EntityType::kAudienceActivity:
      return audience_activity(entity);
    case EntityType::kProfile:
      return profile(entity);
    case EntityType::kCustomField:
      return custom_field(entity);
    case EntityType::kTransaction:
      return transaction(entity);
  }
  return {};
}

}  // namespace engagement::simulator::sprinklr
