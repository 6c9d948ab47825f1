#include "sources/sprinklr/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/error.hpp"
#include "core/suggestion.hpp"

namespace engagement::sprinklr {

namespace {

using protocol::Json;

std::string text_of(const Json& json, const char* key) { return json.value(key, std::string()); }

// https://dev.sprinklr.com/authorization-troubleshooting: every environment is a segment of the path, only `prod` has
// none.
std::string base_url_of(const Json& json) {
  std::string url = json.value("api_base_url", json.value("api_host", std::string("https://api3.sprinklr.com")));
  while (!url.empty() && url.back() == '/') url.pop_back();
  const auto environment = text_of(json, "environment");
  return environment.empty() || environment == "prod" ? url : url + "/" + environment;
}

std::optional<SystemTime> read_expiry(const Json& credentials) {
  const auto text = text_of(credentials, "token_expiry_date");
  if (text.empty()) return std::nullopt;
  if (const auto time = time_from_rfc3339(text)) return time;
  throw config_error(
      fmt::format("Token Expiry Date (credentials.token_expiry_date): \"{}\" is no moment like 2026-01-31T10:20:30Z. "
                  "Leave it out where it is not known.",
                  text));
}

Credentials read_credentials(const Json& json) {
  const Json& given = json.at("credentials");
  const auto type = text_of(given, "auth_type");
  Credentials credentials;
  credentials.type = type == "client_credentials" ? Credentials::Type::client_credentials
                     : type == "access_token"     ? Credentials::Type::access_token
                                                  : Credentials::Type::refresh_token;
  credentials.client_id = text_of(given, "client_id");
  credentials.client_secret = text_of(given, "client_secret");
  credentials.redirect_uri = text_of(given, "redirect_uri");
  credentials.refresh_token = text_of(given, "refresh_token");
  credentials.access_token = text_of(given, "access_token");
  credentials.expiry = read_expiry(given);
  return credentials;
}

Day read_day(const std::string& text, const char* key, const char* title) {
  if (const auto day = day_from_text(text)) return *day;
  throw config_error(
      fmt::format("{} ({}): \"{}\" is not a day of the calendar. Write it as 2026-01-31.", title, key, text));
}

TimeZone read_zone(const Json& json) {
  const auto name = json.value("timezone", std::string("UTC"));
  if (auto zone = TimeZone::find(name)) return *zone;
  const auto hint = did_you_mean(name, TimeZone::names());
  throw config_error(fmt::format("Time Zone (timezone): \"{}\" is no zone of the IANA database; {}", name,
                                 hint.empty() ? "write it like Europe/London." : hint));
}

std::vector<ReportDefinition> read_reports(const Json& json) {
  std::vector<ReportDefinition> reports;
  const auto given = json.find("reports");
  if (given == json.end()) return reports;
  for (const auto& report : *given) {
    reports.push_back(read_report(report));
    const auto same = [&](const ReportDefinition& other) { return other.name == reports.back().name; };
    if (std::find_if(reports.begin(), reports.end() - 1, same) == reports.end() - 1) continue;
    throw config_error(fmt::format("Reports (reports): two reports are called \"{}\". Give each a name of its own.",
                                   reports.back().name));
  }
  return reports;
}

// Seconds or milliseconds since 1970, ten or thirteen digits.
void migrate_expiry(Json& json) {
  const auto credentials = json.find("credentials");
  if (credentials == json.end() || !credentials->is_object()) return;
  const auto expiry = credentials->find("token_expiry_date");
  if (expiry == credentials->end() || !(expiry->is_string() || expiry->is_number_integer())) return;
  const auto text = expiry->is_string() ? expiry->get<std::string>() : expiry->dump();
  const bool milliseconds = text.size() == 13;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  if ((text.size() != 10 && !milliseconds) || std::from_chars(text.data(), end, number).ptr != end) return;
  *expiry = to_rfc3339(SystemTime(std::chrono::milliseconds(milliseconds ? number : number * 1000)));
}

}  // namespace

void migrate_config(Json& json) {
  migrate_expiry(json);
  if (const auto environment = json.find("environment"); environment != json.end() && environment->is_string()) {
    // The portal writes {{env}}; the braces left in a URL are answered by 421.
    auto text = environment->get<std::string>();
    std::erase_if(text, [](char letter) { return letter == '{' || letter == '}' || letter == '/' || letter == ' '; });
    *environment = text;
  }
  for (const char* key : {"start_date", "end_date"}) {
    const auto value = json.find(key);
    if (value == json.end() || !value->is_number_integer()) continue;
    if (const auto day = day_from_number(value->get<std::int64_t>())) *value = day_to_text(*day);
  }
  const auto reports = json.find("reports");
  if (reports == json.end() || !reports->is_array()) return;
  for (auto& report : *reports) {
    if (!report.is_object()) continue;
    const auto payload = report.find("payload");
    if (payload != report.end() && payload->is_object()) *payload = payload->dump(2);
  }
}

Config read_config(const Json& json) {
  Config config{.json = json,
                .base_url = base_url_of(json),
                .credentials = read_credentials(json),
                .start = read_day(text_of(json, "start_date"), "start_date", "Start Date"),
                .end = std::nullopt,
                .zone = read_zone(json),
                .reports = read_reports(json)};
  if (const auto end = text_of(json, "end_date"); !end.empty()) config.end = read_day(end, "end_date", "End Date");
  if (config.end && *config.end < config.start) {
    throw config_error(fmt::format("End Date (end_date): {} is before the start date {}. Choose an end on or after it.",
                                   day_to_text(*config.end), day_to_text(config.start)));
  }
  config.window = std::chrono::hours(json.value("window_hours", 24));
  config.lookback = std::chrono::days(json.value("lookback_days", 3));
  config.page_size = json.value("page_size", std::size_t{1000});
  config.requests_per_second = json.value("requests_per_second", std::size_t{10});
  config.requests_per_hour = json.value("requests_per_hour", std::size_t{1000});
  config.longest_wait = std::chrono::seconds(json.value("max_wait_seconds", 600));
  config.workers = json.value("num_workers", std::size_t{1});
  return config;
}

SystemTime start_of(Day day, const TimeZone& zone) {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(zone.to_utc(day));
}

Period period_at(const Config& config, const TimeZone& zone, SystemTime now) {
  const Day today = zone.day_at(now);
  if (config.start > today) {
    throw config_error(fmt::format("Start Date (start_date): {} lies in the future; today is {} in {}.",
                                   day_to_text(config.start), day_to_text(today), zone.name()));
  }
  const Day last = config.end.value_or(today);
  return {start_of(config.start, zone), std::min(now, start_of(last + std::chrono::days(1), zone)), config.start, last};
}

Period period_of(const engine::Backfill& backfill, const TimeZone& zone, SystemTime now) {
  const Day today = zone.day_at(now);
  if (backfill.since > today) {
    throw config_error(fmt::format("The backfill begins in the future, {}; today is {} in {}.",
                                   day_to_text(backfill.since), day_to_text(today), zone.name()));
  }
  return {start_of(backfill.since, zone), std::min(now, start_of(backfill.until + std::chrono::days(1), zone)),
          backfill.since, backfill.until};
}

}  // namespace engagement::sprinklr
