#include "protocol/messages.hpp"

#include <utility>

namespace engagement::protocol {
namespace {

std::int64_t milliseconds(SystemTime time) { return time.time_since_epoch().count(); }

Json descriptor(const StreamDescriptor& stream) {
  Json result{{"name", stream.name}};
  if (stream.name_space) result["namespace"] = *stream.name_space;
  return result;
}

// `payload_key` is the member that belongs to `type`, as in {"type":"ERROR","emitted_at":…,"error":{…}}.
Json trace(std::string_view type, const char* payload_key, Json payload, SystemTime now) {
  Json body{{"type", type}, {"emitted_at", milliseconds(now)}};
  body[payload_key] = std::move(payload);
  return {{"type", "TRACE"}, {"trace", std::move(body)}};
}

}  // namespace

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::fatal:
      return "FATAL";
    case LogLevel::error:
      return "ERROR";
    case LogLevel::warn:
      return "WARN";
    case LogLevel::info:
      return "INFO";
    case LogLevel::debug:
      break;
  }
  return "DEBUG";
}

std::string_view to_string(StreamStatus status) {
  switch (status) {
    case StreamStatus::started:
      return "STARTED";
    case StreamStatus::running:
      return "RUNNING";
    case StreamStatus::complete:
      return "COMPLETE";
    case StreamStatus::incomplete:
      break;
  }
  return "INCOMPLETE";
}

Json log_message(LogLevel level, std::string_view text) {
  return {{"type", "LOG"}, {"log", {{"level", to_string(level)}, {"message", text}}}};
}

Json spec_message(Json connection_specification, std::string_view documentation_url) {
  Json spec = Json::object();
  if (!documentation_url.empty()) spec["documentationUrl"] = documentation_url;
  spec["connectionSpecification"] = std::move(connection_specification);
  return {{"type", "SPEC"}, {"spec", std::move(spec)}};
}

Json connection_status_message(bool succeeded, std::string_view text) {
  Json status{{"status", succeeded ? "SUCCEEDED" : "FAILED"}};
  if (!text.empty()) status["message"] = text;
  return {{"type", "CONNECTION_STATUS"}, {"connectionStatus", std::move(status)}};
}

Json catalog_message(Json streams) {
  Json catalog = Json::object();
  catalog["streams"] = std::move(streams);
  return {{"type", "CATALOG"}, {"catalog", std::move(catalog)}};
}

Json state_message(const StreamDescriptor& stream, Json stream_state, std::uint64_t record_count) {
  Json stream_part{{"stream_descriptor", descriptor(stream)}};
  stream_part["stream_state"] = std::move(stream_state);
  Json state{{"type", "STREAM"}};
  state["stream"] = std::move(stream_part);
  // A number with a decimal point: the protocol's type is number, and its Java and Python models hold a double.
  state["sourceStats"] = {{"recordCount", static_cast<double>(record_count)}};
  return {{"type", "STATE"}, {"state", std::move(state)}};
}

Json stream_status_message(const StreamDescriptor& stream, StreamStatus status, SystemTime now) {
  return trace("STREAM_STATUS", "stream_status",
               {{"stream_descriptor", descriptor(stream)}, {"status", to_string(status)}}, now);
}

Json rate_limited_message(const StreamDescriptor& stream, SystemTime quota_reset, SystemTime now) {
  Json message = stream_status_message(stream, StreamStatus::running, now);
  const Json reason{{"type", "RATE_LIMITED"}, {"rate_limited", {{"quota_reset", milliseconds(quota_reset)}}}};
  message["trace"]["stream_status"]["reasons"] = Json::array({reason});
  return message;
}

Json estimate_message(const StreamDescriptor& stream, std::uint64_t rows, SystemTime now) {
  Json estimate = descriptor(stream);
  estimate["type"] = "STREAM";
  estimate["row_estimate"] = rows;
  return trace("ESTIMATE", "estimate", std::move(estimate), now);
}

Json error_message(const ConnectorError& error, const std::optional<StreamDescriptor>& stream, SystemTime now) {
  Json body{{"message", error.what()}};
  if (!error.internal_message().empty()) body["internal_message"] = error.internal_message();
  body["failure_type"] = to_string(error.type());
  if (stream) body["stream_descriptor"] = descriptor(*stream);
  return trace("ERROR", "error", std::move(body), now);
}

Json connector_config_message(const Json& config, SystemTime now) {
  Json control{{"type", "CONNECTOR_CONFIG"}, {"emitted_at", milliseconds(now)}};
  control["connectorConfig"] = Json::object();
  control["connectorConfig"]["config"] = config;
  return {{"type", "CONTROL"}, {"control", std::move(control)}};
}

}  // namespace engagement::protocol
