#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "simulator/clevertap/cql/selector.hpp"
#include "simulator/clevertap/query.hpp"

namespace engagement::simulator::clevertap {

// The asynchronous aggregates: /1/counts/events.json, profiles.json, top.json, trends.json. A POST is answered
// `partial` with a req_id, a GET with it `partial` again or finally, as often as the options say. Thread safe.
class Counts {
 public:
  Counts(const Project& project, Selector& selector, const Options& options, const Clock& clock)
      : project_(project), selector_(selector), options_(options), clock_(clock) {}

  static bool serves(std::string_view path);

  Reply ask(const std::string& path, const std::string& body);
  Reply poll(const std::string& path, const QueryFields& fields);

  // The event a req_id is about; empty for an unknown one.
  std::string event_of(const QueryFields& fields) const;
  void expire(const QueryFields& fields);

 private:
  struct Asked {
    std::string path, event_name;
    std::string answer;
    SteadyTime since;
    std::uint64_t partials = 0;  // so far
  };
  std::string answer(const std::string& path, const nlohmann::json& body);

  const Project& project_;
  Selector& selector_;
  const Options& options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Asked> asked_;  // by req_id
};

// The rows a body with event_name, from, to and filters is about. Throws BadQuery.
Selection parse_selection(const nlohmann::json& body, const Project& project, const Options& options);

}  // namespace engagement::simulator::clevertap
