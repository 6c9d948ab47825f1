#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "json/record_slice.hpp"
#include "json/structural_index.hpp"
#include "rest/rules.hpp"

namespace engagement::clevertap {

using json::RecordSlice;

// One answer of an export endpoint, held whole and checked whole before any record of it is used. Reused page by page.
struct ExportPage {
  http::Response response;
  json::StructuralIndex index;
  std::vector<RecordSlice> records;        // views into response.body
  std::optional<std::string> next_cursor;  // as sent, escapes of JSON undone
  json::Repairs repairs;

  // Reads `response`. Never throws for what came: the answer says how it went. Records are there only if it succeeded.
  rest::Answer read();
};

}  // namespace engagement::clevertap
