#include "sources/kustomer/search/search_query.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/time_text.hpp"

namespace engagement::kustomer {

namespace {

using Json = nlohmann::ordered_json;

void add_bound(Json& criteria, const std::string& attribute, const char* bound, std::optional<SystemTime> time) {
  if (time) criteria.push_back({{attribute, {{bound, to_query_time(*time)}}}});
}

}  // namespace

std::string to_query_time(SystemTime time) {
  std::string text = to_rfc3339(time);
  if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
  return text;
}

std::string to_text(const TickRange& range) {
  if (range.is_one_tick()) return to_query_time(range.from);
  return fmt::format("{} to {}", to_query_time(range.from), range.to ? to_query_time(*range.to) : "now");
}

std::string search_body(const SearchTarget& target, const SearchQuery& query, bool include_deleted) {
  Json criteria = Json::array();
  add_bound(criteria, target.changed_at, "gte", query.changed.from);
  add_bound(criteria, target.changed_at, "lt", query.changed.to);
  add_bound(criteria, target.created_at, "gte", query.created_from);
  add_bound(criteria, target.created_at, "lt", query.created_to);
  Json body{{"queryContext", query.context.empty() ? target.context : query.context}, {"and", std::move(criteria)}};
  body["sort"] = Json::array({{{target.changed_at, "asc"}}});
  if (include_deleted) body["includeDeleted"] = true;
  return body.dump();
}

}  // namespace engagement::kustomer
