#include "simulator/clevertap/record_faults.hpp"

#include "simulator/common/hostile_members.hpp"

namespace engagement::simulator::clevertap {

namespace {

std::string collision() {
  return R"("event_id":"theirs","event_name":"theirs","event_time":"2001-01-01T00:00:00Z","object_id":7,)"
         R"("identity":"theirs","profile_id":null,"exported_at":"never")";
}

// `"ts":<number>` becomes what the fault says, or goes.
void change_ts(const Fault& fault, std::string& record) {
  constexpr std::string_view kName = R"("ts":)";
  const std::size_t at = record.find(kName);
  if (at == std::string::npos) return;
  const std::size_t end = record.find_first_not_of("0123456789", at + kName.size());
  if (fault.get("missing", false)) {
    record.erase(at, end + 1 - at);  // with its comma
  } else {
    const auto value = fault.parameters.find("value");  // null is a value here
    const std::string text = value == fault.parameters.end() ? R"("soon")" : value->dump();
    record.replace(at + kName.size(), end - at - kName.size(), text);
  }
}

}  // namespace

const FaultKinds& record_fault_kinds() {
  static const FaultKinds kinds = [] {
    std::map<std::string, FaultParameters> own = hostile_member_kinds();
    own["collision"] = {};
    own["raw_record"] = {{"text", ""}};
    own["raw_members"] = {{"text", ""}};
    own["wrong_type_ts"] = {{"value", nullptr}, {"missing", true}};
    FaultKinds all;
    for (auto& [name, parameters] : own) {
      parameters.emplace("record", 0);
      parameters.emplace("all", true);
      parameters.emplace("top", true);
      all.emplace(name, FaultKind{parameters, "page"});
    }
    return all;
  }();
  return kinds;
}

bool is_record_fault(const Fault& fault) { return record_fault_kinds().count(fault.kind) != 0; }

void insert_members(std::string& record, std::string_view members, bool top) {
  std::size_t at = 1;  // after the record's own brace
  for (const std::string_view name : {std::string_view(R"("event_props":{)"), std::string_view(R"("profileData":{)")}) {
    const std::size_t found = top ? std::string::npos : record.find(name);
    if (found == std::string::npos) continue;
    at = found + name.size();
    break;
  }
  const bool is_empty = at < record.size() && record[at] == '}';
  record.insert(at, std::string(members) + (is_empty ? "" : ","));
}

void alter_record(const Fault& fault, std::string& record) {
  if (const auto members = hostile_members(fault)) {
    insert_members(record, *members, fault.get("top", false));
  } else if (fault.kind == "collision") {
    insert_members(record, collision(), fault.get("top", true));
  } else if (fault.kind == "wrong_type_ts") {
    change_ts(fault, record);
  } else if (fault.kind == "raw_record") {
    record = fault.get<std::string>("text", "null");
  } else if (fault.kind == "raw_members") {
    insert_members(record, fault.get<std::string>("text", R"("sim":1)"), fault.get("top", false));
  }
}

}  // namespace engagement::simulator::clevertap
