#include "simulator/kustomer/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace engagement::simulator::kustomer {

namespace {

using nlohmann::json;

// Thrown and caught in this file alone.
class Refusal : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void refuse(const std::string& message) { throw Refusal(message); }

// What every criterion is read with.
struct Reading {
  Context context;
  TimeZone zone;
};

std::optional<Operator> find_operator(std::string_view name) {
  static constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {"equals", Operator::kEquals},  {"in", Operator::kIn},   {"contains", Operator::kContains},
      {"not_set", Operator::kNotSet}, {"gte", Operator::kGte}, {"gt", Operator::kGt},
      {"lte", Operator::kLte},        {"lt", Operator::kLt}};
  for (const auto& [known, op] : kOperators) {
    if (known == name) return op;
  }
  return std::nullopt;
}

bool is_range(Operator op) {
  return op == Operator::kGte || op == Operator::kGt || op == Operator::kLte || op == Operator::kLt;
}

Value parse_value(const Reading& reading, FieldType type, const std::string& name, const json& value) {
  if (type == FieldType::kBoolean) {
    if (!value.is_boolean()) refuse(fmt::format("{} wants true or false, not {}", name, value.dump()));
    return value.get<bool>();
  }
  if (!value.is_string()) refuse(fmt::format("{} wants a text, not {}", name, value.dump()));
  const auto& text = value.get_ref<const std::string&>();
  if (type != FieldType::kTime) return text;
  const auto time = parse_time(text, reading.zone);
  if (!time) refuse(fmt::format("{} wants a date, not {}", name, value.dump()));
  return *time;
}

Criterion parse_criterion(const Reading& reading, const std::string& name, const json& condition) {
  Criterion criterion;
  const auto field = find_filter(reading.context, name);
  if (!field) refuse(fmt::format("Unknown attribute {}", name));
  criterion.field = *field;
  if (*field == Field::kCustom) criterion.custom = name.substr(name.find("_custom_") + 8);
  if (!condition.is_object() || condition.size() != 1) {
    refuse(fmt::format("{} wants one operator and its value, not {}", name, condition.dump()));
  }
  const auto op = find_operator(condition.begin().key());
  if (!op) refuse(fmt::format("{}: unknown operator {}", name, condition.begin().key()));
  criterion.op = *op;
  const FieldType type = type_of(*field);
  const json& value = condition.begin().value();
  const bool fits = type == FieldType::kTime      ? *op != Operator::kContains
                    : type == FieldType::kBoolean ? *op == Operator::kEquals || *op == Operator::kNotSet
                                                  : !is_range(*op);
  if (!fits) refuse(fmt::format("{} cannot be compared by {}", name, condition.begin().key()));
  if (*op == Operator::kNotSet) {
    if (value != "") refuse(fmt::format("{}: not_set wants \"\"", name));
  } else if (*op == Operator::kIn) {
    if (!value.is_array() || value.empty()) refuse(fmt::format("{}: in wants a list", name));
    for (const json& one : value) criterion.values.push_back(parse_value(reading, type, name, one));
  } else {
    criterion.values.push_back(parse_value(reading, type, name, value));
  }
  return criterion;
}

Criteria parse_criteria(const Reading& reading, const json& body);

// An object of criteria, or a list of such; one may hold criteria of its own.
void parse_list(const Reading& reading, const char* name, const json& list, decltype(Criteria::all)& into) {
  if (!list.is_array() && !list.is_object()) refuse(fmt::format("\"{}\" wants a list of criteria", name));
  for (const json& entry : list.is_array() ? list : json::array({list})) {
    if (!entry.is_object()) refuse(fmt::format("\"{}\" wants criteria, not {}", name, entry.dump()));
    if (entry.contains("and") || entry.contains("or") || entry.contains("not")) {
      into.emplace_back(std::make_shared<Criteria>(parse_criteria(reading, entry)));
      continue;
    }
    if (entry.size() == 1) {
      into.emplace_back(parse_criterion(reading, entry.begin().key(), entry.begin().value()));
      continue;
    }
    const auto together = std::make_shared<Criteria>();
    for (const auto& [attribute, condition] : entry.items()) {
      together->all.emplace_back(parse_criterion(reading, attribute, condition));
    }
    into.emplace_back(together);
  }
}

Criteria parse_criteria(const Reading& reading, const json& body) {
  Criteria criteria;
  if (body.contains("and")) parse_list(reading, "and", body.at("and"), criteria.all);
  if (body.contains("or")) parse_list(reading, "or", body.at("or"), criteria.any);
  if (body.contains("not")) parse_list(reading, "not", body.at("not"), criteria.none);
  return criteria;
}

std::vector<SortKey> parse_sort(const Context& context, const json& sort) {
  if (!sort.is_array()) refuse("\"sort\" wants a list");
  std::vector<SortKey> keys;
  for (const json& entry : sort) {
    if (!entry.is_object() || entry.size() != 1) refuse("\"sort\" wants objects of one attribute");
    const auto field = find_sort(context, entry.begin().key());
    if (!field) refuse(fmt::format("Cannot sort by {}", entry.begin().key()));
    const json& direction = entry.begin().value();
    if (direction != "asc" && direction != "desc") refuse("\"sort\" wants \"asc\" or \"desc\"");
    keys.push_back({*field, direction == "desc"});
  }
  return keys;
}

void check_names(const json& body, bool archive) {
  static constexpr std::string_view kNames[] = {"queryContext",   "and",     "or", "not", "sort",
                                                "includeDeleted", "timeZone"};
  static constexpr std::string_view kStandardNames[] = {"aggs", "fields", "searchHash"};
  for (const auto& [name, value] : body.items()) {
    const auto is = [&name = name](std::string_view known) { return known == name; };
    const bool known = std::any_of(std::begin(kNames), std::end(kNames), is) ||
                       (!archive && std::any_of(std::begin(kStandardNames), std::end(kStandardNames), is));
    if (!known) refuse(fmt::format("Unknown property {}", name));
  }
  if (body.contains("includeDeleted") && !body.at("includeDeleted").is_boolean()) {
    refuse("\"includeDeleted\" wants true or false");
  }
}

// Takes the demands on updatedAt out of the criteria: they become a range, which costs nothing to search.
void extract_range(Query& query) {
  static constexpr std::chrono::milliseconds kStep(1);
  std::erase_if(query.criteria.all, [&query](const auto& entry) {
    const auto* criterion = std::get_if<Criterion>(&entry);
    if (criterion == nullptr || criterion->field != Field::kUpdated || !is_range(criterion->op)) return false;
    const SystemTime time = std::get<SystemTime>(criterion->values.front());
    TimeRange& range = query.updated;
    if (criterion->op == Operator::kGte) range.from = std::max(range.from, time);
    if (criterion->op == Operator::kGt) range.from = std::max(range.from, time + kStep);
    if (criterion->op == Operator::kLt) range.until = std::min(range.until, time);
    if (criterion->op == Operator::kLte) range.until = std::min(range.until, time + kStep);
    return true;
  });
}

Query parse(const std::string& text, bool archive) {
  const json body = json::parse(text, nullptr, false);
  if (!body.is_object()) refuse("Invalid request body or parameters.");
  check_names(body, archive);
  if (!body.contains("queryContext") || !body.at("queryContext").is_string()) refuse("queryContext is required");
  const auto& name = body.at("queryContext").get_ref<const std::string&>();
  const auto context = find_context(name, archive);
  if (!context) refuse(fmt::format("Unknown queryContext {}", name));
  Query query;
  query.context = *context;
  const json zone_name = body.value("timeZone", json("GMT"));
  const auto zone = zone_name.is_string() ? TimeZone::find(zone_name.get<std::string>()) : std::nullopt;
  if (!zone) refuse("Unknown time zone");
  query.criteria = parse_criteria({*context, *zone}, body);
  if (body.contains("sort")) query.sort = parse_sort(*context, body.at("sort"));
  query.include_deleted = body.value("includeDeleted", false);
  extract_range(query);
  return query;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::variant<Query, Failure> parse_query(const std::string& body, bool archive) {
  try {
    return parse(body, archive);
  } catch (const Refusal& refusal) {
    return bad_request(refusal.what());
  }
}

std::variant<Paging, Failure> parse_paging(const QueryFields& fields, std::uint64_t largest) {
  Paging paging;
  for (const char* name : {"page", "pageSize"}) {
    const auto text = fields.value(name);
    if (!text) continue;
    const auto number = parse_number(*text);
    if (!number || *number == 0) return bad_request(fmt::format("{} wants a number from 1", name));
    (std::string_view(name) == "page" ? paging.page : paging.size) = *number;
  }
  paging.size = std::min(paging.size, largest);
  return paging;
}

std::optional<SystemTime> parse_time(std::string_view text, const TimeZone& zone) {
  const auto day = day_from_text(text.substr(0, std::min<std::size_t>(text.size(), 10)));
  if (!day) return std::nullopt;
  if (text.size() == 10) return SystemTime(zone.to_utc(LocalSeconds(*day)));
  // THH:MM:SS, perhaps a fraction, Z
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text.back() != 'Z') {
    return std::nullopt;
  }
  const auto hours = parse_number(text.substr(11, 2)), minutes = parse_number(text.substr(14, 2)),
             seconds = parse_number(text.substr(17, 2));
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 59) return std::nullopt;
  std::uint64_t milliseconds = 0;
  if (text.size() > 20) {
    const std::string fraction(text.substr(20, text.size() - 21));
    if (text[19] != '.' || fraction.empty() || !parse_number(fraction)) return std::nullopt;
    milliseconds = *parse_number((fraction + "000").substr(0, 3));
  }
  const std::uint64_t total = ((*hours * 60 + *minutes) * 60 + *seconds) * 1'000 + milliseconds;
  return SystemTime(day->time_since_epoch() + std::chrono::milliseconds(total));
}

}  // namespace engagement::simulator::kustomer
