#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sources/clevertap/config.hpp"
#include "sources/clevertap/queries/query.hpp"
#include "sources/clevertap/sheet/columns.hpp"

namespace engagement::clevertap {

// What rows are read against.
struct RowSettings {
  Period period;  // the connector's
  TimeZone zone;
  std::vector<std::string> taken;  // names of other streams
};

// One row of the sheet that asks for something.
struct SheetRow {
  int number = 0;                   // as the sheet counts
  std::optional<std::string> name;  // a valid and unique name of a stream
  std::optional<QueryKind> kind;
  std::string written_name;  // what the cell says, valid or not
  // Its `from` and `to`, where the row has any, lie in the connector's period.
  Query query;
  Period period;                                      // that it reads: the connector's, narrowed
  protocol::Json columns = protocol::Json::object();  // its cells by header; a header that comes twice has a list
  // Why it cannot be understood: the places and what would be right, without the sheet's name.
  std::optional<std::string> error;
  std::vector<std::string> warnings;  // what it says may not be what is meant
};

// Whether a row says nothing: its cells are empty, or boxes, ticked or not.
bool is_blank_row(const protocol::Json& cells);

// Whether the row is there to be skipped: `enabled` says no.
bool is_disabled_row(const std::vector<Column>& columns, const protocol::Json& cells);

// What the row's cell of that column says, without blanks; empty where there is none.
std::string text_in_column(const std::vector<Column>& columns, const protocol::Json& cells, ColumnUse use);

// Reads one row, which may have fewer cells than there are columns. `earlier` are the names of the rows before, with
// their numbers. Never throws: everything that is wrong with it is its `error`.
SheetRow read_row(int number, const std::vector<Column>& columns, const protocol::Json& cells,
                  const RowSettings& settings, const std::map<std::string, int>& earlier);

// The query with the days that it asks for, as CleverTap gets it.
protocol::Json query_as_sent(const SheetRow& row);

}  // namespace engagement::clevertap
