#pragma once

#include <string>
#include <string_view>

#include "json/structural_index.hpp"
#include "json/value_walker.hpp"

namespace engagement::json {

// A text with its index. REQUIRES: stays where it is while a walker is used.
struct IndexedText {
  explicit IndexedText(std::string_view json) {
    text.append(json);
    repairs = index.build(text);
  }
  ValueWalker walker() const { return {text, index}; }

  PaddedBuffer text;
  StructuralIndex index;
  Repairs repairs;
};

// Visits every value by itself instead of skipping it whole. Refuses the same texts as skip_value().
inline void walk_deep(ValueWalker& walker) {
  if (walker.at_object()) {
    std::string_view key;
    walker.enter_object();
    while (walker.next_member(key)) walk_deep(walker);
  } else if (walker.at_array()) {
    walker.enter_array();
    while (walker.next_element()) walk_deep(walker);
  } else {
    walker.skip_value();
  }
}

// What the reason for a refusal is; empty for legal JSON.
inline std::string refusal(std::string_view json, bool deep = false) {
  try {
    const IndexedText text(json);
    ValueWalker walker = text.walker();
    if (deep) {
      walk_deep(walker);
    } else {
      walker.skip_value();
    }
    walker.finish();
    return {};
  } catch (const MalformedJson& error) {
    return error.what();
  }
}

inline bool accepts(std::string_view json) { return refusal(json).empty(); }

}  // namespace engagement::json
