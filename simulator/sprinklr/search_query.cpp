#include "simulator/sprinklr/search_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "simulator/sprinklr/report_query.hpp"
#include "simulator/sprinklr/search_filter.hpp"
#include "simulator/sprinklr/search_keys.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;

// "2026-03" -> its first millisecond, or, as an upper bound, its last.
std::optional<std::int64_t> month_time(const json& value, bool upper) {
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  int year = 0;
  unsigned month = 0;
  if (std::from_chars(text.data(), text.data() + 4, year).ptr != text.data() + 4) return std::nullopt;
  if (std::from_chars(text.data() + 5, text.data() + 7, month).ptr != text.data() + 7) return std::nullopt;
  const std::chrono::year_month at = std::chrono::year(year) / static_cast<int>(month);
  if (!at.ok()) return std::nullopt;
  const std::chrono::sys_days day(upper ? (at + std::chrono::months(1)) / 1 : at / 1);
  return std::chrono::milliseconds(day.time_since_epoch()).count() - (upper ? 1 : 0);
}

std::optional<Failure> set_time(SearchQuery& query, const json& body) {
  const bool is_message = query.type == EntityType::kMessage;
  if (!body.contains("timeFilter") || body.at("timeFilter").is_null()) {
    if (is_message) return invalid_request("timeFilter is required for MESSAGE");
    return std::nullopt;
  }
  const json& filter = body.at("timeFilter");
  if (!filter.is_object()) return invalid_request("timeFilter must be an object");
  SearchQuery::TimeFilter time;
  time.key = filter.contains("key") && filter.at("key").is_string() ? filter.at("key").get<std::string>() : "";
  const bool known = is_message ? time.key == "channelCreatedTime" || time.key == "createdTime"
                                : query.type == EntityType::kAudienceActivity && time.key == "activityTime";
  if (!known) return invalid_request(fmt::format("timeFilter: key {} is not supported", time.key));
  for (const char* name : {"since", "until"}) {
    const json value = filter.value(name, json());
    const bool upper = std::string_view(name) == "until";
    auto number = whole_number(value);
    if (!number) number = month_time(value, upper);
    if (!number) return invalid_request(fmt::format("timeFilter: {} is required", name));
    (upper ? time.until : time.since) = *number;
  }
  query.time = time;
  return std::nullopt;
}

std::optional<Failure> set_sort(SearchQuery& query, const json& body) {
  if (!body.contains("sorts") || body.at("sorts").is_null()) return std::nullopt;
  if (!body.at("sorts").is_array()) return invalid_request("sorts must be a list");
  for (const json& sort : body.at("sorts")) {
    if (!sort.is_object() || !sort.contains("key") || !sort.at("key").is_string()) {
      return invalid_request("sorts: key is required");
    }
    const auto key = sort.at("key").get<std::string>();
    if (!is_sort_key(query.type, key)) return invalid_request(fmt::format("sorts: key {} is not supported", key));
    const json order = sort.value("order", json("ASC"));
    if (order != "ASC" && order != "DESC") return invalid_request("sorts: order must be ASC or DESC");
    if (!query.sort_key.empty()) continue;
    query.sort_key = key;
    query.descending = order == "DESC";
  }
  return std::nullopt;
}

std::optional<Failure> set_page(SearchQuery& query, const json& body, const Options& options) {
  if (!body.contains("page")) return std::nullopt;  // one of the vendor's samples has none
  const json& page = body.at("page");
  if (!page.is_object()) return invalid_request("page must be an object");
  if (page.contains("start")) {
    const auto start = whole_number(page.at("start"));
    if (!start || *start < 0) return invalid_request("page.start must be a number");
    query.start = static_cast<std::uint64_t>(*start);
  }
  const auto size = page.contains("size") ? whole_number(page.at("size")) : std::nullopt;
  if (!size || *size < 1 || static_cast<std::uint64_t>(*size) > options.max_search_size) {
    return invalid_request(fmt::format("page.size must be between 1 and {}", options.max_search_size));
  }
  query.size = static_cast<std::uint64_t>(*size);
  return std::nullopt;
}

std::optional<Failure> set_filter(SearchQuery& query, const json& body) {
  query.filter = body.value("filter", json());
  if (!query.filter.is_null()) {
    if (auto failure = check_filter(query.type, query.filter)) return failure;
  }
  if (query.type != EntityType::kComment) return std::nullopt;
  for (const char* key : {"entityId", "entityType"}) {
    if (!names_key(query.filter, key)) return invalid_request(fmt::format("{} is required for COMMENT", key));
  }
  return std::nullopt;
}

}  // namespace

std::variant<SearchQuery, Failure> parse_search(EntityType type, const json& body, const Options& options) {
  if (!body.is_object()) return invalid_request("the body is no JSON object");
  SearchQuery query;
  query.type = type;
  if (auto failure = set_filter(query, body)) return *failure;
  if (auto failure = set_time(query, body)) return *failure;
  if (auto failure = set_sort(query, body)) return *failure;
  if (auto failure = set_page(query, body, options)) return *failure;
  const json count = body.value("includeCount", json(false));
  if (!count.is_boolean()) return invalid_request("includeCount must be a boolean");
  query.count = count.get<bool>() && type == EntityType::kCase;
  return query;
}

std::vector<Entity> run_search(const SearchQuery& query, const Entities& entities) {
  std::vector<Entity> found;
  for (const Entity& entity : entities.all(query.type)) {
    if (query.time) {
      const auto time = time_of(entity, query.time->key);
      if (!time || *time < query.time->since || *time > query.time->until) continue;
    }
    if (query.filter.is_null() || matches(entity, query.filter)) found.push_back(entity);
  }
  if (query.sort_key.empty()) return found;
  const auto is_before = [&query](const Entity& one, const Entity& other) {
    const auto first = time_of(one, query.sort_key), second = time_of(other, query.sort_key);
    if (first && second) return *first < *second;
    if (query.sort_key == "id") return id_of(one) < id_of(other);
    return one.index < other.index;
  };
  std::stable_sort(found.begin(), found.end(), [&](const Entity& one, const Entity& other) {
    return query.descending ? is_before(other, one) : is_before(one, other);
  });
  return found;
}

}  // namespace engagement::simulator::sprinklr
