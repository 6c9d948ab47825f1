#include "simulator/common/faults.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/suggestion.hpp"

namespace engagement::simulator {

namespace {

using nlohmann::json;

const FaultParameters& match_parameters() {
  static const FaultParameters parameters = {{"method", ""}, {"path", ""}, {"step", ""}, {"event", ""},
                                             {"page", 0},    {"nth", 0},   {"every", 0}};
  return parameters;
}

std::vector<std::string> names_of(const auto& map) {
  std::vector<std::string> names;
  for (const auto& [name, ignored] : map) names.push_back(name);
  return names;
}

bool fits(const json& value, const json& pattern) {
  if (pattern.is_null()) return true;
  if (pattern.is_number_integer()) return value.is_number_integer() && value.get<double>() >= 0;
  if (pattern.is_number()) return value.is_number() && value.get<double>() >= 0;
  return value.type() == pattern.type();
}

void check_parameters(const json& given, const FaultParameters& known, const std::string& where) {
  for (const auto& [name, value] : given.items()) {
    const auto parameter = known.find(name);
    if (parameter == known.end()) {
      throw config_error(fmt::format("{} knows no \"{}\", only: {}", where, name, fmt::join(names_of(known), ", ")));
    }
    if (!fits(value, parameter->second)) {
      throw config_error(fmt::format("{}: \"{}\" cannot be {}", where, name, value.dump()));
    }
  }
}

bool matches(const json& match, const FaultSubject& subject) {
  const auto is = [&match](const char* name, const std::string& value) {
    return !match.contains(name) || match.at(name).get<std::string>() == value;
  };
  if (match.contains("page") && subject.page != match.at("page").get<std::uint64_t>()) return false;
  return is("method", subject.method) && is("path", subject.path) && is("step", subject.step) &&
         is("event", subject.event);
}

}  // namespace

Faults::Rule Faults::parse(const json& text) const {
  if (!text.is_object() || !text.contains("fault") || !text.at("fault").is_string()) {
    throw config_error("A fault is an object with a text \"fault\": " + text.dump());
  }
  Rule rule;
  rule.text = text;
  rule.fault.kind = text.at("fault").get<std::string>();
  const auto kind = kinds_.find(rule.fault.kind);
  if (kind == kinds_.end()) {
    const std::vector<std::string> names = names_of(kinds_);
    const std::string hint = did_you_mean(rule.fault.kind, names);
    throw config_error(fmt::format("There is no fault \"{}\": {}", rule.fault.kind,
                                   hint.empty() ? fmt::format("{}", fmt::join(names, ", ")) : hint));
  }
  rule.match = text.value("match", json::object());
  if (!rule.match.is_object()) throw config_error("\"match\" is an object: " + text.dump());
  check_parameters(rule.match, match_parameters(), "The \"match\" of a fault");
  if (!kind->second.step.empty() && !rule.match.contains("step")) rule.match["step"] = kind->second.step;
  rule.fault.parameters = text;
  for (const char* own : {"fault", "match", "times"}) rule.fault.parameters.erase(own);
  check_parameters(rule.fault.parameters, kind->second.parameters, fmt::format("The fault \"{}\"", rule.fault.kind));
  const json times = text.value("times", json(1));
  if (!fits(times, 0)) throw config_error("\"times\" is a number, 0 for ever: " + text.dump());
  rule.times = times.get<std::uint64_t>();
  return rule;
}

void Faults::replace(const json& rules) {
  std::vector<Rule> parsed;
  for (const json& rule : rules.is_array() ? rules : json::array({rules})) parsed.push_back(parse(rule));
  const std::lock_guard lock(mutex_);
  rules_ = std::move(parsed);
}

json Faults::list() const {
  const std::lock_guard lock(mutex_);
  json list = json::array();
  for (const Rule& rule : rules_) {
    json entry = rule.text;
    entry["seen"] = rule.seen;
    entry["committed"] = rule.committed;
    list.push_back(std::move(entry));
  }
  return list;
}

bool Faults::due(Rule& rule, const FaultSubject& subject) const {
  if (!matches(rule.match, subject)) return false;
  ++rule.seen;
  if (const auto since = rule.since.find(subject.target); since != rule.since.end()) {
    return clock_.steady_now() - since->second <
           std::chrono::duration<double>(rule.fault.get("not_ready_seconds", 0.0));
  }
  const bool by_target = rule.fault.parameters.contains("not_ready_seconds");
  if (rule.times != 0 && (by_target ? rule.since.size() : rule.committed) >= rule.times) return false;
  const std::uint64_t nth = rule.match.value("nth", std::uint64_t{0});
  const std::uint64_t every = rule.match.value("every", std::uint64_t{0});
  if (rule.seen < nth) return false;
  if (every != 0 && (rule.seen - nth) % every != 0) return false;
  if (by_target) rule.since.emplace(subject.target, clock_.steady_now());
  return true;
}

std::optional<Fault> Faults::next(const FaultSubject& subject) {
  const std::lock_guard lock(mutex_);
  std::optional<Fault> chosen;
  for (Rule& rule : rules_) {
    if (!due(rule, subject) || chosen) continue;
    ++rule.committed;
    chosen = rule.fault;
  }
  return chosen;
}

}  // namespace engagement::simulator
