#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/error.hpp"

namespace engagement::protocol {

using Json = nlohmann::ordered_json;  // the cold path's JSON; keys keep their order

enum class LogLevel { fatal, error, warn, info, debug };
enum class StreamStatus { started, running, complete, incomplete };
std::string_view to_string(LogLevel level);       // "FATAL" …
std::string_view to_string(StreamStatus status);  // "STARTED" …

// Which stream a message speaks of; the namespace is what the configured catalog says, absent if it says nothing.
struct StreamDescriptor {
  std::string name;
  std::optional<std::string> name_space;
};

// Builders of the messages of the Airbyte protocol, one JSON object each, as reference says:
// https://docs.airbyte.com/platform/understanding-airbyte/airbyte-protocol
Json log_message(LogLevel level, std::string_view text);
Json spec_message(Json connection_specification, std::string_view documentation_url);
Json connection_status_message(bool succeeded, std::string_view text);  // an empty text is left out
Json catalog_message(Json streams);                                     // an array of AirbyteStream
Json state_message(const StreamDescriptor& stream, Json stream_state, std::uint64_t record_count);
Json stream_status_message(const StreamDescriptor& stream, StreamStatus status, SystemTime now);
// A RUNNING status with the reason RATE_LIMITED and the moment the quota comes back.
Json rate_limited_message(const StreamDescriptor& stream, SystemTime quota_reset, SystemTime now);
Json estimate_message(const StreamDescriptor& stream, std::uint64_t rows, SystemTime now);
// Without a stream: the failure of the whole command.
Json error_message(const ConnectorError& error, const std::optional<StreamDescriptor>& stream, SystemTime now);
Json connector_config_message(const Json& config, SystemTime now);

}  // namespace engagement::protocol
