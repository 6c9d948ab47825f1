#include "sources/clevertap/reports/result_book.hpp"

#include <algorithm>

#include "engine/stream_state.hpp"
#include "json/string_text.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/queries/answer_number.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;

// The id as CleverTap wrote it: a number, or text with its quotes.
std::string id_in(const std::string& stored) {
  const bool number = !json::is_string(stored) && number_in(stored) == stored;
  const bool text = json::is_string(stored) && Json::accept(stored);
  return number || text ? stored : Json(stored).dump();
}

std::optional<DaySpan> window_in(const Json& stored, const std::string& campaign) {
  if (stored.is_null()) return std::nullopt;
  if (!stored.is_array() || stored.size() != 2) {
    throw engine::unknown_state("\"open\" holds something else than the days of campaign " + campaign);
  }
  return DaySpan{read_state_day(stored[0], "the window of campaign " + campaign),
                 read_state_day(stored[1], "the window of campaign " + campaign)};
}

}  // namespace

ResultBook ResultBook::read(const Json& state, Day today, std::chrono::days lookback) {
  ResultBook book;
  book.oldest_recent_ = today - lookback;
  if (const Json* open = protocol::find_member(state, "open")) {
    if (!open->is_structured()) throw engine::unknown_state("\"open\" is no object");
    for (const auto& [campaign, window] : open->items()) {
      if (open->is_object()) {
        book.open_.emplace(id_in(campaign), window_in(window, campaign));
        continue;
      }
      if (!window.is_string()) throw engine::unknown_state("\"open\" holds something else than campaigns' ids");
      book.open_.emplace(id_in(window.get<std::string>()), std::nullopt);
    }
  }
  if (const Json* recent = protocol::find_member(state, "recent")) {
    if (!recent->is_object()) throw engine::unknown_state("\"recent\" is no object");
    for (const auto& [campaign, ended] : recent->items()) {
      book.has_ended(id_in(campaign), read_state_day(ended, "the day of campaign " + campaign));
    }
  }
  return book;
}

std::vector<std::string> ResultBook::campaigns() const {
  std::vector<std::string> all;
  for (const auto& [campaign, window] : open_) all.push_back(campaign);
  for (const auto& [campaign, ended] : recent_) {
    if (!open_.contains(campaign)) all.push_back(campaign);
  }
  return all;
}

std::vector<DaySpan> ResultBook::windows() const {
  std::vector<DaySpan> all;
  for (const auto& [campaign, window] : open_) {
    const auto same = [&span = window](const DaySpan& one) {
      return one.first == span->first && one.last == span->last;
    };
    if (window && std::none_of(all.begin(), all.end(), same)) all.push_back(*window);
  }
  return all;
}

void ResultBook::stays_open(const std::string& campaign, const std::optional<DaySpan>& window) {
  auto& known = open_[campaign];
  if (window) known = window;
}

void ResultBook::has_ended(const std::string& campaign, Day ended) {
  open_.erase(campaign);
  // Seen before: it ended then.
  if (ended >= oldest_recent_) recent_.try_emplace(campaign, ended);
}

void ResultBook::is_gone(const std::string& campaign) {
  open_.erase(campaign);
  recent_.erase(campaign);
}

void ResultBook::write(Json& state) const {
  Json open = Json::object();
  for (const auto& [campaign, window] : open_) {
    open[campaign] = window ? Json::array({day_to_text(window->first), day_to_text(window->last)}) : Json();
  }
  state["open"] = std::move(open);
  Json recent = Json::object();
  for (const auto& [campaign, ended] : recent_) recent[campaign] = day_to_text(ended);
  state["recent"] = std::move(recent);
}

}  // namespace engagement::clevertap
