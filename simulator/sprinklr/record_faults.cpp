#include "simulator/sprinklr/record_faults.hpp"

#include <algorithm>

namespace engagement::simulator::sprinklr {

namespace {

// What each kind inserts: members of an object.
std::optional<std::string> members_of(const Fault& fault) {
  if (fault.kind == "bad_utf8") return "\"sim text\":\"bad \xff\xfe and \xc3( bytes\"";
  if (fault.kind == "lone_surrogate") {
    return R"("sim text":"lone )" + fault.get<std::string>("escape", R"(\ud800)") + R"( half")";
  }
  if (fault.kind == "raw_newline") return "\"sim text\":\"first line\nsecond line\"";
  if (fault.kind == "line_separator") {
    return "\"sim text\":\"U+2028 \xE2\x80\xA8 U+2029 \xE2\x80\xA9 U+0085 \xC2\x85 end\"";
  }
  if (fault.kind == "bad_number") {
    const auto form = fault.get<std::string>("form", "1.2.3");
    return form == "missing_comma" ? R"("sim a":1 "sim b":2)" : R"("sim number":)" + form;
  }
  if (fault.kind == "deep_nesting") {
    const auto depth = fault.get<std::size_t>("depth", 1'200);
    return R"("sim deep":)" + std::string(depth, '[') + std::string(depth, ']');
  }
  if (fault.kind == "huge_numbers") {
    return R"("sim integer":1180591620717411303424,"sim float":1e999,"sim tiny":-1E-999,)"
           R"("sim digits":123456789012345678901234567890.123456789012345678901234567890)";
  }
  if (fault.kind == "duplicate_keys") return R"("sim twice":1,"sim twice":"two","sim twice":3)";
  if (fault.kind == "raw_members") return fault.get<std::string>("text", R"("sim":1)");
  return std::nullopt;
}

// Into the record's first object, or, into a list that holds none, as a new one.
void insert_members(std::string& record, std::string members) {
  const auto brace = record.find('{');
  if (brace == std::string::npos) {
    record.insert(1, '{' + members + (record == "[]" ? "}" : "},"));
    return;
  }
  const bool is_empty = record[brace + 1] == '}';
  record.insert(brace + 1, members + (is_empty ? "" : ","));
}

void alter(const Fault& fault, std::string& record) {
  if (fault.kind == "raw_record") {
    record = fault.get<std::string>("text", "null");
  } else if (auto members = members_of(fault)) {
    insert_members(record, std::move(*members));
  }
}

}  // namespace

const FaultKinds& record_fault_kinds() {
  static const FaultKinds kinds = [] {
    std::map<std::string, FaultParameters> own = {
        {"bad_utf8", {}},
        {"lone_surrogate", {{"escape", ""}}},
        {"raw_newline", {}},
        {"line_separator", {}},
        {"bad_number", {{"form", ""}}},
        {"deep_nesting", {{"depth", 0}}},
        {"huge_numbers", {}},
        {"duplicate_keys", {}},
        {"raw_record", {{"text", ""}}},
        {"raw_members", {{"text", ""}}},
    };
    FaultKinds all;
    for (auto& [name, parameters] : own) {
      parameters.emplace("record", 0);
      parameters.emplace("all", true);
      all.emplace(name, FaultKind{parameters, "page"});
    }
    return all;
  }();
  return kinds;
}

bool is_record_fault(const Fault& fault) { return record_fault_kinds().count(fault.kind) != 0; }

void alter_records(const Fault& fault, std::vector<std::string>& records) {
  if (records.empty()) return;
  const std::size_t chosen = std::min(fault.get<std::size_t>("record", 0), records.size() - 1);
  for (std::size_t at = 0; at < records.size(); ++at) {
    if (fault.get("all", false) || at == chosen) alter(fault, records[at]);
  }
}

std::string pretty(std::string_view json_text) {
  std::string out;
  std::size_t depth = 0;
  bool in_string = false;
  const auto line = [&out, &depth] { out.append("\r\n").append(2 * depth, ' '); };
  for (std::size_t at = 0; at < json_text.size(); ++at) {
    const char c = json_text[at];
    if (in_string) {
      out += c;
      if (c == '\\') out += json_text[++at];
      in_string = c != '"';
      continue;
    }
    if (c == '}' || c == ']') {
      depth -= depth > 0 ? 1 : 0;
      line();
    }
    if (c == ':') out += " \t";
    out += c;
    in_string = c == '"';
    if (c == ':') out += ' ';
    if (c == '{' || c == '[') ++depth;
    if (c == '{' || c == '[' || c == ',') line();
  }
  return out += '\n';
}

}  // namespace engagement::simulator::sprinklr
