#include "simulator/sprinklr/scim.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "simulator/sprinklr/admin.hpp"
#include "simulator/sprinklr/report_query.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

struct Condition {
  std::string attribute, operation, value;
  std::int64_t time = 0;  // of meta.lastModified
};

// `attribute operation "value"`
std::optional<Condition> parse_condition(const std::string& text) {
  const auto first = text.find(' ');
  const auto second = text.find(' ', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  Condition condition{text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
  std::string& value = condition.value;
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  value = value.substr(1, value.size() - 2);
  const bool is_time = condition.attribute == "meta.lastModified";
  if (!is_time && condition.attribute != "id" && condition.attribute != "userName") return std::nullopt;
  const auto& operation = condition.operation;
  const bool is_order = operation == "ge" || operation == "gt" || operation == "le" || operation == "lt";
  if (operation != "eq" && !(is_time && is_order)) return std::nullopt;
  if (!is_time) return condition;
  try {
    condition.time = parse_time(value, false);
  } catch (const ConnectorError&) {
    return std::nullopt;
  }
  return condition;
}

std::optional<std::vector<Condition>> parse_filter(std::string text) {
  constexpr std::string_view kAnd = " and ";
  std::vector<Condition> conditions;
  while (!text.empty()) {
    const auto end = text.find(kAnd);
    const auto condition = parse_condition(text.substr(0, end));
    if (!condition) return std::nullopt;
    conditions.push_back(*condition);
    text = end == std::string::npos ? "" : text.substr(end + kAnd.size());
  }
  return conditions;
}

bool holds(const Entity& user, const Condition& condition) {
  if (condition.attribute == "id") return id_of(user) == condition.value;
  if (condition.attribute == "userName") return record_of(user).at("userName") == condition.value;
  const std::int64_t time = user.modified / 1000 * 1000;
  if (condition.operation == "ge") return time >= condition.time;
  if (condition.operation == "gt") return time > condition.time;
  if (condition.operation == "le") return time <= condition.time;
  if (condition.operation == "lt") return time < condition.time;
  return time == condition.time;
}

}  // namespace

std::variant<ordered_json, Failure> scim_users(const QueryFields& fields, const Entities& entities) {
  const auto number = [&fields](const char* name, std::int64_t fallback) {
    const auto text = fields.value(name);
    return text ? whole_number(json(*text)).value_or(-1) : fallback;
  };
  const std::int64_t start = number("startIndex", 1), count = number("count", 100);
  if (start < 1 || count < 0) return invalid_request("startIndex and count must be numbers");
  const auto conditions = parse_filter(fields.value("filter").value_or(""));
  if (!conditions) return invalid_request("the filter is not supported");
  const std::string sort = fields.value("sortBy").value_or("id");
  if (sort != "id" && sort != "meta.lastModified") return invalid_request("sortBy is not supported");

  std::vector<Entity> users;
  for (const Entity& user : entities.all(EntityType::kUser)) {
    const bool matches = std::all_of(conditions->begin(), conditions->end(),
                                     [&user](const Condition& condition) { return holds(user, condition); });
    if (matches) users.push_back(user);
  }
  if (sort == "meta.lastModified") {
    std::stable_sort(users.begin(), users.end(),
                     [](const Entity& one, const Entity& other) { return one.modified < other.modified; });
  }
  if (fields.value("sortOrder") == "descending") std::reverse(users.begin(), users.end());

  ordered_json resources = ordered_json::array();
  const auto begin = static_cast<std::size_t>(start) - 1;
  for (std::size_t at = begin; at < std::min(begin + static_cast<std::size_t>(count), users.size()); ++at) {
    resources.push_back(record_of(users[at]));
  }
  ordered_json answer;
  answer["schemes"] = ordered_json::array({"urn:ietf:params:scim:api:messages:2.0:ListResponse"});
  answer["itemsPerPage"] = resources.size();
  answer["Resources"] = std::move(resources);
  answer["totalResults"] = users.size();
  answer["startIndex"] = start;
  return answer;
}

}  // namespace engagement::simulator::sprinklr
