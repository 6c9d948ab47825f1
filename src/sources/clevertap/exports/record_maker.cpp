#include "sources/clevertap/exports/record_maker.hpp"

#include <algorithm>

#include "json/string_text.hpp"

namespace engagement::clevertap {

void append_as_text(std::string& out, std::string_view value) {
  if (json::is_string(value)) {
    out += value;
  } else if (!value.empty() && (value.front() == '-' || (value.front() >= '0' && value.front() <= '9'))) {
    out.push_back('"');
    out += value;
    out.push_back('"');
  } else {
    out += "null";
  }
}

void append_members(std::string& out, const json::RecordSlice& record, bool has_collision,
                    const std::vector<std::string_view>& added) {
  if (!has_collision) {
    const std::string_view members = record.text.substr(1);
    const bool empty = members.find_first_not_of(" \t") == members.size() - 1;
    if (!empty) out.push_back(',');
    out += members;
    return;
  }
  json::ValueWalker walker = record.walker;
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const std::string_view value = walker.skip_value();
    const auto is_key = [&](std::string_view name) { return json::same_key(key, name); };
    if (std::any_of(added.begin(), added.end(), is_key)) continue;
    out += ",\"";
    out += key;
    out += "\":";
    out += value;
  }
  out.push_back('}');
}

}  // namespace engagement::clevertap
