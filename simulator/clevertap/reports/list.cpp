#include "simulator/clevertap/reports/list.hpp"

#include "simulator/clevertap/cql/condition.hpp"
#include "simulator/clevertap/page_faults.hpp"
#include "simulator/clevertap/record_faults.hpp"
#include "simulator/common/hostile_members.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string dump(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string to_text(const ListAnswer& answer, const std::optional<Fault>& fault) {
  std::vector<std::string> records;
  for (const ordered_json& record : answer.records) records.push_back(dump(record));
  if (fault) alter_records(*fault, records);
  std::string text = "{";
  if (!fault || fault->kind != "missing_status") text += R"("status":"success",)";
  for (const auto& [name, value] : answer.rest.items()) text += dump(name) + ':' + dump(value) + ',';
  text += dump(answer.name) + ":[";
  for (std::size_t at = 0; at < records.size(); ++at) text.append(at == 0 ? "" : ",").append(records[at]);
  text += "]}";
  return fault && fault->kind == "pretty" ? pretty(text) : text;
}

std::variant<DayRange, Failure> parse_range(const json& body) {
  if (!body.is_object()) return Failure{400, "Malformed JSON in the request body", 400};
  const auto from = parse_day(body.value("from", json())), to = parse_day(body.value("to", json()));
  if (!from) return Failure{400, "Invalid date : from", kBadDate};
  if (!to) return Failure{400, "Invalid date : to", kBadDate};
  if (*from > *to) return Failure{400, "from greater than to", kBadDate};
  return DayRange{*from, *to};
}

}  // namespace engagement::simulator::clevertap
