#include "simulator/sprinklr/bootstrap.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/sprinklr/report_objects.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::ordered_json;

constexpr std::uint64_t kEach = 25;
constexpr std::int64_t kCreated = 1'690'000'000'000;

enum class Shape { kAccount, kCampaign, kGroup, kUser, kClient, kShorteners, kField, kNamed };

struct Resource {
  std::string_view type;
  Shape shape;
};

constexpr Resource kResources[] = {
    {"PARTNER_ACCOUNTS", Shape::kAccount},
    {"USER_ACCESSIBLE_ACCOUNTS", Shape::kAccount},
    {"PARTNER_CAMPAIGNS", Shape::kCampaign},
    {"PARTNER_ACCOUNT_GROUPS", Shape::kGroup},
    {"PARTNER_USERS", Shape::kUser},
    {"ACCESSIBLE_USERS", Shape::kUser},
    {"CLIENTS", Shape::kClient},
    {"CLIENT_URL_SHORTNERS", Shape::kShorteners},
    {"INBOUND_CUSTOM_FIELDS", Shape::kField},
    {"OUTBOUND_CUSTOM_FIELDS", Shape::kField},
    {"PROFILE_CUSTOM_FIELDS", Shape::kField},
    {"USER_CUSTOM_FIELDS", Shape::kField},
    {"MEDIA_ASSET_CUSTOM_FIELDS", Shape::kField},
    {"ACCOUNT_CUSTOM_FIELDS", Shape::kField},
    {"LISTENING_TOPIC_CUSTOM_FIELDS", Shape::kField},
    {"LISTENING_THEME_CUSTOM_FIELDS", Shape::kField},
    {"UM_STATUSES", Shape::kNamed},
    {"UM_PRIORITIES", Shape::kNamed},
    {"APPROVAL_PATHS", Shape::kNamed},
    {"PARTNER_QUEUES", Shape::kNamed},
    {"CLIENT_QUEUES", Shape::kNamed},
    {"UNIVERSAL_CASE_QUEUES", Shape::kNamed},
    {"PARTNER_PROFILE_LISTS", Shape::kNamed},
    {"CLIENT_PROFILE_LISTS", Shape::kNamed},
    {"MACROS", Shape::kNamed},
    {"PERMISSIONS", Shape::kNamed},
    {"USER_GROUPS", Shape::kNamed},
};

ordered_json item(const Resource& resource, std::uint64_t at) {
  switch (resource.shape) {
    case Shape::kAccount:
      return {{"accountId", 300'126'000 + at},
              {"displayName", fmt::format("Conto  n° {}", at)},
              {"accountType", at % 2 == 0 ? "TWITTER" : "INSTAGRAM"},
              {"channelId", std::to_string(29'958'928 + at)},
              {"dateµcreatedTime", kCreated + static_cast<std::int64_t>(at)},
              {"active", at % 5 != 0}};
    case Shape::kCampaign:
      return {{"campaignId", fmt::format("4_{}", at)}, {"campaignName", fmt::format("Campaign {}", at)}};
    case Shape::kGroup:
      return {{"id", at + 1},
              {"name", fmt::format("Group {}", at)},
              {"accountIds", ordered_json::array({300'126'000 + at, 300'126'001 + at})}};
    case Shape::kUser:
      return {{"userId", 66'000'000 + at},
              {"firstName", "Zoë"},
              {"lastName", fmt::format("Nº {}", at)},
              {"email", fmt::format("user{}@example.com", at)}};
    case Shape::kClient:
      return {{"clientId", 7'647 + at}, {"partnerId", 1'090}, {"clientName", fmt::format("Workspace {}", at)}};
    case Shape::kField:
      return {{"fieldName", at == 0 ? hex_id(1) : "_c_" + hex_id(at + 1)},
              {"label", fmt::format("Field  {}", at)},
              {"fieldType", "PICKLIST"},
              {"options", ordered_json::array({"Two", "Three"})}};
    case Shape::kNamed:
    case Shape::kShorteners:
      break;
  }
  return {{"id", fmt::format("{}", 100'000 + at)}, {"name", fmt::format("{} {}", resource.type, at)}};
}

}  // namespace

std::optional<ordered_json> bootstrap_resources(std::string_view type) {
  const auto resource = std::find_if(std::begin(kResources), std::end(kResources),
                                     [type](const Resource& each) { return each.type == type; });
  if (resource == std::end(kResources)) return std::nullopt;
  if (resource->shape == Shape::kShorteners) {
    ordered_json by_client = ordered_json::object();
    by_client["7647"] = ordered_json::array({item(*resource, 0), item(*resource, 1)});
    return by_client;
  }
  ordered_json list = ordered_json::array();
  for (std::uint64_t at = 0; at < kEach; ++at) list.push_back(item(*resource, at));
  return list;
}

ordered_json listening_topics() {
  ordered_json groups = ordered_json::array();
  ordered_json topics = ordered_json::array();
  for (std::uint64_t at = 0; at < 3; ++at) {
    const std::string group = hex_id(0x9100 + at);
    groups.push_back({{"id", group}, {"name", fmt::format("Topic group {}", at)}});
    for (std::uint64_t topic = 0; topic < 4; ++topic) {
      ordered_json entry = {{"id", hex_id(0x9200 + 4 * at + topic)},
                            {"name", fmt::format("Topic {} – {}", at, topic)},
                            {"topicGroup", group},
                            {"tags", ordered_json::array({"marque", "бренд"})},
                            {"enabled", topic != 3}};
      if (topic % 2 == 0) entry["query"] = "(brand OR \"mi marca\") NOT spam";
      if (topic % 2 == 1) entry["modifiedTime"] = kCreated;
      topics.push_back(std::move(entry));
    }
  }
  ordered_json answer;
  answer["status"] = "SUCCESS";
  answer["response"] = {{"topicGroups", groups}, {"topics", topics}};
  return answer;
}

}  // namespace engagement::simulator::sprinklr
