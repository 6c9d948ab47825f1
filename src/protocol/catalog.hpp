#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages.hpp"

namespace engagement::protocol {

enum class SyncMode { full_refresh, incremental };
std::string_view to_string(SyncMode mode);

struct ConfiguredStream {
  StreamDescriptor descriptor;
  SyncMode sync_mode = SyncMode::full_refresh;
  std::string destination_sync_mode = "append";
  std::vector<std::string> cursor_field;
  std::vector<std::vector<std::string>> primary_key;
  Json json_schema = Json::object();
};

struct ConfiguredCatalog {
  std::vector<ConfiguredStream> streams;
};

// Reads `--catalog`. Lenient: unknown members are ignored, null members are as if absent, sync_mode may be absent
// (full_refresh). Throws a config ConnectorError that names the place (streams[2].stream.name) for what cannot be
// understood: no JSON, no `streams`, a stream without a name, a sync_mode that is neither of the two, a name twice.
ConfiguredCatalog parse_configured_catalog(std::string_view text);

}  // namespace engagement::protocol
