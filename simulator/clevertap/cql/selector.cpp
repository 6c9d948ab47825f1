#include "simulator/clevertap/cql/selector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/clevertap/cql/person_facts.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;

constexpr std::size_t kBehavioursKept = 200;

// From the first minute up to the last, over midnight if that comes earlier.
bool is_within(std::chrono::seconds time, const std::vector<json>& minutes) {
  const std::chrono::hh_mm_ss parts(time);
  const std::string own = fmt::format("{:02}:{:02}", parts.hours().count(), parts.minutes().count());
  const std::string from = text_of(minutes[0]), to = text_of(minutes[1]);
  return from <= to ? from <= own && own <= to : from <= own || own <= to;
}

const json* member(const json& object, const std::string& name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

RowProperties properties_of(const EventText& text, const Row& row) {
  std::string event, session;
  text.put_event_props(event, row);
  text.put_session_props(session, row);
  return {json::parse(event), json::parse(session)};
}

void Selector::forget_if_changed() {
  const std::uint64_t version = project_.version();
  if (version == version_) return;
  version_ = version;
  firsts_.clear();
  behaviours_.clear();
}

std::shared_ptr<const Selector::Firsts> Selector::firsts(std::size_t event) {
  {
    const std::lock_guard lock(mutex_);
    forget_if_changed();
    if (const auto found = firsts_.find(event); found != firsts_.end()) return found->second;
  }
  auto firsts =
      std::make_shared<Firsts>(project_.corpus().people(), Moment{Day::max(), std::chrono::seconds::max(), 0});
  for (const DaySpan& span : project_.spans(event, Day::min(), project_.today())) {
    for (std::uint64_t index = 0; index < span.rows; ++index) {
      const Row row = project_.corpus().row(span.event, span.day, index);
      Moment& first = (*firsts)[row.person];
      first = std::min(first, Moment{row.day, row.time_of_day, row.index});
    }
  }
  const std::lock_guard lock(mutex_);
  firsts_[event] = firsts;
  return firsts;
}

bool Selector::session_holds(const Filter& filter, const Row& row, const json& session) {
  if (filter.name == "time_of_day") return is_within(row.time_of_day, filter.wanted);
  if (filter.name == "first_time") {
    const bool is_first = (*firsts(row.event))[row.person] == Moment{row.day, row.time_of_day, row.index};
    const json value = is_first ? "True" : "False";
    return matches(filter, &value);
  }
  return matches(filter, member(session, filter.name));
}

bool Selector::holds(const RowCondition& condition, const Row& row) {
  if (condition.empty()) return true;
  const RowProperties properties = properties_of(project_.event_text(), row);
  return std::all_of(condition.event.begin(), condition.event.end(),
                     [&](const Filter& filter) { return matches(filter, member(properties.event, filter.name)); }) &&
         std::all_of(condition.session.begin(), condition.session.end(),
                     [&](const Filter& filter) { return session_holds(filter, row, properties.session); });
}

std::shared_ptr<const Selector::People> Selector::those_who(const Behaviour& behaviour) {
  {
    const std::lock_guard lock(mutex_);
    forget_if_changed();
    if (const auto found = behaviours_.find(behaviour.text); found != behaviours_.end()) return found->second;
  }
  std::vector<std::uint32_t> times(project_.corpus().people());
  for (const Deed& deed : behaviour.deeds) {
    const Selection rows{deed.event, !deed.event, deed.from, deed.to, nullptr};
    for_each_row(rows, [&](const Row& row) {
      if (holds(deed.rows, row)) ++times[row.person];
    });
  }
  auto people = std::make_shared<People>(times.size());
  for (std::size_t person = 0; person < times.size(); ++person) {
    (*people)[person] = compare(behaviour.op, times[person], behaviour.times);
  }
  const std::lock_guard lock(mutex_);
  if (behaviours_.size() >= kBehavioursKept) behaviours_.clear();
  behaviours_[behaviour.text] = people;
  return people;
}

void Selector::for_each_row(const Selection& selection, const std::function<void(const Row&)>& use) {
  if (selection.no_rows) return;
  for (const DaySpan& span : project_.spans(selection.event, selection.from, selection.to)) {
    for (std::uint64_t index = 0; index < span.rows; ++index) {
      use(project_.corpus().row(span.event, span.day, index));
    }
  }
}

void Selector::for_each(const Selection& selection, const std::function<void(const Row&)>& use) {
  if (!selection.condition) return for_each_row(selection, use);
  const Condition& condition = *selection.condition;
  std::vector<std::shared_ptr<const People>> behaviours;
  for (const Behaviour& behaviour : condition.behaviours) behaviours.push_back(those_who(behaviour));
  enum class Known : char { kNothing, kFits, kDoesNot };
  std::vector<Known> known(project_.corpus().people(), Known::kNothing);
  const auto fits = [&](Person person) {
    if (known[person] == Known::kNothing) {
      const bool did = std::all_of(behaviours.begin(), behaviours.end(),
                                   [person](const auto& people) { return bool{(*people)[person]}; });
      const bool is = did && (condition.person.empty() && condition.places.empty() && condition.circles.empty()
                                  ? true
                                  : PersonFacts(project_.people_text(), person).satisfies(condition));
      known[person] = is ? Known::kFits : Known::kDoesNot;
    }
    return known[person] == Known::kFits;
  };
  for_each_row(selection, [&](const Row& row) {
    if (holds(condition.rows, row) && (!condition.of_people() || fits(row.person))) use(row);
  });
}

std::uint64_t Selector::count(const Selection& selection) {
  if (selection.no_rows) return 0;
  if (!selection.condition) return rows_of(project_.spans(selection.event, selection.from, selection.to));
  std::uint64_t rows = 0;
  for_each(selection, [&rows](const Row&) { ++rows; });
  return rows;
}

std::vector<Person> Selector::people(const Selection& selection) {
  std::vector<bool> seen(project_.corpus().people());
  for_each(selection, [&seen](const Row& row) { seen[row.person] = true; });
  std::vector<Person> people;
  for (Person person = 0; person < seen.size(); ++person) {
    if (seen[person]) people.push_back(person);
  }
  return people;
}

}  // namespace engagement::simulator::clevertap
