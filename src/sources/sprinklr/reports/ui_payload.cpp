#include "sources/sprinklr/reports/ui_payload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/error.hpp"
#include "protocol/json_text.hpp"

namespace engagement::sprinklr {

namespace {

using protocol::find_member;
using protocol::Json;

const Json kNone = Json::array();

const Json& list_of(const Json& object, std::string_view key) {
  const Json* found = find_member(object, key);
  return found != nullptr && found->is_array() ? *found : kNone;
}

bool any_has(const Json& list, std::string_view key) {
  return std::any_of(list.begin(), list.end(), [&](const Json& item) { return find_member(item, key) != nullptr; });
}

// Turns the tree of groups, projections inside, into the API's flat lists.
class UiPayload {
 public:
  UiPayload(const Json& payload, const std::string& what) : given_(payload), what_(what) {}

  Json convert() {
    for (const auto& group : list_of(given_, "groupBys")) add_group(group);
    for (const auto& projection : list_of(given_, "projections")) add_projection(projection);
    for (const auto& filter : list_of(given_, "filters")) filters_.push_back(renamed(filter, "field", "dimensionName"));
    for (const auto& sort : list_of(given_, "sorts")) add_sort(sort);
    Json result = Json::object();
    for (const auto& [key, value] : given_.items()) keep(key, value, result);
    result["filters"] = filters_;
    result["groupBys"] = groups_;
    result["projections"] = projections_;
    if (!sorts_.empty()) result["sorts"] = sorts_;
    return result;
  }

 private:
  [[noreturn]] void explain(const std::string& part) const {
    throw config_error(fmt::format(
        "{} is in the form that Sprinklr's web application uses inside, and {} has no known counterpart in the API. "
        "In Sprinklr, open the widget's menu, choose \"Generate API v2 Payload\", and paste that instead.",
        what_, part));
  }

  void keep(const std::string& key, const Json& value, Json& result) const {
    constexpr std::array<std::string_view, 9> kReplaced = {
        "key", "timeFilter", "previousTimeFilter", "tzOffset", "page", "filters", "groupBys", "projections", "sorts"};
    if (std::find(kReplaced.begin(), kReplaced.end(), key) != kReplaced.end()) return;
    if (key == "query") {
      if (!value.is_null() && !value.empty() && !(value.is_string() && value.get_ref<const std::string&>().empty()))
        explain("its \"query\"");
    } else {
      result[key == "timezone" ? "timeZone" : key] = value;
    }
  }

  static Json renamed(const Json& object, std::string_view from, std::string_view to) {
    Json result = Json::object();
    for (const auto& [key, value] : object.items()) result[key == from ? std::string(to) : key] = value;
    return result;
  }

  // The members in the API's names; what the application alone uses is left out.
  Json translated(const Json& object, std::string_view name, std::string_view api_name, const char* kind) const {
    if (find_member(object, "key") == nullptr && find_member(object, "heading") == nullptr) {
      explain(fmt::format("a {} without \"key\"", kind));
    }
    constexpr std::array<std::string_view, 6> kLeftOut = {"sort",    "page", "projections", "childrenGroupBys",
                                                          "filters", "sorts"};
    Json result = Json::object();
    for (const auto& [key, value] : object.items()) {
      if (std::find(kLeftOut.begin(), kLeftOut.end(), key) != kLeftOut.end()) continue;
      result[key == "key" ? "heading" : key == name ? std::string(api_name) : key] = value;
    }
    return result;
  }

  void add_group(const Json& group) {
    if (!list_of(group, "filters").empty()) explain("a filter inside a group");
    groups_.push_back(translated(group, "field", "dimensionName", "group"));
    if (const Json* sort = find_member(group, "sort")) add_sort(*sort);
    for (const auto& projection : list_of(group, "projections")) add_projection(projection);
    for (const auto& child : list_of(group, "childrenGroupBys")) add_group(child);
  }

  // Groups inside one another repeat their projections.
  void add_projection(const Json& projection) {
    if (!list_of(projection, "filters").empty()) explain("a filter inside a projection");
    Json made = translated(projection, "measurement", "measurementName", "projection");
    if (std::find(projections_.begin(), projections_.end(), made) == projections_.end()) projections_.push_back(made);
  }

  void add_sort(const Json& sort) {
    const Json* heading = find_member(sort, "heading");
    if (heading == nullptr) heading = find_member(sort, "key");
    const Json* order = find_member(sort, "order");
    if (heading == nullptr) return;  // an order that names nothing orders nothing
    sorts_.push_back({{"heading", *heading}, {"order", order == nullptr ? Json("ASC") : *order}});
  }

  const Json& given_;
  const std::string& what_;
  Json groups_ = Json::array();
  Json projections_ = Json::array();
  Json filters_ = Json::array();
  Json sorts_ = Json::array();
};

}  // namespace

bool is_ui_payload(const Json& payload) {
  const Json& groups = list_of(payload, "groupBys");
  return find_member(payload, "timeFilter") != nullptr || any_has(groups, "field") || any_has(groups, "projections") ||
         any_has(list_of(payload, "projections"), "measurement") || any_has(list_of(payload, "filters"), "field");
}

Json convert_ui_payload(const Json& payload, const std::string& what) { return UiPayload(payload, what).convert(); }

}  // namespace engagement::sprinklr
