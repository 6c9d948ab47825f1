#include "sources/clevertap/sheet/sheet_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace engagement::clevertap {

namespace {

std::string row_place(const std::string& title, int row) { return fmt::format("Sheet \"{}\", row {}", title, row); }

// What is wrong with a column that no row uses yet is told all the same.
void warn_of_columns(SheetRows& sheet, const std::vector<Column>& columns, int header_row) {
  for (const auto& remark : doubtful_columns(columns)) {
    sheet.warnings.push_back(fmt::format("{}: {}", row_place(sheet.title, header_row), remark));
  }
  for (const auto& column : columns) {
    const auto uses = [&](const SheetRow& row) { return row.columns.contains(column.header); };
    if (column.problem.empty() || std::any_of(sheet.rows.begin(), sheet.rows.end(), uses)) continue;
    sheet.warnings.push_back(
        fmt::format("{}, column \"{}\": {}", row_place(sheet.title, header_row), column.header, column.problem));
  }
}

}  // namespace

SheetRows read_rows(const SheetTable& table, const RowSettings& settings) {
  SheetRows sheet{table.title, {}, {}, {}};
  if (table.rows.empty()) return sheet;
  const auto columns = read_columns(table.rows.front());
  std::map<std::string, int> names;
  for (std::size_t index = 1; index < table.rows.size(); ++index) {
    const auto& cells = table.rows[index];
    const int number = table.first_row + static_cast<int>(index);
    if (is_blank_row(cells)) continue;
    if (is_disabled_row(columns, cells)) {
      sheet.disabled.emplace(text_in_column(columns, cells, ColumnUse::name), number);
      continue;
    }
    SheetRow row = read_row(number, columns, cells, settings, names);
    if (row.error) row.error = fmt::format("{}, {}", row_place(table.title, number), *row.error);
    row.query.error = row.error;
    for (const auto& warning : row.warnings) {
      sheet.warnings.push_back(fmt::format("{}, {}", row_place(table.title, number), warning));
    }
    if (row.name) names.emplace(*row.name, number);
    sheet.rows.push_back(std::move(row));
  }
  warn_of_columns(sheet, columns, table.first_row);
  return sheet;
}

}  // namespace engagement::clevertap
