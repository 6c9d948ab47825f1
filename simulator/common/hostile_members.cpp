#include "simulator/common/hostile_members.hpp"

namespace engagement::simulator {

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

const std::map<std::string, Members>& makers() {
  static const std::map<std::string, Members> makers = {
      {"bad_utf8", bad_utf8},         {"lone_surrogate", lone_surrogate},
      {"raw_newline", raw_newline},   {"line_separator", line_separator},
      {"bad_number", bad_number},     {"deep_nesting", deep_nesting},
      {"huge_numbers", huge_numbers}, {"duplicate_keys", duplicate_keys},
  };
  return makers;
}

}  // namespace

const std::map<std::string, FaultParameters>& hostile_member_kinds() {
  static const std::map<std::string, FaultParameters> kinds = {
      {"bad_utf8", {}},
      {"lone_surrogate", {{"escape", ""}}},
      {"raw_newline", {}},
      {"line_separator", {}},
      {"bad_number", {{"form", ""}}},
      {"deep_nesting", {{"depth", 0}}},
      {"huge_numbers", {}},
      {"duplicate_keys", {}},
  };
  return kinds;
}

std::optional<std::string> hostile_members(const Fault& fault) {
  const auto found = makers().find(fault.kind);
  return found == makers().end() ? std::nullopt : std::optional(found->second(fault));
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

}  // namespace engagement::simulator
