#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "simulator/clevertap/counts/groups.hpp"
#include "simulator/clevertap/cql/person_facts.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t kMostValues = 100;
constexpr double kNarrowestRange = 100;

// What one group asks for.
struct Group {
  std::string label, name;
  bool of_event = false, of_session = false;
  PersonField field = PersonField::kProfile;
  std::size_t top_n = 10;
  bool ascending = false;
  std::map<std::string, std::uint64_t> texts;
  std::vector<double> numbers;

  void add(const json& value) {
    if (value.is_null() || value.is_structured()) return;
    if (value.is_number()) return numbers.push_back(value.get<double>());
    ++texts[text_of(value)];
  }
};

Group parse_group(const std::string& label, const json& text) {
  Group group;
  group.label = label;
  const json type = text.value("property_type", json()), name = text.value("name", json());
  const json top_n = text.value("top_n", json(10)), order = text.value("order", json("desc"));
  if (!type.is_string() || !name.is_string()) throw BadQuery("Invalid group");
  if (!top_n.is_number_integer() || top_n < 1 || top_n > kMostValues) throw BadQuery("Invalid group");
  if (order != "asc" && order != "desc") throw BadQuery("Invalid group");
  group.name = name.get<std::string>();
  group.top_n = top_n.get<std::size_t>();
  group.ascending = order == "asc";
  group.of_event = type == "event_properties";
  group.of_session = type == "session_properties";
  const auto field = person_field_named(type.get<std::string>());
  const bool known = group.of_event     ? is_known_event_property(group.name)
                     : group.of_session ? is_known_session_property(group.name)
                                        : field && is_known_person_property(*field, group.name);
  if (!known) throw BadQuery("Invalid group");
  if (field) group.field = *field;
  return group;
}

// Numbers are counted by ranges as wide as their largest one's power of ten: "0-100".
std::map<std::string, std::uint64_t> ranges_of(const std::vector<double>& numbers) {
  double largest = 0;
  for (const double number : numbers) largest = std::max(largest, std::abs(number));
  double width = kNarrowestRange;
  while (width * 10 <= largest) width *= 10;
  std::map<std::string, std::uint64_t> ranges;
  for (const double number : numbers) {
    const double low = std::floor(number / width) * width;
    ++ranges[fmt::format("{:.0f}-{:.0f}", low, low + width)];
  }
  return ranges;
}

ordered_json leaders(const std::map<std::string, std::uint64_t>& counts, const Group& group) {
  std::vector<std::pair<std::string, std::uint64_t>> list(counts.begin(), counts.end());
  std::stable_sort(list.begin(), list.end(), [&group](const auto& one, const auto& other) {
    return group.ascending ? one.second < other.second : one.second > other.second;
  });
  ordered_json leaders = ordered_json::object();
  for (std::size_t at = 0; at < std::min(list.size(), group.top_n); ++at) leaders[list[at].first] = list[at].second;
  return leaders;
}

}  // namespace

ordered_json top_values(const json& body, const Selection& selection, Selector& selector, const Project& project) {
  std::vector<Group> groups;
  for (const auto& [label, text] : groups_in(body).items()) groups.push_back(parse_group(label, text));
  const auto of_person = [](const Group& group) { return !group.of_event && !group.of_session; };

  std::vector<bool> seen(project.corpus().people());
  selector.for_each(selection, [&](const Row& row) {
    const RowProperties properties = properties_of(project.event_text(), row);
    for (Group& group : groups) {
      if (group.of_event) group.add(properties.event.value(group.name, json()));
      if (group.of_session) group.add(properties.session.value(group.name, json()));
    }
    // A person counts once.
    if (seen[row.person] || std::none_of(groups.begin(), groups.end(), of_person)) return;
    seen[row.person] = true;
    const PersonFacts facts(project.people_text(), row.person);
    for (Group& group : groups) {
      if (!of_person(group)) continue;
      for (const json& value : facts.values(group.field, group.name)) group.add(value);
    }
  });
  ordered_json answer = ordered_json::object();
  for (const Group& group : groups) {
    ordered_json& types = answer[group.label] = ordered_json::object();
    if (!group.texts.empty()) types["STR"] = leaders(group.texts, group);
    if (!group.numbers.empty()) types["NUMBER"] = leaders(ranges_of(group.numbers), group);
  }
  return answer;
}

}  // namespace engagement::simulator::clevertap
