#include "simulator/sprinklr/prerender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "simulator/sprinklr/date_bucket.hpp"

namespace engagement::simulator::sprinklr {

void prerender(State& state, const std::string& query_text, std::uint64_t days, const std::stop_token& stop) {
  auto body = nlohmann::json::parse(query_text, nullptr, false);
  if (!body.is_object()) throw config_error("--prerender-query is no JSON object: " + query_text);
  const Day first = state.options.first_day;
  const Day last = state.options.last_day;
  body["startTime"] = 0;
  body["endTime"] = 0;
  const auto parsed = parse_report_query(body, {false, true, false}, state.options);
  if (const auto* failure = std::get_if<Failure>(&parsed)) throw config_error("--prerender-query: " + failure->message);
  const auto& query = std::get<ReportQuery>(parsed);

  std::vector<ReportQuery> windows;
  const std::chrono::days step(days != 0 ? days : 1'000'000);
  // The corpus's days are those of UTC: a zone's first day may begin earlier or later.
  for (Day day = first - std::chrono::days(1); day <= last + std::chrono::days(1); day += step) {
    windows.push_back(query);
    windows.back().start = midnight(day, query.zone);
    windows.back().end = midnight(std::min(day + step, last + std::chrono::days(2)), query.zone) - 1;
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (unsigned worker = 0; worker < std::max(1U, std::thread::hardware_concurrency()); ++worker) {
    workers.emplace_back([&] {
      for (std::size_t at = next++; at < windows.size() && !stop.stop_requested(); at = next++) {
        for (std::uint64_t number = 0; !stop.stop_requested(); ++number) {
          if (state.options.pool != 0 && number >= state.options.pool) break;
          const auto page = state.reports.page(windows[at], number, state.options.gzip);
          if (!std::holds_alternative<ReportPage>(page) || !std::get<ReportPage>(page).has_more) break;
        }
      }
    });
  }
}

}  // namespace engagement::simulator::sprinklr
