#include "simulator/clevertap/record_faults.hpp"

#include <algorithm>

namespace engagement::simulator::clevertap {

namespace {

using Members = std::string (*)(const Fault&);

std::string bad_utf8(const Fault&) { return "\"sim text\":\"bad \xff\xfe and \xc3( bytes\""; }

std::string lone_surrogate(const Fault& fault) {
  return R"("sim text":"lone )" + fault.get<std::string>("escape", R"(\ud800)") + R"( half")";
}

std::string raw_newline(const Fault&) { return "\"sim text\":\"first line\nsecond line\""; }

std::string line_separator(const Fault&) {
  return "\"sim text\":\"U+2028 \xE2\x80\xA8 U+2029 \xE2\x80\xA9 U+0085 \xC2\x85 end\"";
}

std::string bad_number(const Fault& fault) {
  const auto form = fault.get<std::string>("form", "1.2.3");
  if (form == "missing_comma") return R"("sim a":1 "sim b":2)";
  return R"("sim number":)" + form;
}

std::string deep_nesting(const Fault& fault) {
  const auto depth = fault.get<std::size_t>("depth", 1'200);
  return R"("sim deep":)" + std::string(depth, '[') + std::string(depth, ']');
}

std::string huge_numbers(const Fault&) {
  return R"("sim integer":1180591620717411303424,"sim float":1e999,"sim tiny":-1E-999,)"
         R"("sim digits":123456789012345678901234567890.123456789012345678901234567890)";
}

std::string duplicate_keys(const Fault&) { return R"("sim twice":1,"sim twice":"two","sim twice":3)"; }

std::string collision(const Fault&) {
  return R"("event_id":"theirs","event_name":"theirs","event_time":"2001-01-01T00:00:00Z","object_id":7,)"
         R"("identity":"theirs","profile_id":null,"exported_at":"never")";
}

struct Insertion {
  Members members;
  bool top;
};

const std::map<std::string, Insertion>& insertions() {
  static const std::map<std::string, Insertion> insertions = {
      {"bad_utf8", {bad_utf8, false}},         {"lone_surrogate", {lone_surrogate, false}},
      {"raw_newline", {raw_newline, false}},   {"line_separator", {line_separator, false}},
      {"bad_number", {bad_number, false}},     {"deep_nesting", {deep_nesting, false}},
      {"huge_numbers", {huge_numbers, false}}, {"duplicate_keys", {duplicate_keys, false}},
      {"collision", {collision, true}},
  };
  return insertions;
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
    std::map<std::string, FaultParameters> own = {
        {"bad_utf8", {}},
        {"lone_surrogate", {{"escape", ""}}},
        {"raw_newline", {}},
        {"line_separator", {}},
        {"bad_number", {{"form", ""}}},
        {"deep_nesting", {{"depth", 0}}},
        {"huge_numbers", {}},
        {"duplicate_keys", {}},
        {"collision", {}},
        {"raw_record", {{"text", ""}}},
        {"raw_members", {{"text", ""}}},
        {"wrong_type_ts", {{"value", nullptr}, {"missing", true}}},
    };
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
  if (const auto found = insertions().find(fault.kind); found != insertions().end()) {
    insert_members(record, found->second.members(fault), fault.get("top", found->second.top));
  } else if (fault.kind == "wrong_type_ts") {
    change_ts(fault, record);
  } else if (fault.kind == "raw_record") {
    record = fault.get<std::string>("text", "null");
  } else if (fault.kind == "raw_members") {
    insert_members(record, fault.get<std::string>("text", R"("sim":1)"), fault.get("top", false));
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

}  // namespace engagement::simulator::clevertap
