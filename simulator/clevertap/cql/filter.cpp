#include "simulator/clevertap/cql/filter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;

bool asks_for_existence(Operator op) { return op == Operator::kExists || op == Operator::kDoesNotExist; }

bool is_numeric(Operator op) {
  return op == Operator::kGreater || op == Operator::kGreaterEquals || op == Operator::kLess ||
         op == Operator::kLessEquals;
}

void add_wanted(Filter& filter, const json& value, const std::string& where) {
  for (const json& one : value.is_array() ? value : json::array({value})) {
    // Booleans are the texts "True" and "False".
    if (!one.is_string() && !one.is_number()) throw BadQuery("Invalid value in " + where + " : " + filter.name);
    if (is_numeric(filter.op) && std::isnan(number_of(one))) {
      throw BadQuery("Invalid value in " + where + " : " + filter.name);
    }
    filter.wanted.push_back(one);
  }
  if (filter.wanted.empty()) throw BadQuery("Invalid value in " + where + " : " + filter.name);
}

bool equals(const json& value, const json& wanted) {
  if (wanted.is_string()) return text_of(value) == wanted.get_ref<const std::string&>();
  if (value.is_number_integer() && wanted.is_number_integer()) return value == wanted;
  return number_of(value) == number_of(wanted);
}

// One value, no list, against the positive sense of the operator.
bool satisfies(const Filter& filter, const json& value) {
  return std::any_of(filter.wanted.begin(), filter.wanted.end(), [&](const json& wanted) {
    switch (filter.op) {
      case Operator::kEquals:
      case Operator::kNotEquals:
        return equals(value, wanted);
      case Operator::kContains:
      case Operator::kDoesNotContain:
        return text_of(value).find(text_of(wanted)) != std::string::npos;
      default:
        return compare(filter.op, number_of(value), number_of(wanted));
    }
  });
}

}  // namespace

Operator operator_named(std::string_view name) {
  static const std::map<std::string_view, Operator> names = {
      {"equals", Operator::kEquals},
      {"not_equals", Operator::kNotEquals},
      {"contains", Operator::kContains},
      {"does_not_contain", Operator::kDoesNotContain},
      {"exists", Operator::kExists},
      {"does_not_exist", Operator::kDoesNotExist},
      {"greater_than", Operator::kGreater},
      {"greater_than_equals", Operator::kGreaterEquals},
      {"less_than", Operator::kLess},
      {"less_than_equals", Operator::kLessEquals},
      // Of the second vocabulary, which no page reconciles with the first.
      {"gt", Operator::kGreater},
      {"gte", Operator::kGreaterEquals},
      {"lt", Operator::kLess},
      {"lte", Operator::kLessEquals},
      {"in", Operator::kEquals},
      {"not_in", Operator::kNotEquals},
      {"not_contains", Operator::kDoesNotContain},
      {"not_exists", Operator::kDoesNotExist},
  };
  const auto found = names.find(name);
  if (found == names.end()) throw BadQuery("Invalid operator : " + std::string(name));
  return found->second;
}

bool compare(Operator op, double value, double wanted) {
  switch (op) {
    case Operator::kEquals:
      return value == wanted;
    case Operator::kNotEquals:
      return value != wanted;
    case Operator::kGreater:
      return value > wanted;
    case Operator::kGreaterEquals:
      return value >= wanted;
    case Operator::kLess:
      return value < wanted;
    case Operator::kLessEquals:
      return value <= wanted;
    default:
      return false;
  }
}

std::vector<Filter> parse_filters(const json& list, const std::string& where, bool of_session) {
  if (!list.is_array()) throw BadQuery("Invalid " + where);
  std::vector<Filter> filters;
  for (const json& entry : list) {
    if (!entry.is_object() || !entry.contains("name") || !entry.at("name").is_string()) {
      throw BadQuery("Invalid " + where);
    }
    Filter filter;
    filter.name = entry.at("name").get<std::string>();
    if (entry.contains("operator")) {
      if (of_session || !entry.at("operator").is_string()) throw BadQuery("Invalid " + where + " : " + filter.name);
      filter.op = operator_named(entry.at("operator").get_ref<const std::string&>());
    }
    if (!asks_for_existence(filter.op)) add_wanted(filter, entry.value("value", json()), where);
    filters.push_back(std::move(filter));
  }
  return filters;
}

bool matches(const Filter& filter, const json* value) {
  const bool absent = value == nullptr || value->is_null();
  if (filter.op == Operator::kDoesNotExist) return absent;
  if (absent) return false;
  if (filter.op == Operator::kExists) return true;
  const bool negated = filter.op == Operator::kNotEquals || filter.op == Operator::kDoesNotContain;
  const bool found = value->is_array()
                         ? std::any_of(value->begin(), value->end(),
                                       [&filter](const json& member) { return satisfies(filter, member); })
                         : satisfies(filter, *value);
  return found != negated;
}

std::string text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

double number_of(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (!text.empty() && end == text.c_str() + text.size()) return number;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace engagement::simulator::clevertap
