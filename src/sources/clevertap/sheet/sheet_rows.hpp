#pragma once

#include <map>
#include <string>
#include <vector>

#include "sources/clevertap/sheet/row_query.hpp"

namespace engagement::clevertap {

// A range of cells as Google sends it.
struct SheetTable {
  std::string title;                              // of the tab
  int first_row = 1;                              // the number, in the sheet, of the first of `rows`
  int first_column = 1;                           // of their first cells: 2 is column B
  protocol::Json rows = protocol::Json::array();  // arrays of cells, of any length
};

// A sheet of queries, read as a whole. The first row names the columns; see docs/guides/queries-from-a-sheet.md.
struct SheetRows {
  std::string title;
  std::vector<SheetRow> rows;           // without empty and disabled ones, in the sheet's order
  std::map<std::string, int> disabled;  // the names of disabled rows, with their numbers
  std::vector<std::string> warnings;    // of all rows and of the first one, with their places
  std::optional<std::string> problem;   // why no row can be used: the first one has no column "name"
};

// Never throws for what the cells say. A row's error names sheet, row and column.
SheetRows read_rows(const SheetTable& table, const RowSettings& settings);

}  // namespace engagement::clevertap
