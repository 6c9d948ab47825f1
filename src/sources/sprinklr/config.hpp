#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/time_zone.hpp"
#include "engine/stream.hpp"
#include "protocol/messages.hpp"
#include "sources/sprinklr/reports/report_definition.hpp"

namespace engagement::sprinklr {

// How the source is let in. Texts are empty where they are not given.
struct Credentials {
  enum class Type { refresh_token, client_credentials, access_token };
  Type type = Type::refresh_token;
  std::string client_id;  // also the value of the header Key
  std::string client_secret;
  std::string redirect_uri;
  std::string refresh_token;
  std::string access_token;
  std::optional<SystemTime> expiry;  // of the access token; nullopt: unknown
};

// The configuration, understood.
struct Config {
  protocol::Json json;   // as given; what takes its place carries new tokens
  std::string base_url;  // "https://api3.sprinklr.com/prod4", without a slash at the end
  Credentials credentials;
  Day start;
  std::optional<Day> end;  // inclusive; nullopt: up to the moment of each sync
  TimeZone zone;
  std::vector<ReportDefinition> reports;
  std::chrono::hours window{24};
  std::chrono::days lookback{3};
  std::size_t page_size = 1000;
  std::size_t requests_per_second = 10;  // 0: no limit, here and below
  std::size_t requests_per_hour = 1000;
  std::chrono::seconds longest_wait{600};
  std::size_t workers = 1;
};

// What else a configuration may hold: a payload as JSON instead of its text, a date as a number, a moment in seconds or
// milliseconds since 1970, an environment in braces.
void migrate_config(protocol::Json& json);

// Reads a configuration that the spec has accepted. Throws a config ConnectorError that names the field by its title.
Config read_config(const protocol::Json& json);

// The time to read when it is `now`, half open, and its days in `zone`.
struct Period {
  SystemTime begin;
  SystemTime end;  // at most `now`
  Day first;
  Day last;  // the last day that may be read, which may lie in the future
};
// Throws a config ConnectorError where there is nothing to read because the start lies in the future.
Period period_at(const Config& config, const TimeZone& zone, SystemTime now);
Period period_of(const engine::Backfill& backfill, const TimeZone& zone, SystemTime now);

// The first moment of a day.
SystemTime start_of(Day day, const TimeZone& zone);

}  // namespace engagement::sprinklr
