#include "sources/clevertap/config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/lower_case.hpp"
#include "core/suggestion.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/built_in_streams.hpp"

namespace engagement::clevertap {

namespace {

constexpr int kBuckets = 23;  // CleverTap asks for batch sizes that are multiples of its 23 storage buckets

using protocol::Json;

// https://developer.clevertap.com/docs/common-api-components: Europe, the default, has the host without a prefix.
std::string host_of_region(const std::string& region) {
  if (region.empty() || region == "eu1") return "https://api.clevertap.com";
  return fmt::format("https://{}.api.clevertap.com", region);
}

Day read_day(const Json& json, const char* key, const char* title) {
  const auto number = json.at(key).get<std::int64_t>();
  if (const auto day = day_from_number(number)) return *day;
  throw config_error(fmt::format(
      "{} ({}): {} is not a day of the calendar. Write it as YYYYMMDD, for example 20260131.", title, key, number));
}

TimeZone read_zone(const Json& json) {
  const auto name = json.value("timezone", std::string("UTC"));
  if (auto zone = TimeZone::find(name)) return *zone;
  const auto hint = did_you_mean(name, TimeZone::names());
  throw config_error(
      fmt::format("Time Zone (timezone): \"{}\" is no zone of the IANA database{} Use the name that CleverTap's "
                  "settings show for the project, for example Asia/Kolkata.",
                  name, hint.empty() ? "." : "; " + hint));
}

std::vector<std::string> read_event_names(const Json& json) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  add(json.value("event_name", std::string()));
  if (const auto list = json.find("event_names"); list != json.end()) {
    for (const auto& name : *list) add(name.get<std::string>());
  }
  return names;
}

// A list of texts, without empty ones and repetition.
std::vector<std::string> read_texts(const Json& json, const char* key) {
  std::vector<std::string> texts;
  const Json* list = protocol::find_member(json, key);
  if (list == nullptr) return texts;
  for (const auto& text : *list) {
    auto value = text.get<std::string>();
    if (!value.empty() && std::find(texts.begin(), texts.end(), value) == texts.end())
      texts.push_back(std::move(value));
  }
  return texts;
}

// Those that filter at all, and no member that CleverTap does not know.
Json read_filters(const Json& json) {
  Json filters = Json::object();
  const Json* given = protocol::find_member(json, "message_report_filters");
  if (given == nullptr) return filters;
  for (const char* name : {"channel", "delivery", "status", "message_type", "label"}) {
    const auto texts = read_texts(*given, name);
    if (!texts.empty()) filters[name] = texts;
  }
  return filters;
}

// The form has a text; whoever writes the file by hand may write the object itself.
void to_text(Json& entry, const char* field) {
  const auto value = entry.find(field);
  if (value != entry.end() && value->is_object()) *value = value->dump();
}

std::string without_slash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

}  // namespace

void migrate_config(Json& json) {
  for (const char* key : {"start_date", "end_date"}) {
    const auto value = json.find(key);
    if (value == json.end() || !value->is_string()) continue;
    if (const auto day = day_from_text(value->get<std::string>())) *value = day_to_number(*day);
  }
  if (const auto region = json.find("region"); region != json.end() && region->is_string()) {
    const auto text = lower_case(region->get<std::string>());
    *region = text == "global" ? "" : text;
  }
  if (const auto queries = json.find("queries"); queries != json.end() && queries->is_array()) {
    for (auto& query : *queries) {
      if (!query.is_object()) continue;
      to_text(query, "query");
      to_text(query, "context");
    }
  }
}

Config read_config(const Json& json) {
  Config config{.account_id = json.at("account_id").get<std::string>(),
                .passcode = json.at("passcode").get<std::string>(),
                .base_url = {},
                .event_names = read_event_names(json),
                .start = read_day(json, "start_date", "Start Date"),
                .end = std::nullopt,
                .zone = read_zone(json)};
  config.base_url = without_slash(json.value("api_base_url", host_of_region(json.value("region", std::string()))));
  if (json.contains("end_date")) config.end = read_day(json, "end_date", "End Date");
  if (config.end && *config.end < config.start) {
    throw config_error(fmt::format("End Date (end_date): {} is before the start date {}. Choose an end on or after it.",
                                   day_to_text(*config.end), day_to_text(config.start)));
  }
  config.lookback = std::chrono::days(json.value("lookback_days", 2));
  config.window = std::chrono::days(json.value("window_days", 7));
  config.batch_size = json.value("batch_size", 4991) / kBuckets * kBuckets;
  config.workers = json.value("num_workers", std::size_t{2});
  config.profile_properties = json.value("include_profile_properties", true);
  config.event_summary = json.value("include_event_summary", true);
  config.app_fields = json.value("include_app_fields", true);
  auto taken = built_in_names();
  taken.emplace_back(kSheetRowsStream);
  config.queries = read_queries(json, taken);
  config.query_sheet = read_sheet_config(json);
  config.message_report_filters = read_filters(json);
  config.lookup_identities = read_texts(json, "lookup_identities");
  config.lookup_emails = read_texts(json, "lookup_emails");
  config.lookup_object_ids = read_texts(json, "lookup_object_ids");
  return config;
}

Period period_at(const Config& config, SystemTime now) {
  const Day today = config.zone.day_at(now);
  if (config.start > today) {
    throw config_error(fmt::format("Start Date (start_date): {} lies in the future; today is {} in {}.",
                                   day_to_text(config.start), day_to_text(today), config.zone.name()));
  }
  const Day last = config.end ? std::min(*config.end, today) : today;
  return {config.start, last, today, config.end && *config.end > today};
}

Period period_of(const engine::Backfill& backfill, const Config& config, SystemTime now) {
  const Day today = config.zone.day_at(now);
  if (backfill.since > today) {
    throw config_error(fmt::format("The backfill begins in the future, {}; today is {} in {}.",
                                   day_to_text(backfill.since), day_to_text(today), config.zone.name()));
  }
  return {backfill.since, std::min(backfill.until, today), today, backfill.until > today};
}

}  // namespace engagement::clevertap
