#include "simulator/kustomer/record_faults.hpp"

#include <algorithm>

#include "simulator/common/hostile_members.hpp"

namespace engagement::simulator::kustomer {

namespace {

// Keys that a connector which lifts attributes and relationships to the top would add, and ones of its own.
constexpr std::string_view kCollision =
    R"("id":"theirs","type":"theirs","links":null,"custom":"no object","sla":7,"slaData":1,"sla_data":2,)"
    R"("customer":"theirs","updated_at":"2001-01-01T00:00:00.000Z","relationships":[],"attributes":{})";

constexpr std::string_view kAttributes = R"("attributes":{)";

// First into the attributes, or with `top` into the record itself.
void insert_members(std::string& record, std::string_view members, bool top) {
  const std::size_t attributes = record.find(kAttributes);
  const std::size_t at = top || attributes == std::string::npos ? 1 : attributes + kAttributes.size();
  const bool is_empty = at < record.size() && record[at] == '}';
  record.insert(at, std::string(members) + (is_empty ? "" : ","));
}

// `"updatedAt":"…"` becomes what the fault says, or goes.
void change_updated_at(const Fault& fault, std::string& record) {
  constexpr std::string_view kName = R"("updatedAt":)";
  const std::size_t at = record.rfind(kName, record.find(R"("relationships":)"));
  if (at == std::string::npos) return;
  const std::size_t end = record.find('"', at + kName.size() + 1) + 1;
  if (fault.get("missing", false)) {
    record.erase(at, end + (record[end] == ',' ? 1 : 0) - at);
    if (record[at] == '}' && record[at - 1] == ',') record.erase(at - 1, 1);
  } else {
    const auto value = fault.parameters.find("value");  // null is a value here
    const std::string text = value == fault.parameters.end() ? R"("soon")" : value->dump();
    record.replace(at + kName.size(), end - at - kName.size(), text);
  }
}

void alter_record(const Fault& fault, std::string& record) {
  const bool top = fault.get("top", false);
  if (const auto members = hostile_members(fault)) {
    insert_members(record, *members, top);
  } else if (fault.kind == "collision") {
    insert_members(record, kCollision, top);
  } else if (fault.kind == "wrong_updated_at") {
    change_updated_at(fault, record);
  } else if (fault.kind == "raw_record") {
    record = fault.get<std::string>("text", "null");
  } else if (fault.kind == "raw_members") {
    insert_members(record, fault.get<std::string>("text", R"("sim":1)"), top);
  }
}

}  // namespace

const FaultKinds& record_fault_kinds() {
  static const FaultKinds kinds = [] {
    std::map<std::string, FaultParameters> own = hostile_member_kinds();
    own["collision"] = {};
    own["raw_record"] = {{"text", ""}};
    own["raw_members"] = {{"text", ""}};
    own["wrong_updated_at"] = {{"value", nullptr}, {"missing", true}};
    FaultKinds all = {{"pretty", {{}, "page"}}};
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

std::string spoiled_text(const Fault& fault, LaidOut page) {
  std::vector<std::string>& records = page.records;
  const std::size_t chosen =
      std::min(fault.get<std::size_t>("record", 0), std::max<std::size_t>(records.size(), 1) - 1);
  std::string text = std::move(page.head);
  for (std::size_t at = 0; at < records.size(); ++at) {
    if (fault.get("all", false) || at == chosen) alter_record(fault, records[at]);
    text.append(at == 0 ? "" : ",").append(records[at]);
  }
  text += page.tail;
  return fault.kind == "pretty" ? pretty(text) : text;
}

}  // namespace engagement::simulator::kustomer
