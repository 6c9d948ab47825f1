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

// 1 is A, 27 is AA.
std::string column_letters(std::size_t number) {
  std::string letters;
  for (; number > 0; number = (number - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (number - 1) % 26));
  }
  return letters;
}

// What stands below an empty first cell has no effect, which whoever wrote it does not know.
void warn_of_unnamed_cells(SheetRows& sheet, const std::vector<Column>& columns, const SheetTable& table) {
  std::map<std::size_t, int> first_used;  // by column: the row
  for (std::size_t row = 1; row < table.rows.size(); ++row) {
    const auto& cells = table.rows[row];
    if (is_blank_row(cells) || is_disabled_row(columns, cells)) continue;
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const bool unnamed = at >= columns.size() || columns[at].use == ColumnUse::unnamed;
      if (unnamed && !is_empty_cell(cells[at])) first_used.emplace(at, table.first_row + static_cast<int>(row));
    }
  }
  for (const auto& [at, row] : first_used) {
    sheet.warnings.push_back(
        fmt::format("{}, column {}: what is written there has no effect, because the column has no name in row {}",
                    row_place(table.title, row), column_letters(at + static_cast<std::size_t>(table.first_column)),
                    table.first_row));
  }
}

std::optional<std::string> names_missing(const SheetTable& table, const std::vector<Column>& columns) {
  const bool named =
      std::any_of(columns.begin(), columns.end(), [](const Column& column) { return column.use == ColumnUse::name; });
  if (named) return std::nullopt;
  std::vector<std::string> headers;
  for (const auto& column : columns) {
    if (!column.header.empty()) headers.push_back(column.header);
  }
  return fmt::format(
      "{} has no column \"name\"; that row names the columns, and \"name\" is the one that must be there. It has: {}. "
      "If the columns are named in another row, let Range (range) begin there.",
      row_place(table.title, table.first_row),
      headers.empty() ? "nothing" : fmt::format("{}", fmt::join(headers, ", ")));
}

}  // namespace

SheetRows read_rows(const SheetTable& table, const RowSettings& settings) {
  SheetRows sheet{table.title, {}, {}, {}, std::nullopt};
  if (table.rows.empty()) return sheet;
  const auto columns = read_columns(table.rows.front());
  sheet.problem = names_missing(table, columns);
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
    if (sheet.problem) row.error = sheet.problem;
    row.query.error = row.error;
    for (const auto& warning : row.warnings) {
      sheet.warnings.push_back(fmt::format("{}, {}", row_place(table.title, number), warning));
    }
    if (row.name) names.emplace(*row.name, number);
    sheet.rows.push_back(std::move(row));
  }
  warn_of_columns(sheet, columns, table.first_row);
  warn_of_unnamed_cells(sheet, columns, table);
  return sheet;
}

}  // namespace engagement::clevertap
