#include "simulator/sprinklr/search_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "simulator/sprinklr/search_keys.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;

bool is_group(const std::string& type) { return type == "AND" || type == "OR" || type == "NOT"; }

// Every scalar under a dotted path, through lists. Custom properties' keys hold no dots.
void collect(const json& value, std::string_view path, std::vector<json>& found) {
  if (value.is_array()) {
    for (const json& element : value) collect(element, path, found);
    return;
  }
  if (path.empty()) {
    found.push_back(value);
    return;
  }
  if (!value.is_object()) return;
  const auto dot = std::min(path.find('.'), path.size());
  const auto member = value.find(std::string(path.substr(0, dot)));
  if (member != value.end()) collect(*member, path.substr(std::min(dot + 1, path.size())), found);
}

std::vector<json> values_of(const Entity& entity, const std::string& key) {
  if (const auto time = time_of(entity, key)) return {json(*time)};
  if (entity.type == EntityType::kComment && key == "entityType") return {json("UNIVERSAL_CASE")};
  if (entity.type == EntityType::kComment && key == "includeReplyOnComments") return {json(true)};
  std::string path = key;
  if (entity.type == EntityType::kProfile && (key == "channelType" || key == "channelId")) path = "profiles." + key;
  if (entity.type == EntityType::kTransaction && key == "Id") path = "id";
  std::vector<json> found;
  collect(json(record_of(entity)), path, found);
  return found;
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

std::optional<double> number_of(const std::string& text) {
  double number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// <0, 0, >0
int compare(const json& one, const json& other) {
  const std::string first = text_of(one), second = text_of(other);
  const auto first_number = number_of(first), second_number = number_of(second);
  if (first_number && second_number) return *first_number < *second_number ? -1 : *first_number > *second_number;
  return first.compare(second);
}

bool holds(const std::string& operation, const json& value, const json& wanted) {
  const int order = compare(value, wanted);
  if (operation == "IN" || operation == "EQUALS" || operation == "NIN" || operation == "NOT_EQUALS") return order == 0;
  if (operation == "GT") return order > 0;
  if (operation == "GTE") return order >= 0;
  if (operation == "LT") return order < 0;
  if (operation == "LTE") return order <= 0;
  return text_of(value).find(text_of(wanted)) != std::string::npos;  // CONTAINS, SEARCH
}

bool leaf_matches(const Entity& entity, const std::string& operation, const std::string& key, const json& wanted) {
  if (operation == "EXISTS") return true;
  const std::vector<json> values = values_of(entity, key);
  if (operation == "BETWEEN") {
    return std::any_of(values.begin(), values.end(), [&wanted](const json& value) {
      return compare(value, wanted.at(0)) >= 0 && compare(value, wanted.at(1)) <= 0;
    });
  }
  const bool any = std::any_of(values.begin(), values.end(), [&](const json& value) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const json& each) { return holds(operation, value, each); });
  });
  return operation == "NIN" || operation == "NOT_EQUALS" ? !any : any;
}

std::optional<Failure> check_leaf(EntityType type, const json& filter, const std::string& operation) {
  if (!filter.contains("key") || !filter.at("key").is_string()) return invalid_request("filter: key is required");
  const auto key = filter.at("key").get<std::string>();
  const SearchKey* known = find_search_key(type, key);
  if (known == nullptr) return invalid_request(fmt::format("filter: key {} is not supported", key));
  if (!allows(*known, operation)) {
    return invalid_request(fmt::format("filter: type {} is not supported for key {}", operation, key));
  }
  if (!filter.contains("values") || !filter.at("values").is_array()) {
    return invalid_request("filter: values must be a list");
  }
  for (const json& value : filter.at("values")) {
    if (value.is_structured() || value.is_null()) return invalid_request("filter: values must be plain");
  }
  if (operation == "BETWEEN" && filter.at("values").size() != 2) return invalid_request("filter: BETWEEN wants two");
  return std::nullopt;
}

}  // namespace

std::optional<Failure> check_filter(EntityType type, const json& filter) {
  if (!filter.is_object() || !filter.contains("type") || !filter.at("type").is_string()) {
    return invalid_request("filter: type is required");
  }
  const auto operation = filter.at("type").get<std::string>();
  if (!is_group(operation)) return check_leaf(type, filter, operation);
  if (!filter.contains("filters") || !filter.at("filters").is_array()) {
    return invalid_request("filter: filters must be a list");
  }
  for (const json& part : filter.at("filters")) {
    if (auto failure = check_filter(type, part)) return failure;
  }
  return std::nullopt;
}

bool names_key(const json& filter, std::string_view key) {
  if (!filter.is_object()) return false;
  if (filter.value("key", json()) == key) return true;
  const json parts = filter.value("filters", json::array());
  return std::any_of(parts.begin(), parts.end(), [key](const json& part) { return names_key(part, key); });
}

bool matches(const Entity& entity, const json& filter) {
  const auto& operation = filter.at("type").get_ref<const std::string&>();
  if (!is_group(operation)) {
    return leaf_matches(entity, operation, filter.at("key").get<std::string>(), filter.at("values"));
  }
  const json& parts = filter.at("filters");
  const auto matched = [&entity](const json& part) { return matches(entity, part); };
  if (operation == "AND") return std::all_of(parts.begin(), parts.end(), matched);
  if (operation == "OR") return std::any_of(parts.begin(), parts.end(), matched);
  return std::none_of(parts.begin(), parts.end(), matched);
}

std::optional<std::int64_t> time_of(const Entity& entity, std::string_view key) {
  constexpr std::int64_t kImport = 35'000;  // a message is imported so long after it was written
  const bool is_message = entity.type == EntityType::kMessage;
  if (key == "createdTime" || key == "createdDate" || key == "meta.createdTime") {
    return entity.created + (is_message ? kImport : 0);
  }
  if (key == "channelCreatedTime" || key == "validity.availableFrom" || key == "activityTime") return entity.created;
  if (key == "modifiedTime" || key == "modifiedDate" || key == "meta.lastModified") {
    return entity.modified + (is_message ? kImport : 0);
  }
  if (key == "publishedTime" || key == "publishedDate" || key == "scheduleTime" || key == "scheduleDate") {
    return entity.created + 7'000;
  }
  return std::nullopt;
}

}  // namespace engagement::simulator::sprinklr
