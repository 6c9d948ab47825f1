#pragma once

#include <string>
#include <vector>

#include "sources/clevertap/sheet/cell.hpp"

namespace engagement::clevertap {

enum class ColumnUse {
  name,
  kind,
  event,
  from,
  to,
  filter,   // of an event, a session or a profile: see FilterPlace
  did,      // of all these events
  did_any,  // of these events
  did_not,  // of these events
  first_time,
  query,  // JSON
  granularity,
  enabled,
  context,         // any other column: carried into the records
  unnamed,         // nothing in the first row: nobody can say what it means
  not_understood,  // whoever fills it in is told why
};

// Where in a query a filter stands, in the order of a query's members.
enum class FilterPlace { event, session, profile_fields, app_fields, demographics, technographics, reachability };

struct Column {
  ColumnUse use = ColumnUse::unnamed;
  std::string header;                      // as the sheet spells it
  FilterPlace place = FilterPlace::event;  // of a filter
  std::string property;                    // of a filter: the property's or field's name
  std::string problem;                     // where it is not understood: why, and what would be right
};

// What each column means, by the sheet's first row. Never throws: what a header gets wrong concerns only those rows
// that have something in its column.
std::vector<Column> read_columns(const protocol::Json& first_row);

// The columns that are carried as context though they are spelled almost like ones with a meaning ("did_not"): a remark
// for each.
std::vector<std::string> doubtful_columns(const std::vector<Column>& columns);

}  // namespace engagement::clevertap
