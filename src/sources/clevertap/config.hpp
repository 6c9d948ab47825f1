#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time_zone.hpp"
#include "engine/stream.hpp"
#include "protocol/messages.hpp"
#include "sources/clevertap/queries/query.hpp"
#include "sources/clevertap/sheet/sheet_config.hpp"

namespace engagement::clevertap {

// The configuration, understood. Days are days of the CleverTap project, in its time zone.
struct Config {
  std::string account_id;
  std::string passcode;
  std::string base_url;                  // "https://in1.api.clevertap.com", without a slash at the end
  std::vector<std::string> event_names;  // without repetition; empty: every event of the project
  Day start;
  std::optional<Day> end;  // inclusive; nullopt: today, at each sync
  TimeZone zone;
  std::chrono::days lookback{2};
  std::chrono::days window{7};
  int batch_size = 4991;  // a multiple of 23
  std::size_t workers = 2;
  bool profile_properties = true;
  bool event_summary = true;
  bool app_fields = true;
  std::vector<Query> queries{};
  std::optional<SheetConfig> query_sheet{};
  protocol::Json message_report_filters = protocol::Json::object();  // lists by name, as CleverTap takes them
  std::vector<std::string> lookup_identities{};
  std::vector<std::string> lookup_emails{};
  std::vector<std::string> lookup_object_ids{};
};

// Config keys that older connectors wrote differently: dates with dashes, a region's label or another case.
void migrate_config(protocol::Json& json);

// Reads a configuration that the spec has accepted. Throws a config ConnectorError that names the field by its title.
Config read_config(const protocol::Json& json);

// The period to read when it is `now`: from the configured start to the configured end, at most today.
struct Period {
  Day first;
  Day last;
  Day today;
  bool end_was_clamped = false;  // the configured end lies in the future
};
// Throws a config ConnectorError when the start lies in the future.
Period period_at(const Config& config, SystemTime now);
// The period of a backfill, at most today. Throws a config ConnectorError when it lies in the future.
Period period_of(const engine::Backfill& backfill, const Config& config, SystemTime now);

}  // namespace engagement::clevertap
