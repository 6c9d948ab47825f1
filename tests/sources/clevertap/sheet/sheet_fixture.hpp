#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sources/clevertap/clevertap_fixture.hpp"
#include "sources/clevertap/sheet/sheet_rows.hpp"

namespace engagement::clevertap {

// It is 2026-03-01; the connector reads from 2026-01-01 to today.
inline RowSettings row_settings() {
  return {{day(20260101), day(20260301), day(20260301)}, TimeZone::find("UTC").value(), {"events", "profiles"}};
}

// `text` is a JSON array of rows; row 1 names the columns.
inline SheetRows rows_of(const std::string& text, const RowSettings& settings = row_settings()) {
  return read_rows({"Queries", 1, 1, protocol::Json::parse(text)}, settings);
}

// A sheet of one row: column by column, the header and the cell as JSON.
using Cells = std::vector<std::pair<std::string, std::string>>;

inline SheetRows row_with(const Cells& cells, const RowSettings& settings = row_settings()) {
  auto headers = protocol::Json::array({"name"});
  auto row = protocol::Json::array({"q"});
  for (const auto& [header, cell] : cells) {
    headers.push_back(header);
    row.push_back(protocol::Json::parse(cell));
  }
  return read_rows({"Queries", 1, 1, protocol::Json::array({headers, row})}, settings);
}

}  // namespace engagement::clevertap
