#include "sources/kustomer/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "core/time_text.hpp"
#include "engine/stream_state.hpp"

namespace engagement::kustomer {

namespace {

using protocol::Json;

// https://developer.kustomer.com/kustomer-api-docs/reference/regions: the organisation's own host leads to its region.
std::string host_of(const Json& json) {
  const auto org = json.value("org", std::string());
  if (!org.empty()) return fmt::format("https://{}.api.kustomerapp.com", org);
  const auto region = json.value("region", std::string("us"));
  if (region == "eu") return "https://api.prod2.kustomerapp.com";
  if (region == "in") return "https://api.prod4.kustomerapp.com";
  return "https://api.kustomerapp.com";
}

// tap-kustomer takes any number for these, as text, and Kustomer serves at most 500 rows whatever is asked for.
void clamp_text(Json& json, const char* key, std::int64_t least, std::int64_t most) {
  const auto value = json.find(key);
  if (value == json.end() || !value->is_string()) return;
  const auto& text = value->get_ref<const std::string&>();
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end) *value = std::clamp(number, least, most);
}

SystemTime read_start(const Json& json) {
  const auto text = json.at("start_date").get<std::string>();
  if (const auto time = time_from_rfc3339(text)) return *time;
  throw config_error(fmt::format(
      "Start Date (start_date): \"{}\" is no moment. Write it as RFC 3339, for example 2026-01-31T00:00:00Z.", text));
}

}  // namespace

void migrate_config(Json& json) {
  if (const auto token = json.find("token"); token != json.end()) {
    if (!json.contains("api_token")) json["api_token"] = *token;
    json.erase("token");
  }
  if (const auto start = json.find("start_date"); start != json.end() && start->is_string()) {
    if (const auto day = day_from_text(start->get_ref<const std::string&>())) {
      *start = day_to_text(*day) + "T00:00:00Z";
    } else if (const auto time = time_from_rfc3339(start->get_ref<const std::string&>())) {
      *start = to_rfc3339(*time);
    }
  }
  clamp_text(json, "page_size_limit", 1, 500);
  clamp_text(json, "date_window_size", 1, 366);
}

Config read_config(const Json& json) {
  Config config;
  config.api_token = json.at("api_token").get<std::string>();
  config.base_url = json.value("api_base_url", host_of(json));
  while (!config.base_url.empty() && config.base_url.back() == '/') config.base_url.pop_back();
  config.user_agent = json.value("user_agent", std::string());
  config.start = read_start(json);
  config.window = std::chrono::days(json.value("date_window_size", 60));
  config.page_size = json.value("page_size_limit", std::size_t{500});
  config.lookback = std::chrono::minutes(json.value("lookback_minutes", 5));
  config.include_deleted = json.value("include_deleted", true);
  config.include_archived = json.value("include_archived", true);
  config.rate_limit_share = json.value("rate_limit_share", 50);
  config.searches_per_minute = json.value("searches_per_minute", std::size_t{100});
  for (const auto& name : json.value("optional_streams", Json::array())) {
    config.optional_streams.insert(name.get<std::string>());
  }
  config.layout = json.value("record_layout", std::string("flat")) == "json_api" ? Layout::json_api : Layout::flat;
  config.workers = json.value("num_workers", std::size_t{2});
  return config;
}

void check_start(const Config& config, SystemTime now) {
  if (config.start <= now) return;
  throw config_error(fmt::format("Start Date (start_date): {} lies in the future; it is {} now.",
                                 to_rfc3339(config.start), to_rfc3339(now)));
}

std::map<std::string, Json> states_of_bookmarks(const Json& legacy) {
  std::map<std::string, Json> states;
  const auto bookmarks = legacy.find("bookmarks");
  if (bookmarks == legacy.end() || !bookmarks->is_object()) return states;
  for (const auto& [stream, bookmark] : bookmarks->items()) {
    if (bookmark.is_null()) continue;
    Json state = engine::new_state(protocol::SyncMode::incremental);
    state["cursor"] = bookmark;
    states.emplace(stream, std::move(state));
  }
  return states;
}

}  // namespace engagement::kustomer
