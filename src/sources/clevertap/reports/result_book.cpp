#include "sources/clevertap/reports/result_book.hpp"

#include "engine/stream_state.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/day_plan.hpp"

namespace engagement::clevertap {

using protocol::Json;

ResultBook ResultBook::read(const Json& state, Day today, std::chrono::days lookback) {
  ResultBook book;
  book.oldest_recent_ = today - lookback;
  if (const Json* open = protocol::find_member(state, "open")) {
    if (!open->is_array()) throw engine::unknown_state("\"open\" is no list");
    for (const auto& campaign : *open) {
      if (!campaign.is_string()) throw engine::unknown_state("\"open\" holds something else than campaigns' ids");
      book.open_.insert(campaign.get<std::string>());
    }
  }
  if (const Json* recent = protocol::find_member(state, "recent")) {
    if (!recent->is_object()) throw engine::unknown_state("\"recent\" is no object");
    for (const auto& [campaign, ended] : recent->items()) {
      book.has_result(campaign, read_state_day(ended, "the day of campaign " + campaign));
    }
  }
  return book;
}

std::vector<std::string> ResultBook::campaigns() const {
  std::vector<std::string> all(open_.begin(), open_.end());
  for (const auto& [campaign, ended] : recent_) all.push_back(campaign);
  return all;
}

void ResultBook::has_result(const std::string& campaign, Day ended) {
  open_.erase(campaign);
  // Seen before: it ended then.
  if (ended >= oldest_recent_) recent_.try_emplace(campaign, ended);
}

void ResultBook::write(Json& state) const {
  state["open"] = open_;
  Json recent = Json::object();
  for (const auto& [campaign, ended] : recent_) recent[campaign] = day_to_text(ended);
  state["recent"] = std::move(recent);
}

}  // namespace engagement::clevertap
