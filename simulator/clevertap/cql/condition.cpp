#include "simulator/clevertap/cql/condition.hpp"

#include <algorithm>
#include <charconv>

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;

constexpr std::pair<std::string_view, PersonField> kPersonFields[] = {
    {"profile_fields", PersonField::kProfile},    {"app_fields", PersonField::kApp},
    {"demographics", PersonField::kDemographics}, {"technographics", PersonField::kTechnographics},
    {"reachability", PersonField::kReachability}, {"geo_fields", PersonField::kGeo},
};

bool is_time_of_day(const json& value) {
  const std::string text = text_of(value);
  return text.size() == 5 && text[2] == ':' && text.find_first_not_of("0123456789:") == std::string::npos &&
         text < "24:00" && text.substr(3) < "60";
}

RowCondition parse_rows(const json& body) {
  RowCondition rows;
  if (body.contains("event_properties")) {
    rows.event = parse_filters(body.at("event_properties"), "event_properties");
  }
  if (body.contains("session_properties")) {
    rows.session = parse_filters(body.at("session_properties"), "session_properties", true);
  }
  for (const Filter& filter : rows.session) {
    if (filter.name != "time_of_day") continue;
    if (filter.wanted.size() != 2 || !std::all_of(filter.wanted.begin(), filter.wanted.end(), is_time_of_day)) {
      throw BadQuery("Invalid value in session_properties : time_of_day");
    }
  }
  return rows;
}

void parse_places(Condition& condition, const json& list) {
  if (!list.is_array()) throw BadQuery("Invalid geo_fields");
  for (const json& entry : list) {
    const bool is_place = entry.is_array() && !entry.empty() && entry.size() <= 3 &&
                          std::all_of(entry.begin(), entry.end(), [](const json& part) { return part.is_string(); });
    if (!is_place) throw BadQuery("Invalid geo_fields");
    condition.places.push_back(entry.get<Place>());
  }
}

void parse_circles(Condition& condition, const json& list) {
  if (!list.is_array()) throw BadQuery("Invalid geo_radius");
  for (const json& entry : list) {
    const bool is_circle = entry.is_array() && entry.size() == 3 &&
                           std::all_of(entry.begin(), entry.end(), [](const json& part) { return part.is_number(); });
    if (!is_circle) throw BadQuery("Invalid geo_radius");
    condition.circles.push_back({entry[0].get<double>(), entry[1].get<double>(), entry[2].get<double>()});
  }
}

void parse_common(Condition& condition, const json& common) {
  if (!common.is_object()) throw BadQuery("Invalid common_profile_properties");
  for (const auto& [name, list] : common.items()) {
    if (name == "geo_fields") {
      parse_places(condition, list);
    } else if (name == "geo_radius") {
      parse_circles(condition, list);
    } else if (const auto field = person_field_named(name)) {
      for (Filter& filter : parse_filters(list, name)) condition.person.push_back({*field, std::move(filter)});
    }
  }
}

Deed parse_deed(const json& entry, const Project& project, const Options& options) {
  if (!entry.is_object()) throw BadQuery("Invalid advanced_query");
  Deed deed;
  deed.event = event_named(entry, project, options);
  const auto from = parse_day(entry.value("from", json())), to = parse_day(entry.value("to", json()));
  if (!from || !to || *from > *to) throw BadQuery("Invalid date in advanced_query");
  deed.from = *from;
  deed.to = *to;
  deed.rows = parse_rows(entry);
  return deed;
}

// How often: `operator` and `value` beside the deed, or beside the set.
void parse_times(Behaviour& behaviour, const json& entry) {
  if (!entry.contains("operator") && !entry.contains("value")) return;
  const json op = entry.value("operator", json("equals")), value = entry.value("value", json());
  if (!op.is_string() || !value.is_number()) throw BadQuery("Invalid operator in advanced_query");
  behaviour.op = operator_named(op.get_ref<const std::string&>());
  behaviour.times = value.get<double>();
}

const json& list_in(const json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object.at(name).is_array()) {
    throw BadQuery("Invalid advanced_query : " + std::string(name));
  }
  return object.at(name);
}

void parse_advanced(Condition& condition, const json& advanced, const Project& project, const Options& options) {
  if (!advanced.is_object()) throw BadQuery("Invalid advanced_query");
  for (const char* name : {"did_all", "did_none"}) {
    if (!advanced.contains(name)) continue;
    for (const json& entry : list_in(advanced, name)) {
      Behaviour behaviour{{parse_deed(entry, project, options)}, Operator::kGreaterEquals, 1, name + entry.dump()};
      if (std::string_view(name) == "did_all") parse_times(behaviour, entry);
      if (std::string_view(name) == "did_none") behaviour.op = Operator::kLess;
      condition.behaviours.push_back(std::move(behaviour));
    }
  }
  if (!advanced.contains("did_any")) return;
  const json& any = advanced.at("did_any");
  Behaviour behaviour;
  behaviour.text = "did_any" + any.dump();
  for (const json& entry : list_in(any, "any_events")) {
    behaviour.deeds.push_back(parse_deed(entry, project, options));
  }
  if (behaviour.deeds.empty()) throw BadQuery("Invalid advanced_query : any_events");
  parse_times(behaviour, any);
  condition.behaviours.push_back(std::move(behaviour));
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::optional<PersonField> person_field_named(std::string_view name) {
  for (const auto& [known, field] : kPersonFields) {
    if (known == name) return field;
  }
  return std::nullopt;
}

std::shared_ptr<const Condition> parse_condition(const json& body, const Project& project, const Options& options) {
  Condition condition;
  condition.rows = parse_rows(body);
  if (body.contains("common_profile_properties")) parse_common(condition, body.at("common_profile_properties"));
  if (body.contains("advanced_query")) parse_advanced(condition, body.at("advanced_query"), project, options);
  if (condition.rows.empty() && !condition.of_people()) return nullptr;
  for (const char* name : {"event_properties", "session_properties", "common_profile_properties", "advanced_query"}) {
    condition.text += body.value(name, json()).dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
  }
  return std::make_shared<const Condition>(std::move(condition));
}

std::optional<std::size_t> event_named(const json& body, const Project& project, const Options& options) {
  if (!body.contains("event_name")) throw BadQuery("event_name is mandatory");
  if (!body.at("event_name").is_string()) throw BadQuery("event_name must be a string");
  const auto& name = body.at("event_name").get_ref<const std::string&>();
  const auto event = has(options.never_seen, name) ? std::nullopt : project.corpus().find(name);
  if (!event && !has(options.refused, name)) throw BadQuery("Invalid event : " + name);
  return event;
}

std::optional<Day> parse_day(const json& value) {
  if (value.is_number_integer()) return day_from_number(value.get<std::int64_t>());
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return text.size() == 8 && is_number ? day_from_number(number) : std::nullopt;
}

}  // namespace engagement::simulator::clevertap
