#pragma once

#include <optional>
#include <string_view>

#include "json/string_text.hpp"
#include "json/value_walker.hpp"

namespace engagement::json {

// The value at a path of members, "attributes.updatedAt", as written; nullopt where there is none. The walker stands at
// the outermost value. Reads no further than it must.
inline std::optional<std::string_view> member_at(ValueWalker walker, std::string_view path) {
  while (walker.at_object()) {
    const auto dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    walker.enter_object();
    std::string_view key;
    bool found = false;
    while (!found && walker.next_member(key)) {
      found = same_key(key, name);
      if (!found) walker.skip_value();
    }
    if (!found) return std::nullopt;
    if (dot == std::string_view::npos) return walker.skip_value();
    path.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

}  // namespace engagement::json
