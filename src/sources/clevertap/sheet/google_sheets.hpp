#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/request_gate.hpp"
#include "rest/caller.hpp"
#include "sources/clevertap/sheet/sheet_config.hpp"
#include "sources/clevertap/sheet/sheet_rows.hpp"

namespace engagement::clevertap {

// Google's side of a query sheet (https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets.values/get):
// who reads it, where it is, and what Google's refusals mean. One for each command; one request at a time.
class GoogleSheets {
 public:
  explicit GoogleSheets(SheetConfig config);

  // The cells of the configured range. Throws a config ConnectorError for what the user must mend, a transient one
  // where Google does not answer in time, and Stopped.
  SheetTable read(engine::Context& context, const std::stop_token& stop) const;

 private:
  struct Tab {
    std::string title;
    std::int64_t gid = 0;
  };

  std::string access_token(engine::Context& context, const std::stop_token& stop) const;
  std::vector<Tab> tabs(const std::string& token, engine::Context& context, const std::stop_token& stop) const;
  std::string range_to_read(const std::vector<Tab>& tabs) const;
  http::Request get(const std::string& path, const std::string& parameters, const std::string& token) const;
  // An answer without the member `wanted` is none of Google's; empty: whatever it is.
  protocol::Json call(const http::Request& request, std::string_view what, const char* wanted,
                      const std::vector<Tab>& tabs, engine::Context& context, const std::stop_token& stop) const;

  const SheetConfig config_;
  mutable engine::RequestGate gate_;
  const rest::Caller caller_;
};

}  // namespace engagement::clevertap
