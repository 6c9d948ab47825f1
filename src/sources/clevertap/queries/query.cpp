#include "sources/clevertap/queries/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/error.hpp"
#include "json/canonical_hash.hpp"
#include "json/padded_buffer.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/queries/query_text.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;

constexpr std::array<std::string_view, 6> kKindNames = {
    "events", "profiles", "event_count", "profile_count", "top_property_values", "trends"};

constexpr std::size_t kMostGroups = 5;  // of one request (https://developer.clevertap.com/docs/trends-api)

// CleverTap echoes a group's label beside these members of its answer.
constexpr std::array<std::string_view, 5> kTakenLabels = {"status", "req_id", "error", "code", "count"};

bool is_name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_';
}

std::optional<Day> day_of(const Json& value) {
  if (value.is_number_integer()) return day_from_number(value.get<std::int64_t>());
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return day_from_number(number);
  return day_from_text(text);
}

std::optional<std::string> take_day(Json& body, const char* key, std::optional<Day>& day) {
  const auto found = body.find(key);
  if (found == body.end()) return std::nullopt;
  const auto taken = day_of(*found);
  if (!taken) {
    return fmt::format("\"{}\" is {}, no day. Write it as YYYYMMDD, for example 20260131, or leave it out.", key,
                       found->dump());
  }
  const bool later_counts = std::string_view(key) == "from";
  day = !day ? *taken : later_counts ? std::max(*day, *taken) : std::min(*day, *taken);
  body.erase(key);
  return std::nullopt;
}

std::optional<std::string> groups_problem(const Json& body, QueryKind kind) {
  const Json* groups = protocol::find_member(body, "groups");
  if (groups == nullptr || !groups->is_object() || groups->empty()) {
    return "\"groups\" is missing: an object with one member for each group, whose name labels its results.";
  }
  if (kind == QueryKind::trends && groups->size() > kMostGroups) {
    return fmt::format("it has {} groups, and CleverTap answers {} at most at a time. Make two queries of it.",
                       groups->size(), kMostGroups);
  }
  for (const auto& [label, group] : groups->items()) {
    if (std::find(kTakenLabels.begin(), kTakenLabels.end(), label) != kTakenLabels.end()) {
      return fmt::format("the group \"{}\" is called like a part of every answer. Give it another label.", label);
    }
    if (!group.is_object()) return fmt::format("the group \"{}\" is {}, not an object.", label, group.dump());
  }
  return std::nullopt;
}

std::string text_of(const Json& entry, const char* field) { return entry.value(field, std::string()); }

// The JSON object that a field holds as text. A text without anything in it is an empty object.
Json object_of(const Json& entry, const char* field, const std::string& name) {
  const auto text = text_of(entry, field);
  if (protocol::is_blank(text)) return Json::object();
  Json object = protocol::parse_json_text(text, fmt::format("{} of \"{}\"", field, name), "Correct the text.");
  if (!object.is_object()) {
    throw config_error(
        fmt::format("The {} of \"{}\" is {}. Write a JSON object, {{…}}.", field, name, protocol::kind_of(object)));
  }
  return object;
}

// What such a field says, as it is written; empty where nothing is in it.
std::string written(const Json& entry, const char* field) {
  const auto text = text_of(entry, field);
  return protocol::is_blank(text) ? std::string() : on_one_line(text);
}

Query read_query(const Json& entry) {
  Query query;
  query.name = entry.at("name").get<std::string>();
  query.kind = query_kind_from(entry.at("kind").get<std::string>()).value();
  query.granularity = granularity_from(entry.value("granularity", std::string("day"))).value();
  try {
    query.body = object_of(entry, "query", query.name);
    query.context = object_of(entry, "context", query.name);
    query.body_text = written(entry, "query");
    query.context_text = written(entry, "context");
  } catch (const ConnectorError& error) {
    query.error = error.what();
    return query;
  }
  auto problem = take_period(query);
  if (!problem) problem = body_problem(query);
  if (problem) query.error = fmt::format("The query \"{}\" cannot be used: {}", query.name, *problem);
  return query;
}

}  // namespace

std::string_view to_string(QueryKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

std::optional<QueryKind> query_kind_from(std::string_view text) {
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), text);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<QueryKind>(found - kKindNames.begin());
}

std::vector<std::string> query_kind_names() { return {kKindNames.begin(), kKindNames.end()}; }

std::optional<Granularity> granularity_from(std::string_view text) {
  if (text == "day") return Granularity::day;
  if (text == "range") return Granularity::range;
  return std::nullopt;
}

std::optional<std::string> name_problem(std::string_view name, const std::vector<std::string>& taken) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_letter)) {
    return fmt::format("\"{}\" is no stream's name. Use letters, digits and _ only.", name);
  }
  if (std::find(taken.begin(), taken.end(), name) != taken.end()) {
    return fmt::format("there is a stream \"{}\" already. Choose another name.", name);
  }
  return std::nullopt;
}

std::optional<std::string> take_period(Query& query) {
  auto problem = take_day(query.body, "from", query.from);
  if (!problem) problem = take_day(query.body, "to", query.to);
  if (problem || !query.from || !query.to || *query.from <= *query.to) return problem;
  return fmt::format("\"from\", {}, lies after \"to\", {}.", day_to_text(*query.from), day_to_text(*query.to));
}

std::optional<std::string> body_problem(const Query& query) {
  if (query.kind == QueryKind::events) {
    const Json* event = protocol::find_member(query.body, "event_name");
    if (event == nullptr || !event->is_string() || event->get_ref<const std::string&>().empty()) {
      return "\"event_name\" is missing; CleverTap exports the events of one name.";
    }
  }
  if (query.kind == QueryKind::top_property_values || query.kind == QueryKind::trends) {
    return groups_problem(query.body, query.kind);
  }
  return std::nullopt;
}

std::string body_text(const Query& query) {
  return query.body_text.empty() ? query.body.dump(-1, ' ', true) : without_period(query.body_text);
}

std::string context_text(const Query& query) {
  return query.context_text.empty() ? query.context.dump(-1, ' ', true) : query.context_text;
}

std::string query_hash(const Query& query) {
  json::PaddedBuffer text;
  text.append(fmt::format(R"({{"kind":"{}","query":{}}})", to_string(query.kind), body_text(query)));
  json::StructuralIndex index;
  index.build(text);
  json::ValueWalker walker(text, index);
  return json::to_hex(json::hash_value(walker));
}

std::vector<Query> read_queries(const Json& config, const std::vector<std::string>& built_in) {
  std::vector<Query> queries;
  const Json* list = protocol::find_member(config, "queries");
  if (list == nullptr) return queries;
  auto taken = built_in;
  for (const auto& entry : *list) {
    Query query = read_query(entry);
    if (const auto problem = name_problem(query.name, taken)) {
      throw config_error(fmt::format("Queries (queries), entry {}: {}", queries.size() + 1, *problem));
    }
    taken.push_back(query.name);
    queries.push_back(std::move(query));
  }
  return queries;
}

}  // namespace engagement::clevertap
