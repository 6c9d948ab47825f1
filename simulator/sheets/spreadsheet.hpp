#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulator/sheets/a1_range.hpp"

namespace engagement::simulator::sheets {

enum class ValueRender { kFormatted, kUnformatted };
enum class Major { kRows, kColumns };
enum class DateRender { kSerialNumber, kFormattedText };

// The spreadsheet's content. Not thread safe. Cells are null, text, numbers and booleans; {"date":"2026-01-31"},
// {"datetime":"2026-01-31T10:20:30"} and {"time":"22:30"} are what Google keeps as a number of days since 1899-12-30.
// Requests that Google refuses throw Refusal.
class Spreadsheet {
 public:
  // {"title","timeZone","locale","tabs":[{"title","gid","rows":[[…]]}]}; all but the tabs' titles may be missing.
  // Throws ConnectorError (config) that names what is wrong.
  explicit Spreadsheet(const nlohmann::json& content);
  nlohmann::ordered_json content() const;

  // GET /v4/spreadsheets/{id}
  nlohmann::ordered_json properties(const std::string& id, const std::string& url) const;
  // GET …/values/{range}: trailing empty rows and cells are left out.
  nlohmann::ordered_json values(const std::string& range, ValueRender value, DateRender date,
                                Major major = Major::kRows) const;

  // PUT …/values/{range}, POST …:append and POST …:clear. `rows` is a list of lists; null leaves a cell as it is.
  // `parse`: text is read as a person's typing would be (numbers, TRUE, FALSE, 2026-01-31).
  nlohmann::ordered_json update(const std::string& id, const std::string& range, const nlohmann::json& rows,
                                bool parse);
  nlohmann::ordered_json append(const std::string& id, const std::string& range, const nlohmann::json& rows,
                                bool parse);
  nlohmann::ordered_json clear(const std::string& id, const std::string& range);

  // The requests of a batchUpdate that are known: addSheet, deleteSheet, and updateSheetProperties for the size of a
  // tab.
  nlohmann::ordered_json batch_update(const std::string& id, const nlohmann::json& requests);

 private:
  struct Tab {
    std::string title;
    std::int64_t gid = 0;
    std::vector<std::vector<nlohmann::json>> rows;
    std::size_t row_count = 1'000, column_count = 26;  // of the grid, empty cells and all
  };
  // A range within the grid of its tab.
  struct Area {
    std::size_t tab = 0;
    std::size_t first_row = 0, last_row = 0, first_column = 0, last_column = 0;
    bool is_cell = false;
  };
  Area resolve(const std::string& range) const;
  std::string name_of(const Area& area) const;
  nlohmann::ordered_json write(const std::string& id, const Area& area, const nlohmann::json& rows, bool parse);
  nlohmann::ordered_json tab_properties(std::size_t tab) const;
  nlohmann::ordered_json add_tab(const nlohmann::json& properties, const std::string& where);
  std::vector<Tab>::iterator tab_of(const nlohmann::json& gid, const std::string& where);
  void delete_tab(const nlohmann::json& gid, const std::string& where);
  void resize_tab(const nlohmann::json& properties, const std::string& where);

  std::string title_, time_zone_, locale_;
  std::vector<Tab> tabs_;
};

// A cell as the API renders it.
nlohmann::json rendered(const nlohmann::json& cell, ValueRender value, DateRender date);

}  // namespace engagement::simulator::sheets
