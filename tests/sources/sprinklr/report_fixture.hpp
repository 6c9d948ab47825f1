#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "sources/sprinklr/sprinklr_fixture.hpp"

namespace engagement::sprinklr {

using engine::RunResult;
using test::answer;
using test::ScriptedAnswer;

// A report with one row at each of some moments, served as Sprinklr does.
struct Vendor {
  std::vector<std::int64_t> rows;  // milliseconds, in order
  std::size_t cap = 10'000;
  // Which row of a page must not lie beyond the cap is not documented.
  enum class Counts { last_row, first_row, rows_before } cap_counts = Counts::last_row;
  bool says_more = true;
  bool objects = true;
  std::size_t slow_above = 100'000;               // pages larger than this end in 504
  std::map<std::size_t, ScriptedAnswer> instead;  // by number of the request

  std::size_t requests = 0;
  std::set<std::size_t> served_pages;

  bool is_beyond_cap(std::size_t page, std::size_t size) const {
    if (cap_counts == Counts::last_row) return (page + 1) * size > cap;
    return cap_counts == Counts::first_row ? page * size >= cap : page * size > cap;
  }

  ScriptedAnswer operator()(const http::Request& request) {
    const auto special = instead.find(requests++);
    if (special != instead.end()) return special->second;
    const Json body = Json::parse(request.body);
    const auto size = body["pageSize"].get<std::size_t>();
    const auto page = body["page"].get<std::size_t>();
    if (size > slow_above) return answer("<html><h1>504 Gateway Time-out</h1></html>", 504);
    if (cap > 0 && is_beyond_cap(page, size)) {
      return answer(R"({"errors":[{"message":"Cannot fetch more than 10000 messages overall"}]})", 400);
    }
    served_pages.insert(page);
    std::vector<std::int64_t> found;
    for (const auto time : rows) {
      if (time >= body["startTime"] && time <= body["endTime"]) found.push_back(time);
    }
    const auto begin = std::min(found.size(), page * size);
    const auto end = std::min(found.size(), begin + size);
    Json data = Json::object();
    if (begin < end) {
      Json list = Json::array();
      for (auto at = begin; at < end; ++at) {
        const Json id = "post " + std::to_string(found[at]);
        const Json date = std::to_string(found[at] / 3'600'000 * 3'600'000);
        list.push_back(objects ? Json{{"POST_ID_0", id}, {"DATE_1", date}, {"M_LIKES_0", 1.5}}
                               : Json::array({1.5, id, date}));
      }
      if (!objects) data["headings"] = {"M_LIKES_0", "POST_ID_0", "DATE_1"};
      data[objects ? "data" : "rows"] = list;
    }
    if (says_more) data["hasMore"] = end < found.size();
    return answer(Json{{"data", data}, {"errors", Json::array()}}.dump());
  }
};

struct ReportFixture : SprinklrFixture {
  explicit ReportFixture(const Json& changes_given = Json::object()) {
    changes = {{"reports", {report_json()}}, {"start_date", "2026-02-26"}, {"end_date", "2026-02-27"},
               {"page_size", 100},           {"requests_per_second", 0},   {"requests_per_hour", 0}};
    changes.update(changes_given);
    client.answer_with([this](const http::Request& request, const std::stop_token&) { return vendor(request); });
  }

  RunResult run(std::optional<Json> state = std::nullopt, protocol::SyncMode mode = protocol::SyncMode::incremental) {
    return read("insights", changes, std::move(state), mode);
  }

  // Rows evenly over a day.
  void fill(const std::string& date, std::size_t count) {
    const auto begin = moment(date).time_since_epoch().count();
    for (std::size_t at = 0; at < count; ++at) {
      vendor.rows.push_back(begin + static_cast<std::int64_t>(at) * 86'400'000 / static_cast<std::int64_t>(count));
    }
  }

  std::set<std::string> posts() const {
    std::set<std::string> all;
    for (const auto& record : records()) all.insert(record["POST_ID_0"].get<std::string>());
    return all;
  }

  Json changes;
  Vendor vendor;
};

}  // namespace engagement::sprinklr
