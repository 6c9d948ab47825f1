#pragma once

#include <functional>
#include <memory>
#include <string>

#include "rest/page.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/day_plan.hpp"
#include "sources/clevertap/reports/added_fields.hpp"

namespace engagement::clevertap {

// What a stream is made of that asks for a list of each window of days, in one answer.
struct WindowPlan {
  engine::StreamDescription description;
  std::string_view endpoint;  // "POST /1/targets/list.json"
  std::string records;        // where they stand in the answer
  std::string total;          // where it says how many there are; empty: it does not
  std::chrono::days window{1};
  std::chrono::days lookback{0};
  AddedFields added;
  std::function<Period(const engine::SyncRequest& request, SystemTime now)> period;
  std::function<http::Request(const DaySpan& days)> request;
};

std::unique_ptr<engine::Stream> make_window_stream(WindowPlan plan, std::shared_ptr<const Account> account);

// Reads one answer that holds a list into `page`. Throws ConnectorError and Stopped.
void read_list(const Account& account, const http::Request& request, const std::string& what,
               const rest::PageShape& shape, rest::Page& page, engine::Context& context, const std::stop_token& stop);
// Where the records of a list stand, with what judge_page() needs.
rest::PageShape list_shape(std::string records);

}  // namespace engagement::clevertap
