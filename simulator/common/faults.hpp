#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"

namespace engagement::simulator {

// What a rule may be matched against. Names that do not concern a request are empty.
struct FaultSubject {
  std::string method;
  std::string path;
  std::string step;  // "create", "page" or "" for what is no export
  std::string event;
  std::optional<std::uint64_t> page;  // 0-based number in its export
  std::string target;                 // path and query: what makes a repeated request the same one
};

// A fault to commit now: its kind and its parameters.
struct Fault {
  std::string kind;
  nlohmann::json parameters;

  // The parameter's value, or `fallback` where it is not given. Types were checked when the rule was accepted.
  template <typename T>
  T get(const char* name, const T& fallback) const {
    const auto found = parameters.find(name);
    return found == parameters.end() || found->is_null() ? fallback : found->get<T>();
  }
};

// A kind's parameters by name, each with a value of the type it must have; null takes any.
using FaultParameters = std::map<std::string, nlohmann::json>;
struct FaultKind {
  FaultParameters parameters;
  std::string step;  // the only step where it makes sense; empty: any. A rule may name another.
};
using FaultKinds = std::map<std::string, FaultKind>;

// The rules in force, in order. The first that matches a request and is due commits its fault; all that match count
// it. Thread safe.
class Faults {
 public:
  explicit Faults(FaultKinds kinds, const Clock& clock) : kinds_(std::move(kinds)), clock_(clock) {}

  // A list of rules, or one. Throws ConnectorError (config) that names what is wrong; then the old ones stay.
  void replace(const nlohmann::json& rules);
  nlohmann::json list() const;

  std::optional<Fault> next(const FaultSubject& subject);

 private:
  struct Rule {
    nlohmann::json text;  // as given
    Fault fault;
    nlohmann::json match;
    std::uint64_t times = 1;  // 0: for ever
    std::uint64_t seen = 0, committed = 0;
    std::map<std::string, SteadyTime> since;  // with `not_ready_seconds`: when each target was first refused
  };
  Rule parse(const nlohmann::json& text) const;
  bool due(Rule& rule, const FaultSubject& subject) const;

  const FaultKinds kinds_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Rule> rules_;
};

}  // namespace engagement::simulator
