#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"

namespace engagement::kustomer {

// What one stream searches for. Attribute names: https://developer.kustomer.com/docs/concepts/search.
struct SearchTarget {
  std::string context;     // queryContext: "conversation", "kobject_order"
  std::string changed_at;  // the attribute that is filtered and sorted by: "conversation_updated_at"
  std::string created_at;  // by which a tick is split: "conversation_created_at"
  std::string changed_path = "attributes.updatedAt";  // where the rows have the first of these
  std::string created_path = "attributes.createdAt";
};

// Half open; an open end means everything from `from` on.
struct TickRange {
  SystemTime from;
  std::optional<SystemTime> to;

  bool empty() const { return to && *to <= from; }
  bool is_one_tick() const { return to && *to - from <= std::chrono::milliseconds(1); }
};

// One search. `created_*` and `context` narrow it within the ticks of `changed`.
struct SearchQuery {
  TickRange changed;
  std::optional<SystemTime> created_from;
  std::optional<SystemTime> created_to;
  std::string context;  // empty: the target's
};

// "2026-10-01T00:00:00.000Z".
std::string to_query_time(SystemTime time);
// A range as messages name it: "2026-10-01T00:00:00.000Z" alone where it is a single tick.
std::string to_text(const TickRange& range);

// The request body.
std::string search_body(const SearchTarget& target, const SearchQuery& query, bool include_deleted);

}  // namespace engagement::kustomer
