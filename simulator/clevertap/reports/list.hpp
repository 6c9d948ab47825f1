#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "simulator/clevertap/query.hpp"
#include "simulator/common/faults.hpp"

namespace engagement::simulator::clevertap {

// A successful answer whose body is one list beside small members.
struct ListAnswer {
  std::string name;                                                // of the list
  nlohmann::ordered_json rest = nlohmann::ordered_json::object();  // the other members but `status`
  std::vector<nlohmann::ordered_json> records;
};

// As JSON text, altered as a fault of one record, `missing_status` or `pretty` says.
std::string to_text(const ListAnswer& answer, const std::optional<Fault>& fault);

// A body's `from` and `to`, in whole days; a Failure where they are no days or the wrong way round.
struct DayRange {
  Day from{}, to{};
  std::int64_t days() const { return (to - from).count() + 1; }
};
std::variant<DayRange, Failure> parse_range(const nlohmann::json& body);

}  // namespace engagement::simulator::clevertap
