#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "core/clock.hpp"
#include "protocol/messages.hpp"

namespace engagement::kustomer {

// How a record is delivered: as tap-kustomer does (snake_case, attributes and relationships lifted), or as sent.
enum class Layout { flat, json_api };

// The configuration, understood.
struct Config {
  std::string api_token;
  std::string base_url;    // "https://api.prod2.kustomerapp.com", without a slash at the end
  std::string user_agent;  // empty: the connector's own
  SystemTime start;
  std::chrono::days window{60};
  std::size_t page_size = 500;
  std::chrono::minutes lookback{5};
  bool include_deleted = true;
  bool include_archived = true;
  int rate_limit_share = 50;              // percent
  std::size_t searches_per_minute = 100;  // 0: no limit
  std::set<std::string> optional_streams;
  Layout layout = Layout::flat;
  std::size_t workers = 2;
};

// A configuration written for tap-kustomer, in place: `token`, a start date without a time, sizes (there: text) beyond
// what is possible.
void migrate_config(protocol::Json& json);

// Reads a configuration that the spec has accepted. Throws a config ConnectorError that names the field by its title.
Config read_config(const protocol::Json& json);

// Throws a config ConnectorError where the start lies in the future.
void check_start(const Config& config, SystemTime now);

// tap-kustomer's state, {"bookmarks":{"users":"2019-12-26T18:35:41.583Z"},"currently_syncing":…}, as states of the
// streams that have a bookmark.
std::map<std::string, protocol::Json> states_of_bookmarks(const protocol::Json& legacy);

}  // namespace engagement::kustomer
