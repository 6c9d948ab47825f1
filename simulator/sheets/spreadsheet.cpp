#include "simulator/sheets/spreadsheet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/time_text.hpp"
#include "simulator/sheets/refusal.hpp"

namespace engagement::simulator::sheets {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

bool is_cell(const json& cell) {
  if (!cell.is_structured()) return true;
  if (!cell.is_object() || cell.size() != 1) return false;
  const auto member = cell.begin();
  if (!member->is_string()) return false;
  const std::string& name = member.key();
  const auto& text = member->get_ref<const std::string&>();
  if (name == "time") return text.size() >= 5;
  return (name == "date" || name == "datetime") && day_from_text(text.substr(0, 10)).has_value();
}

bool is_empty(const json& cell) { return cell.is_null() || cell == ""; }

std::vector<std::vector<json>> parse_rows(const json& rows) {
  if (!rows.is_array()) throw config_error("A tab's \"rows\" are a list of lists.");
  std::vector<std::vector<json>> parsed;
  for (const json& row : rows) {
    if (!row.is_array()) throw config_error("A row is a list of cells: " + row.dump());
    for (const json& cell : row) {
      if (!is_cell(cell)) throw config_error("A cell cannot be " + cell.dump());
    }
    parsed.push_back(row.get<std::vector<json>>());
  }
  return parsed;
}

std::string text_in(const json& object, const char* name, const std::string& fallback) {
  const json value = object.value(name, json(fallback));
  if (!value.is_string()) throw config_error(fmt::format("\"{}\" is a text: {}", name, value.dump()));
  return value.get<std::string>();
}

// What a person's typing of that text becomes.
json typed(const json& value) {
  if (!value.is_string()) return value;
  const auto& text = value.get_ref<const std::string&>();
  if (text == "TRUE" || text == "FALSE") return text == "TRUE";
  if (day_from_text(text)) return {{"date", text}};
  const json number = json::parse(text, nullptr, false);
  return number.is_number() ? number : value;
}

}  // namespace

Spreadsheet::Spreadsheet(const json& content) {
  if (!content.is_object()) throw config_error("A spreadsheet is an object with \"tabs\".");
  title_ = text_in(content, "title", "Untitled spreadsheet");
  time_zone_ = text_in(content, "timeZone", "Etc/UTC");
  locale_ = text_in(content, "locale", "en_US");
  const json tabs = content.value("tabs", json());
  if (!tabs.is_array() || tabs.empty()) throw config_error("A spreadsheet has at least one tab.");
  for (const json& entry : tabs) {
    if (!entry.is_object()) throw config_error("A tab is an object: " + entry.dump());
    Tab tab;
    tab.title = text_in(entry, "title", "");
    if (tab.title.empty()) throw config_error("A tab has a \"title\".");
    const json gid = entry.value("gid", json(tabs_.empty() ? 0 : 1'000'000 + tabs_.size()));
    if (!gid.is_number_integer()) throw config_error("A \"gid\" is a number: " + gid.dump());
    tab.gid = gid.get<std::int64_t>();
    tab.rows = parse_rows(entry.value("rows", json::array()));
    tab.row_count = std::max(tab.row_count, tab.rows.size());
    for (const auto& row : tab.rows) tab.column_count = std::max(tab.column_count, row.size());
    tabs_.push_back(std::move(tab));
  }
}

ordered_json Spreadsheet::content() const {
  ordered_json tabs = ordered_json::array();
  for (const Tab& tab : tabs_) tabs.push_back({{"title", tab.title}, {"gid", tab.gid}, {"rows", tab.rows}});
  return {{"title", title_}, {"timeZone", time_zone_}, {"locale", locale_}, {"tabs", tabs}};
}

ordered_json Spreadsheet::tab_properties(std::size_t tab) const {
  return {{"sheetId", tabs_[tab].gid},
          {"title", tabs_[tab].title},
          {"index", tab},
          {"sheetType", "GRID"},
          {"gridProperties", {{"rowCount", tabs_[tab].row_count}, {"columnCount", tabs_[tab].column_count}}}};
}

ordered_json Spreadsheet::properties(const std::string& id, const std::string& url) const {
  ordered_json sheets = ordered_json::array();
  for (std::size_t tab = 0; tab < tabs_.size(); ++tab) sheets.push_back({{"properties", tab_properties(tab)}});
  return {
      {"spreadsheetId", id},
      {"properties", {{"title", title_}, {"locale", locale_}, {"autoRecalc", "ON_CHANGE"}, {"timeZone", time_zone_}}},
      {"sheets", sheets},
      {"spreadsheetUrl", url}};
}

Spreadsheet::Area Spreadsheet::resolve(const std::string& text) const {
  std::optional<A1Range> range = parse_range(text);
  const auto tab_of = [this, &range] {
    return std::find_if(tabs_.begin(), tabs_.end(), [&range](const Tab& tab) { return tab.title == range->tab; });
  };
  auto tab = range ? tab_of() : tabs_.end();
  if (tab == tabs_.end()) {  // no tab's title: cells of the first tab
    range = parse_cells(text);
    if (!range) throw invalid_argument("Unable to parse range: " + text);
    tab = tabs_.begin();
  }
  const std::size_t rows = tab->row_count, columns = tab->column_count;
  Area area;
  area.tab = static_cast<std::size_t>(tab - tabs_.begin());
  area.first_row = range->first_row.value_or(0);
  area.first_column = range->first_column.value_or(0);
  area.last_row = std::min(range->last_row.value_or(rows - 1), rows - 1);
  area.last_column = std::min(range->last_column.value_or(columns - 1), columns - 1);
  area.is_cell = range->is_cell;
  if (area.first_row >= rows || area.first_column >= columns) {
    throw invalid_argument(
        fmt::format("Range ({}) exceeds grid limits. Max rows: {}, max columns: {}", text, rows, columns));
  }
  return area;
}

std::string Spreadsheet::name_of(const Area& area) const {
  const std::string first = fmt::format("{}{}", column_name(area.first_column), area.first_row + 1);
  const std::string last = fmt::format("{}{}", column_name(area.last_column), area.last_row + 1);
  return fmt::format("{}!{}", quoted_title(tabs_[area.tab].title), first == last ? first : first + ':' + last);
}

ordered_json Spreadsheet::values(const std::string& range, ValueRender value, DateRender date, Major major) const {
  const Area area = resolve(range);
  const bool by_rows = major == Major::kRows;
  const auto& rows = tabs_[area.tab].rows;
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.size());
  const std::size_t row_end = std::min(area.last_row + 1, rows.size());
  const std::size_t column_end = std::min(area.last_column + 1, width);
  ordered_json values = ordered_json::array();
  std::size_t kept_lines = 0;
  for (std::size_t line = by_rows ? area.first_row : area.first_column; line < (by_rows ? row_end : column_end);
       ++line) {
    ordered_json cells = ordered_json::array();
    std::size_t kept = 0;
    for (std::size_t at = by_rows ? area.first_column : area.first_row; at < (by_rows ? column_end : row_end); ++at) {
      const auto& row = rows[by_rows ? line : at];
      const std::size_t column = by_rows ? at : line;
      const json cell = column < row.size() ? row[column] : json();
      cells.push_back(ordered_json(rendered(cell, value, date)));
      if (!is_empty(cell)) kept = cells.size();
    }
    cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(kept), cells.end());
    values.push_back(std::move(cells));
    if (kept > 0) kept_lines = values.size();
  }
  values.erase(values.begin() + static_cast<std::ptrdiff_t>(kept_lines), values.end());
  ordered_json answer = {{"range", name_of(area)}, {"majorDimension", by_rows ? "ROWS" : "COLUMNS"}};
  if (!values.empty()) answer["values"] = std::move(values);
  return answer;
}

ordered_json Spreadsheet::write(const std::string& id, const Area& area, const json& rows, bool parse) {
  Tab& tab = tabs_[area.tab];
  Area written = area;
  std::size_t columns = 0, cells = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows[row].is_array()) throw invalid_argument("Invalid value at 'data.values'");
    columns = std::max(columns, rows[row].size());
    for (std::size_t column = 0; column < rows[row].size(); ++column) {
      const json& value = rows[row][column];
      if (value.is_structured()) throw invalid_argument("Invalid values: struct_value and list_value are no cells");
      if (value.is_null()) continue;
      auto& line =
          (tab.rows.resize(std::max(tab.rows.size(), area.first_row + row + 1)), tab.rows[area.first_row + row]);
      line.resize(std::max(line.size(), area.first_column + column + 1));
      line[area.first_column + column] = parse ? typed(value) : value;
      ++cells;
    }
  }
  written.last_row = area.first_row + std::max<std::size_t>(rows.size(), 1) - 1;
  written.last_column = area.first_column + std::max<std::size_t>(columns, 1) - 1;
  return {{"spreadsheetId", id},
          {"updatedRange", name_of(written)},
          {"updatedRows", rows.size()},
          {"updatedColumns", columns},
          {"updatedCells", cells}};
}

ordered_json Spreadsheet::update(const std::string& id, const std::string& range, const json& rows, bool parse) {
  const Area area = resolve(range);
  const Tab& tab = tabs_[area.tab];
  // One cell is where to begin; a range is also where to end.
  const std::size_t last_row = area.is_cell ? tab.row_count - 1 : area.last_row;
  const std::size_t last_column = area.is_cell ? tab.column_count - 1 : area.last_column;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const bool too_wide = rows[row].is_array() && area.first_column + rows[row].size() > last_column + 1;
    if (too_wide || area.first_row + row > last_row) {
      throw invalid_argument(fmt::format("Requested writing within range [{}], but tried writing to {} [{}]",
                                         name_of(area), too_wide ? "column" : "row",
                                         too_wide ? column_name(last_column + 1) : std::to_string(last_row + 2)));
    }
  }
  return write(id, area, rows, parse);
}

ordered_json Spreadsheet::append(const std::string& id, const std::string& range, const json& rows, bool parse) {
  Area area = resolve(range);
  Tab& tab = tabs_[area.tab];
  std::size_t end = tab.rows.size();
  while (end > 0 && std::all_of(tab.rows[end - 1].begin(), tab.rows[end - 1].end(), is_empty)) --end;
  ordered_json answer = {{"spreadsheetId", id}};
  if (end > 0) {
    std::size_t width = 1;
    for (const auto& row : tab.rows) width = std::max(width, row.size());
    answer["tableRange"] =
        name_of({area.tab, 0, end - 1, area.first_column, std::max(area.first_column, width - 1), false});
  }
  area.first_row = std::max(end, area.first_row);
  tab.row_count = std::max(tab.row_count, area.first_row + rows.size());
  for (const json& row : rows) tab.column_count = std::max(tab.column_count, area.first_column + row.size());
  answer["updates"] = write(id, area, rows, parse);
  return answer;
}

ordered_json Spreadsheet::clear(const std::string& id, const std::string& range) {
  const Area area = resolve(range);
  auto& rows = tabs_[area.tab].rows;
  for (std::size_t row = area.first_row; row <= area.last_row && row < rows.size(); ++row) {
    for (std::size_t column = area.first_column; column <= area.last_column && column < rows[row].size(); ++column) {
      rows[row][column] = nullptr;
    }
  }
  return {{"spreadsheetId", id}, {"clearedRange", name_of(area)}};
}

ordered_json Spreadsheet::add_tab(const json& properties, const std::string& where) {
  Tab tab;
  tab.title = properties.value("title", fmt::format("Sheet{}", tabs_.size() + 1));
  if (std::any_of(tabs_.begin(), tabs_.end(), [&tab](const Tab& other) { return other.title == tab.title; })) {
    throw invalid_argument(fmt::format(
        "Invalid {}: A sheet with the name \"{}\" already exists. Please enter another name.", where, tab.title));
  }
  tab.gid = properties.value("sheetId", std::int64_t{2'000'000} + static_cast<std::int64_t>(tabs_.size()));
  const json grid = properties.value("gridProperties", json::object());
  tab.row_count = grid.value("rowCount", tab.row_count);
  tab.column_count = grid.value("columnCount", tab.column_count);
  tabs_.push_back(std::move(tab));
  return tab_properties(tabs_.size() - 1);
}

std::vector<Spreadsheet::Tab>::iterator Spreadsheet::tab_of(const json& gid, const std::string& where) {
  const auto tab = std::find_if(tabs_.begin(), tabs_.end(), [&gid](const Tab& other) { return other.gid == gid; });
  if (tab == tabs_.end()) throw invalid_argument(fmt::format("Invalid {}: No sheet with id: {}", where, gid.dump()));
  return tab;
}

// What lies outside of the new size is gone.
void Spreadsheet::resize_tab(const json& properties, const std::string& where) {
  Tab& tab = *tab_of(properties.value("sheetId", json()), where);
  const json grid = properties.value("gridProperties", json::object());
  tab.row_count = grid.value("rowCount", tab.row_count);
  tab.column_count = grid.value("columnCount", tab.column_count);
  if (tab.rows.size() > tab.row_count) tab.rows.resize(tab.row_count);
  for (auto& row : tab.rows) {
    if (row.size() > tab.column_count) row.resize(tab.column_count);
  }
}

void Spreadsheet::delete_tab(const json& gid, const std::string& where) {
  const auto tab = tab_of(gid, where);
  if (tabs_.size() == 1) {
    throw invalid_argument(fmt::format("Invalid {}: You can't remove all the sheets in a document.", where));
  }
  tabs_.erase(tab);
}

ordered_json Spreadsheet::batch_update(const std::string& id, const json& requests) {
  if (!requests.is_array() || requests.empty()) throw invalid_argument("Must specify at least one request.");
  ordered_json replies = ordered_json::array();
  for (std::size_t at = 0; at < requests.size(); ++at) {
    const json& request = requests[at];
    const std::string where = fmt::format("requests[{}]", at);
    if (request.is_object() && request.contains("addSheet")) {
      const json properties = request.at("addSheet").value("properties", json::object());
      replies.push_back({{"addSheet", {{"properties", add_tab(properties, where + ".addSheet")}}}});
    } else if (request.is_object() && request.contains("deleteSheet")) {
      delete_tab(request.at("deleteSheet").value("sheetId", json()), where + ".deleteSheet");
      replies.push_back(ordered_json::object());
    } else if (request.is_object() && request.contains("updateSheetProperties")) {
      resize_tab(request.at("updateSheetProperties").value("properties", json::object()),
                 where + ".updateSheetProperties");
      replies.push_back(ordered_json::object());
    } else {
      throw invalid_argument(fmt::format("Invalid {}: No request set.", where));
    }
  }
  return {{"spreadsheetId", id}, {"replies", replies}};
}

}  // namespace engagement::simulator::sheets
