#include <fmt/format.h>

#include <functional>
#include <map>

#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

using nlohmann::ordered_json;

enum : std::uint64_t { kResourceAttributeSalt = 0x53A11 };

std::string drawn_id(const Organisation& organisation, Kind kind, Draw& draw) {
  std::string id;
  put_drawn_id(id, organisation, kind, draw);
  return id;
}

std::string phrase(Draw& draw) {
  return ordered_json::parse('"' + std::string(odd_phrase(draw)) + '"').get<std::string>();
}

struct Making {
  const Organisation& organisation;
  const Row& row;
  Draw& draw;
  ordered_json& relationships;
};
using Make = std::function<ordered_json(Making)>;

ordered_json user(Making m) {
  ordered_json user = {
      {"name", fmt::format("Agent {}", m.row.number)},
      {"displayName", phrase(m.draw)},
      {"email", fmt::format("agent.{}@example.test", m.row.number)},
      {"userType", m.row.number % 11 == 0 ? "machine" : "user"},
      {"emailVerifiedAt", time_text(m.row.created)},
      {"roles", {"org.user"}},
      {"roleGroups", ordered_json::array()},
      {"avatarUrl", nullptr},
      {"mobile", nullptr},
      {"password", {{"allowNew", true}, {"forceNew", false}, {"updatedAt", time_text(m.row.created)}}}};
  if (m.row.number % 5 == 0) user["emailSignature"] = phrase(m.draw);
  return user;
}

ordered_json team(Making m) {
  return {{"name", fmt::format("Team {}", m.row.number)},
          {"displayName", phrase(m.draw)},
          {"icon", "star"},
          {"members", {drawn_id(m.organisation, Kind::kUser, m.draw), drawn_id(m.organisation, Kind::kUser, m.draw)}},
          {"roleGroups", ordered_json::array()}};
}

ordered_json tag(Making m) {
  return {{"name", fmt::format("tag {} {}", m.row.number, phrase(m.draw))}, {"color", "teal"}};
}

ordered_json shortcut(Making m) {
  const ordered_json block = {{"key", "5fj3a"},
                              {"text", phrase(m.draw)},
                              {"type", "unstyled"},
                              {"depth", 0},
                              {"data", ordered_json::object()},
                              {"entityRanges", ordered_json::array()},
                              {"inlineStyleRanges", ordered_json::array()}};
  return {
      {"name", fmt::format("Shortcut {}", m.row.number)},
      {"isPrivate", m.row.number % 7 == 0},
      {"draft", {{"text", phrase(m.draw)}}},
      {"conversation", {{"tags", {{"operator", "add"}, {"value", {drawn_id(m.organisation, Kind::kTag, m.draw)}}}}}},
      {"payload", {{"text", {{"blocks", {block}}, {"entityMap", ordered_json::object()}}}}}};
}

ordered_json klass(Making m) {
  const Klass& klass = kKlasses[m.row.number % kKlasses.size()];
  return {
      {"name", klass.name},     {"displayName", klass.display_name}, {"icon", "package"},     {"color", "blue"},
      {"status", klass.status}, {"mixins", ordered_json::array()},   {"appVersion", nullptr}, {"appDisabled", false}};
}

ordered_json queue(Making m) {
  return {{"name", fmt::format("queue-{}", m.row.number)},
          {"displayName", phrase(m.draw)},
          {"priority", 1 + m.draw.below(5)},
          {"itemSize", 1 + m.draw.below(10)},
          {"restrictTransfersByUsers", false},
          {"settings", {{"overrideAssignment", true}, {"putBackItemsOnOffline", false}}},
          {"system", m.row.number == 0},
          {"description", nullptr}};
}

ordered_json routing_setting(Making m) {
  m.relationships["team"] = {{"data", {{"type", "team"}, {"id", drawn_id(m.organisation, Kind::kTeam, m.draw)}}}};
  m.relationships["queues"] = {{"data", {{{"type", "queue"}, {"id", drawn_id(m.organisation, Kind::kQueue, m.draw)}}}}};
  return {{"enabled", true}, {"workItemCapacity", 10 + m.draw.below(30)}, {"externalQueues", ordered_json::array()}};
}

ordered_json snooze(Making m) {
  return {{"name", fmt::format("In {} days", m.row.number + 1)},
          {"enabled", true},
          {"type", "relative"},
          {"value", {{"day", {{"type", "days"}, {"value", m.row.number + 1}}}, {"time", "09:00"}}}};
}

ordered_json schedule(Making m) {
  ordered_json hours = ordered_json::object();
  for (const char* day : {"monday", "tuesday", "friday"}) hours[day] = {{{"startTime", 540}, {"endTime", 1'020}}};
  return {{"name", fmt::format("Schedule {}", m.row.number)},
          {"default", m.row.number == 0},
          {"timezone", "Europe/Berlin"},
          {"hours", hours}};
}

ordered_json article(Making m) {
  return {
      {"title", phrase(m.draw)},
      {"status", m.row.number % 3 == 0 ? "draft" : "published"},
      {"defaultLang", "en_us"},
      {"langVersions", {{"en_us", {{"currentVersion", {{"id", drawn_id(m.organisation, Kind::kArticle, m.draw)}}}}}}},
      {"scope", "public"},
      {"tags", ordered_json::array()}};
}

ordered_json sla(Making m) {
  return {{"name", fmt::format("SLA {}", m.row.number)}, {"currentVersion", 1 + m.row.number % 3}, {"enabled", true}};
}

ordered_json satisfaction(Making m) {
  return {{"name", fmt::format("Survey {}", m.row.number)}, {"enabled", true}, {"type", "csat"}, {"scale", 5}};
}

ordered_json named(Making m) {
  return {{"name", fmt::format("{} {}", phrase(m.draw), m.row.number)}, {"enabled", m.row.number % 4 != 3}};
}

ordered_json audit_log(Making m) {
  static constexpr Kind kObjects[] = {Kind::kConversation, Kind::kCustomer, Kind::kMessage, Kind::kUser};
  static constexpr std::string_view kVerbs[] = {"update", "delete", "create"};
  const Kind object = m.draw.pick(kObjects);
  const std::string_view verb = m.draw.pick(kVerbs);
  const ordered_json change = {{"op", "replace"}, {"before", ordered_json::array()}, {"after", {"5cb5"}}};
  return {{"eventName", fmt::format("kustomer.{}.{}", info(object).type, verb)},
          {"eventVerb", verb},
          {"org", "59775dcda751900011ff4687"},
          {"userId", nullptr},
          {"userType", "system"},
          {"objectId", drawn_id(m.organisation, object, m.draw)},
          {"objectType", info(object).type},
          {"client", "routing-api"},
          {"ip", nullptr},
          {"changes", {{"attributes", {{"assignedUsers", change}}}}},
          {"publishedAt", time_text(m.row.created)},
          {"expiresAt", time_text(m.row.created + std::chrono::days(365))}};
}

const Make& make_of(Kind kind) {
  static const std::map<Kind, Make> makes = {{Kind::kUser, user},         {Kind::kTeam, team},
                                             {Kind::kTag, tag},           {Kind::kShortcut, shortcut},
                                             {Kind::kKlass, klass},       {Kind::kQueue, queue},
                                             {Kind::kSnooze, snooze},     {Kind::kRoutingSetting, routing_setting},
                                             {Kind::kSchedule, schedule}, {Kind::kArticle, article},
                                             {Kind::kSla, sla},           {Kind::kSatisfaction, satisfaction},
                                             {Kind::kAuditLog, audit_log}};
  static const Make any = named;
  const auto found = makes.find(kind);
  return found == makes.end() ? any : found->second;
}

}  // namespace

ordered_json small_resource(const Organisation& organisation, Kind kind, const Row& row) {
  Draw draw(mix(organisation.key(kind, row.number), kResourceAttributeSalt));
  ordered_json relationships = {{"org", {{"data", {{"type", "org"}, {"id", "59775dcda751900011ff4687"}}}}}};
  relationships["createdBy"] = {{"data", {{"type", "user"}, {"id", drawn_id(organisation, Kind::kUser, draw)}}}};
  if (draw.one_in(6)) relationships["modifiedBy"] = {{"data", nullptr}};
  ordered_json attributes = make_of(kind)({organisation, row, draw, relationships});
  attributes["createdAt"] = time_text(row.created);
  if (kind != Kind::kAuditLog) {
    attributes["updatedAt"] = time_text(row.updated);
    attributes["modifiedAt"] = time_text(organisation.modified(kind, row));
  }
  if (row.deleted) {
    attributes["deletedAt"] = time_text(row.updated);
    if (kind != Kind::kUser) attributes["deleted"] = true;
  } else if (info(kind).one_deleted_in != 0 && kind != Kind::kUser) {
    attributes["deleted"] = false;
  }
  return {{"attributes", attributes}, {"relationships", relationships}};
}

}  // namespace engagement::simulator::kustomer
