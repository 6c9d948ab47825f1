#include "sources/clevertap/sheet/filter_cell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace engagement::clevertap {

namespace {

using protocol::Json;

enum class Operand { values, text, number };

struct FilterOperator {
  std::string_view sign;  // before the operand
  std::string_view name;  // CleverTap's
  Operand operand;
};

// The longer sign comes first where one begins like another.
constexpr std::array kFilterOperators = {
    FilterOperator{"!=", "not_equals", Operand::values},
    FilterOperator{"!~", "does_not_contain", Operand::text},
    FilterOperator{"~", "contains", Operand::text},
    FilterOperator{">=", "greater_than_equals", Operand::number},
    FilterOperator{"<=", "less_than_equals", Operand::number},
    FilterOperator{">", "greater_than", Operand::number},
    FilterOperator{"<", "less_than", Operand::number},
};
constexpr FilterOperator kEquals{"", "equals", Operand::values};

constexpr std::string_view kRange = "..";
constexpr std::string_view kTimeOfDay = "time_of_day";

const FilterOperator& take_operator(std::string_view& text) {
  for (const auto& one : kFilterOperators) {
    if (!text.starts_with(one.sign)) continue;
    text = without_blanks(text.substr(one.sign.size()));
    return one;
  }
  return kEquals;
}

bool looks_like_range(const CellItem& item) { return !item.quoted && item.text.find(kRange) != std::string::npos; }

CellProblem no_range(const std::string& text) {
  return CellProblem(
      fmt::format("\"{0}\" is no range of numbers. Write both bounds, the smaller one first, as in 5..10, or one of "
                  "them, as in >=5; if it is text, put it in double quotes: \"{0}\".",
                  text));
}

Json value_of(const CellItem& item) {
  if (item.quoted) return item.text;
  if (looks_like_range(item)) throw no_range(item.text);
  if (auto number = json_number(item.text)) return *std::move(number);
  return item.text;
}

// One value as it is, several as the array that means any of them.
Json values_of(const std::vector<CellItem>& items) {
  if (items.size() == 1) return value_of(items.front());
  Json values = Json::array();
  for (const auto& item : items) values.push_back(value_of(item));
  return values;
}

Json text_of(const std::vector<CellItem>& items, std::string_view sign) {
  if (items.size() == 1) return items.front().text;
  throw CellProblem(fmt::format(
      "{0} looks for one text, not for several. Write one, as in {0}shoes; text with a bar in double quotes, as in "
      "{0}\"a|b\".",
      sign));
}

Json number_of(const std::vector<CellItem>& items, std::string_view sign, std::string_view operand) {
  if (items.size() == 1 && !items.front().quoted) {
    if (auto number = json_number(items.front().text)) return *std::move(number);
  }
  throw CellProblem(fmt::format(
      "\"{}\" is no number, and {} compares with one number. Write it as JSON does, as in {}5 or {}0.5; to mean this "
      "text itself, put the whole in double quotes.",
      operand, sign, sign, sign));
}

Json filter(const std::string& name, std::string_view operator_name, Json value) {
  return {{"name", name}, {"operator", operator_name}, {"value", std::move(value)}};
}

std::string_view boolean_text(const Cell& cell) { return cell.get<bool>() ? "True" : "False"; }

// `5..10`; false where the text is none of that form.
bool append_range(Json& filters, const std::string& name, const std::vector<CellItem>& items) {
  if (items.size() != 1 || !looks_like_range(items.front())) return false;
  const std::string& text = items.front().text;
  const auto dots = text.find(kRange);
  const auto low = json_number(without_blanks(std::string_view(text).substr(0, dots)));
  const auto high = json_number(without_blanks(std::string_view(text).substr(dots + kRange.size())));
  if (!low || !high || *low > *high) throw no_range(text);
  filters.push_back(filter(name, "greater_than_equals", *low));
  filters.push_back(filter(name, "less_than_equals", *high));
  return true;
}

Json operand_of(const FilterOperator& chosen, std::string_view operand, const std::vector<CellItem>& items) {
  switch (chosen.operand) {
    case Operand::text:
      return text_of(items, chosen.sign);
    case Operand::number:
      return number_of(items, chosen.sign, operand);
    default:
      return values_of(items);
  }
}

void append_text_filters(Json& filters, const std::string& name, std::string_view text) {
  if (text == "*" || text == "!*") {
    filters.push_back({{"name", name}, {"operator", text == "*" ? "exists" : "does_not_exist"}});
    return;
  }
  const auto& chosen = take_operator(text);
  if (text.empty()) {
    throw CellProblem(
        fmt::format("Nothing follows the {}. Write a value behind it; to mean the sign itself, put it in double "
                    "quotes.",
                    chosen.sign));
  }
  const auto items = cut_at_bars(text);
  if (&chosen == &kEquals && append_range(filters, name, items)) return;
  filters.push_back(filter(name, chosen.name, operand_of(chosen, text, items)));
}

bool is_clock(std::string_view text) {
  const auto digit = [&](std::size_t at, char most) { return text[at] >= '0' && text[at] <= most; };
  return text.size() == 5 && text[2] == ':' && digit(0, '2') && digit(1, text[0] == '2' ? '3' : '9') && digit(3, '5') &&
         digit(4, '9');
}

// `00:00..14:00`.
Json clock_range(const std::string& text) {
  const auto dots = text.find(kRange);
  const auto from = without_blanks(std::string_view(text).substr(0, dots));
  const auto until = without_blanks(std::string_view(text).substr(dots + kRange.size()));
  if (is_clock(from) && is_clock(until)) return Json::array({from, until});
  throw CellProblem(
      fmt::format("\"{}\" is no time of the day from one hour to another. Write both with two digits each, as in "
                  "00:00..14:00.",
                  text));
}

Json session_value(const std::string& name, std::string_view text) {
  std::string_view rest = text;
  const auto& chosen = take_operator(rest);
  if (&chosen != &kEquals || text == "*" || text == "!*") {
    throw CellProblem(
        fmt::format("A session filter has no operators, so \"{0}\" cannot be asked for. Write the value, or several as "
                    "in a | b; to mean this text, put it in double quotes: \"{0}\".",
                    text));
  }
  const auto items = cut_at_bars(text);
  if (items.size() != 1 || !looks_like_range(items.front())) return values_of(items);
  if (name == kTimeOfDay) return clock_range(items.front().text);
  throw CellProblem(
      fmt::format("A session filter knows no ranges, so \"{0}\" cannot be asked for. Write the value, or several as in "
                  "a | b; if it is text, put it in double quotes: \"{0}\".",
                  items.front().text));
}

}  // namespace

void append_filters(Json& filters, const std::string& name, const Cell& cell) {
  if (is_empty_cell(cell)) return;
  if (cell.is_string()) {
    append_text_filters(filters, name, without_blanks(cell.get_ref<const std::string&>()));
  } else {
    filters.push_back(filter(name, kEquals.name, cell.is_boolean() ? Json(boolean_text(cell)) : plain_number(cell)));
  }
}

void append_session_filter(Json& filters, const std::string& name, const Cell& cell) {
  if (is_empty_cell(cell)) return;
  Json value;
  if (cell.is_string()) {
    value = session_value(name, without_blanks(cell.get_ref<const std::string&>()));
  } else {
    value = cell.is_boolean() ? Json(boolean_text(cell)) : plain_number(cell);
  }
  filters.push_back({{"name", name}, {"value", std::move(value)}});
}

}  // namespace engagement::clevertap
