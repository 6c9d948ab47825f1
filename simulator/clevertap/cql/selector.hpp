#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <tuple>

#include "simulator/clevertap/cql/condition.hpp"

namespace engagement::simulator::clevertap {

// The rows one query is about.
struct Selection {
  std::optional<std::size_t> event;  // nullopt: of all events, but of none where `no_rows`
  bool no_rows = false;              // of an event that the corpus has no rows of
  Day from{}, to{};
  std::shared_ptr<const Condition> condition;  // may be null
};

// The properties of a row, as an export has them.
struct RowProperties {
  nlohmann::json event, session;
};
RowProperties properties_of(const EventText& text, const Row& row);

// Finds the rows and people a query is about, by looking at each row. What a query with an advanced_query found out
// about the people is kept until the project changes. Thread safe.
class Selector {
 public:
  explicit Selector(const Project& project) : project_(project) {}

  // In the order of an export.
  void for_each(const Selection& selection, const std::function<void(const Row&)>& use);
  std::uint64_t count(const Selection& selection);
  std::vector<Person> people(const Selection& selection);

 private:
  using Moment = std::tuple<Day, std::chrono::seconds, std::uint64_t>;
  using Firsts = std::vector<Moment>;  // by person: the first row of one event
  using People = std::vector<bool>;

  void for_each_row(const Selection& selection, const std::function<void(const Row&)>& use);
  bool holds(const RowCondition& condition, const Row& row);
  bool session_holds(const Filter& filter, const Row& row, const nlohmann::json& session);
  std::shared_ptr<const Firsts> firsts(std::size_t event);
  std::shared_ptr<const People> those_who(const Behaviour& behaviour);
  void forget_if_changed();  // REQUIRES mutex_

  const Project& project_;
  std::mutex mutex_;
  std::uint64_t version_ = 0;
  std::map<std::size_t, std::shared_ptr<const Firsts>> firsts_;
  std::map<std::string, std::shared_ptr<const People>> behaviours_;
};

}  // namespace engagement::simulator::clevertap
