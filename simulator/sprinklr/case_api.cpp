#include <algorithm>

#include "simulator/sprinklr/call.hpp"
#include "simulator/sprinklr/report_query.hpp"
#include "simulator/sprinklr/search_filter.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kBulk = 50;  // messages of one bulk fetch

template <typename Matches>
std::optional<Entity> first_of(const State& state, EntityType type, const Matches& matches) {
  for (const Entity& entity : state.entities.all(type)) {
    if (matches(entity)) return entity;
  }
  return std::nullopt;
}

Reply by_id(const Call& call, EntityType type, const std::string& id) {
  const auto found = first_of(call.state, type, [&id](const Entity& entity) { return id_of(entity) == id; });
  return found ? data_reply(record_of(*found), call.gzip) : to_reply(not_found());
}

Reply by_case_number(const Call& call) {
  const auto number = whole_number(json(call.fields.value("case-number").value_or("")));
  if (!number) return to_reply(invalid_request("case-number is required"));
  ordered_json cases = ordered_json::array();
  const auto wanted = static_cast<std::uint64_t>(*number);
  const auto found =
      first_of(call.state, EntityType::kCase, [wanted](const Entity& each) { return number_of_case(each) == wanted; });
  if (found) cases.push_back(record_of(*found));
  return data_reply(std::move(cases), call.gzip);
}

// The ids of a case's messages, of those after `cursor` (epoch ms) if it is given.
Reply associated_messages(const Call& call) {
  const std::string id = call.fields.value("id").value_or("");
  const auto after = whole_number(json(call.fields.value("cursor").value_or("-1")));
  if (!after) return to_reply(invalid_request("cursor must be a number"));
  const auto owner =
      first_of(call.state, EntityType::kCase, [&id](const Entity& entity) { return id_of(entity) == id; });
  if (!owner) return to_reply(not_found());
  ordered_json ids = ordered_json::array();
  for (std::uint64_t at = 0; at < 2; ++at) {
    const auto message = call.state.entities.find(EntityType::kMessage, 2 * owner->index + at);
    if (message && message->created > *after) ids.push_back(id_of(*message));
  }
  return data_reply(std::move(ids), call.gzip);
}

Reply bulk_fetch(const Call& call) {
  if (!call.body.is_array()) return to_reply(invalid_request("the body must be a list of message ids"));
  if (call.body.size() > kBulk) return to_reply(invalid_request("at most 50 messages can be fetched"));
  ordered_json messages = ordered_json::array();
  for (const Entity& message : call.state.entities.all(EntityType::kMessage)) {
    const std::string id = id_of(message);
    if (std::find(call.body.begin(), call.body.end(), json(id)) != call.body.end()) {
      messages.push_back(record_of(message));
    }
  }
  return data_reply(std::move(messages), call.gzip);
}

// POST /api/v1/case/search: offset paging over caseCreationTime or caseModificationTime.
Reply v1_search(const Call& call) {
  if (!call.body.is_object()) return to_reply(invalid_request("the body is no JSON object"));
  const json paging = call.body.value("paginationInfo", json::object());
  if (!paging.is_object()) return to_reply(invalid_request("paginationInfo must be an object"));
  const auto number = [&paging](const char* name, std::int64_t fallback) {
    return paging.contains(name) ? whole_number(paging.at(name)).value_or(fallback) : fallback;
  };
  const bool by_creation = paging.value("sortKey", json("caseCreationTime")) == "caseCreationTime";
  SearchQuery query;
  query.type = EntityType::kCase;
  query.sort_key = by_creation ? "createdTime" : "modifiedTime";
  query.descending = paging.value("sortDirection", json("DESC")) == "DESC";
  query.time = {query.sort_key, number("sinceDate", 0), number("untilDate", to_ms(call.state.present.now()))};
  const std::vector<Entity> found = run_search(query, call.state.entities);
  const auto start = static_cast<std::uint64_t>(std::max<std::int64_t>(number("start", 0), 0));
  const auto rows = static_cast<std::uint64_t>(std::max<std::int64_t>(number("rows", 20), 0));
  ordered_json results = ordered_json::array();
  for (std::uint64_t at = start; at < std::min<std::uint64_t>(start + rows, found.size()); ++at) {
    ordered_json result;
    result["universalCaseApiDTO"] = record_of(found[at]);
    results.push_back(std::move(result));
  }
  return json_reply(ordered_json{{"searchResults", results}, {"totalCount", found.size()}}, call.gzip);
}

Reply audit_reply(const Call& call, const std::variant<ordered_json, Failure>& answer) {
  if (const auto* failure = std::get_if<Failure>(&answer)) return to_reply(*failure);
  return data_reply(std::get<ordered_json>(answer), call.gzip);
}

Reply stream_page(const Call& call, const SearchPage& page) {
  ordered_json entities = ordered_json::array();
  for (const Entity& entity : page.entities) entities.push_back(record_of(entity));
  ordered_json data = {{"entities", entities}, {"hasMore", !page.cursor.empty()}};
  if (!page.cursor.empty()) data["nextPageCursor"] = page.cursor;
  return data_reply(std::move(data), call.gzip);
}

// An engagement stream: of messages by CHANNEL_CREATED_TIME, else of cases.
Reply stream_feed(const Call& call) {
  if (!call.body.is_object()) return to_reply(invalid_request("the body is no JSON object"));
  const json field = call.body.value("sortField", json("CASE_MODIFICATION_TIME"));
  SearchQuery query;
  query.type = field == "CHANNEL_CREATED_TIME" ? EntityType::kMessage : EntityType::kCase;
  if (field == "CHANNEL_CREATED_TIME") {
    query.sort_key = "channelCreatedTime";
  } else if (field == "CASE_MODIFICATION_TIME" || field == "CASE_CREATION_TIME") {
    query.sort_key = field == "CASE_CREATION_TIME" ? "createdTime" : "modifiedTime";
  } else {
    return to_reply(invalid_request("sortField is not supported"));
  }
  query.descending = call.body.value("sortOrder", json("DESC")) == "DESC";
  const auto rows = whole_number(call.body.value("rows", json(50)));
  if (!rows || *rows < 1) return to_reply(invalid_request("rows must be a number"));
  query.size = static_cast<std::uint64_t>(*rows);
  return stream_page(call, call.state.searches.begin(query));
}

Reply stream_next(const Call& call) {
  for (const EntityType type : {EntityType::kCase, EntityType::kMessage}) {
    const auto page = call.state.searches.next(type, call.segment(4));
    if (const auto* found = std::get_if<SearchPage>(&page)) return stream_page(call, *found);
  }
  return to_reply(invalid_request("the cursor is invalid or has expired"));
}

}  // namespace

std::optional<Reply> case_api(const Call& call) {
  if (call.is("GET", {"api", "v2", "case", "case-numbers"})) return by_case_number(call);
  if (call.is("GET", {"api", "v2", "case", "associated-messages"})) return associated_messages(call);
  if (call.is("GET", {"api", "v2", "case", "*"})) return by_id(call, EntityType::kCase, call.segment(3));
  if (call.is("POST", {"api", "v1", "case", "search"})) return v1_search(call);
  if (call.is("POST", {"api", "v2", "message", "bulk-fetch"})) return bulk_fetch(call);
  if (call.is("GET", {"api", "v2", "message", "byMessageId"})) {
    return by_id(call, EntityType::kMessage, call.fields.value("messageId").value_or(""));
  }
  if (call.is("POST", {"api", "v2", "audit", "fetch"})) return audit_reply(call, call.state.audit.fetch(call.body));
  if (call.is("GET", {"api", "v2", "audit"})) {
    return audit_reply(call, call.state.audit.next(call.fields.value("id").value_or("")));
  }
  if (call.is("GET", {"api", "v2", "campaign", "*"})) return by_id(call, EntityType::kCampaign, call.segment(3));
  if (call.is("GET", {"api", "v2", "comment", "*", "*", "*"}))
    return by_id(call, EntityType::kComment, call.segment(5));
  if (call.is("POST", {"api", "v2", "stream", "*", "feed"})) return stream_feed(call);
  if (call.is("GET", {"api", "v2", "stream", "cursor", "*"})) return stream_next(call);
  return std::nullopt;
}

}  // namespace engagement::simulator::sprinklr
