#include "protocol/messages.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/protocol_schema.hpp"

using namespace engagement;
using namespace engagement::protocol;
using test::protocol_violation;

namespace {

constexpr SystemTime kEmittedAt{std::chrono::milliseconds{1'772'323'200'123}};
const StreamDescriptor kEventsStream{"events", std::nullopt};
const StreamDescriptor kSpaced{"events", "project"};

void check_legal(const Json& message) {
  const auto violation = protocol_violation(message.dump());
  INFO(violation.value_or(""));
  CHECK_FALSE(violation);
}

}  // namespace

TEST_CASE("a log message carries its level and text") {
  const Json message = log_message(LogLevel::warn, "a text");
  CHECK(message.dump() == R"({"type":"LOG","log":{"level":"WARN","message":"a text"}})");
  for (const auto level : {LogLevel::fatal, LogLevel::error, LogLevel::warn, LogLevel::info, LogLevel::debug}) {
    check_legal(log_message(level, ""));
  }
}

TEST_CASE("levels and statuses have the protocol's names") {
  CHECK(to_string(LogLevel::fatal) == "FATAL");
  CHECK(to_string(LogLevel::error) == "ERROR");
  CHECK(to_string(LogLevel::warn) == "WARN");
  CHECK(to_string(LogLevel::info) == "INFO");
  CHECK(to_string(LogLevel::debug) == "DEBUG");
  CHECK(to_string(StreamStatus::started) == "STARTED");
  CHECK(to_string(StreamStatus::running) == "RUNNING");
  CHECK(to_string(StreamStatus::complete) == "COMPLETE");
  CHECK(to_string(StreamStatus::incomplete) == "INCOMPLETE");
}

TEST_CASE("a spec message carries the specification with its keys in order, and the documentation's address") {
  const Json specification = Json::parse(R"({"type":"object","properties":{"b":{},"a":{}}})");
  const Json message = spec_message(specification, "https://example.com/docs");
  CHECK(message.dump() == R"({"type":"SPEC","spec":{"documentationUrl":"https://example.com/docs",)"
                          R"("connectionSpecification":{"type":"object","properties":{"b":{},"a":{}}}}})");
  check_legal(message);
  const Json bare = spec_message(specification, "");
  CHECK_FALSE(bare["spec"].contains("documentationUrl"));
  check_legal(bare);
}

TEST_CASE("a connection status says succeeded or failed and leaves an empty text out") {
  CHECK(connection_status_message(true, "").dump() ==
        R"({"type":"CONNECTION_STATUS","connectionStatus":{"status":"SUCCEEDED"}})");
  CHECK(connection_status_message(false, "why").dump() ==
        R"({"type":"CONNECTION_STATUS","connectionStatus":{"status":"FAILED","message":"why"}})");
  check_legal(connection_status_message(true, "fine"));
  check_legal(connection_status_message(false, ""));
}

TEST_CASE("a catalog message carries its streams, also when there is one or none") {
  const Json stream = Json::parse(R"({"name":"events","json_schema":{},"supported_sync_modes":["full_refresh"]})");
  const Json one = catalog_message(Json::array({stream}));
  CHECK(one["catalog"]["streams"].size() == 1);
  CHECK(one["catalog"]["streams"][0]["name"] == "events");
  check_legal(one);
  check_legal(catalog_message(Json::array()));
}

TEST_CASE("a state message is of type STREAM and counts records as a number with a decimal point") {
  const Json message = state_message(kEventsStream, {{"version", 1}}, 12);
  CHECK(message.dump() == R"({"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},)"
                          R"("stream_state":{"version":1}},"sourceStats":{"recordCount":12.0}}})");
  check_legal(message);
  CHECK(state_message(kEventsStream, {{"version", 1}}, 0).dump().find(R"("recordCount":0.0)") != std::string::npos);
  CHECK(
      state_message(kEventsStream, {{"version", 1}}, 123'456'789'012).dump().find(R"("recordCount":123456789012.0)") !=
      std::string::npos);
}

TEST_CASE("a namespace is written only where the catalog has one, be it empty") {
  CHECK_FALSE(
      state_message(kEventsStream, Json::object(), 1)["state"]["stream"]["stream_descriptor"].contains("namespace"));
  CHECK(state_message(kSpaced, Json::object(), 1)["state"]["stream"]["stream_descriptor"]["namespace"] == "project");
  CHECK(stream_status_message({"events", ""}, StreamStatus::started,
                              kEmittedAt)["trace"]["stream_status"]["stream_descriptor"]["namespace"] == "");
  CHECK(estimate_message(kSpaced, 1, kEmittedAt)["trace"]["estimate"]["namespace"] == "project");
  CHECK_FALSE(estimate_message(kEventsStream, 1, kEmittedAt)["trace"]["estimate"].contains("namespace"));
}

TEST_CASE("a stream status carries the stream, the status and the time in milliseconds") {
  CHECK(stream_status_message(kSpaced, StreamStatus::complete, kEmittedAt).dump() ==
        R"({"type":"TRACE","trace":{"type":"STREAM_STATUS","emitted_at":1772323200123,)"
        R"("stream_status":{"stream_descriptor":{"name":"events","namespace":"project"},"status":"COMPLETE"}}})");
  for (const auto status :
       {StreamStatus::started, StreamStatus::running, StreamStatus::complete, StreamStatus::incomplete}) {
    check_legal(stream_status_message(kEventsStream, status, kEmittedAt));
  }
}

TEST_CASE("a rate limit is a running status with the moment the quota comes back") {
  const Json message = rate_limited_message(kEventsStream, kEmittedAt + std::chrono::minutes{15}, kEmittedAt);
  CHECK(message["trace"]["emitted_at"] == 1'772'323'200'123);
  CHECK(message["trace"]["stream_status"].dump() ==
        R"({"stream_descriptor":{"name":"events"},"status":"RUNNING",)"
        R"("reasons":[{"type":"RATE_LIMITED","rate_limited":{"quota_reset":1772324100123}}]})");
  check_legal(message);
}

TEST_CASE("an estimate names the stream and its rows") {
  const Json message = estimate_message(kEventsStream, 400'000, kEmittedAt);
  CHECK(message["trace"]["type"] == "ESTIMATE");
  CHECK(message["trace"]["estimate"].dump() == R"({"name":"events","type":"STREAM","row_estimate":400000})");
  check_legal(message);
}

TEST_CASE("an error carries what the user and the log read, its type and its stream") {
  const Json message = error_message(config_error("Mend the passcode.", "status 401"), kSpaced, kEmittedAt);
  CHECK(message.dump() ==
        R"({"type":"TRACE","trace":{"type":"ERROR","emitted_at":1772323200123,"error":{"message":"Mend the passcode.",)"
        R"("internal_message":"status 401","failure_type":"config_error",)"
        R"("stream_descriptor":{"name":"events","namespace":"project"}}}})");
  check_legal(message);
}

TEST_CASE("an error of the whole command names no stream, and no internal message where there is none") {
  const Json transient = error_message(transient_error("Later."), std::nullopt, kEmittedAt);
  CHECK(transient["trace"]["error"].dump() == R"({"message":"Later.","failure_type":"transient_error"})");
  check_legal(transient);
  const Json system = error_message(system_error("Why?"), std::nullopt, kEmittedAt);
  CHECK(system["trace"]["error"]["failure_type"] == "system_error");
  check_legal(system);
}

TEST_CASE("a control message carries the whole config as it is") {
  const Json config = Json::parse(R"({"token":"secret","nested":{"b":1,"a":[null]}})");
  const Json message = connector_config_message(config, kEmittedAt);
  CHECK(message.dump() == R"({"type":"CONTROL","control":{"type":"CONNECTOR_CONFIG","emitted_at":1772323200123,)"
                          R"("connectorConfig":{"config":{"token":"secret","nested":{"b":1,"a":[null]}}}}})");
  check_legal(message);
  check_legal(connector_config_message(Json::object(), kEmittedAt));
}

TEST_CASE("the protocol's schema refuses what is no message") {
  const std::vector<std::string> illegal{
      R"(text)",
      R"([])",
      R"({})",
      R"({"type":"NOTE"})",
      R"({"type":"LOG"})",
      R"({"type":"LOG","log":{"level":"LOUD","message":"m"}})",
      R"({"type":"LOG","log":{"level":"INFO"}})",
      R"({"type":"RECORD","record":{"stream":"s","data":{"a":1},"emitted_at":"1"}})",
      R"({"type":"RECORD","record":{"stream":"s","data":{"a":1},"emitted_at":1.5}})",
      R"({"type":"RECORD","record":{"stream":"s","data":[1],"emitted_at":1}})",
      R"({"type":"RECORD","record":{"stream":"s","data":{},"emitted_at":1}})",
      R"({"type":"RECORD","record":{"data":{"a":1},"emitted_at":1}})",
      R"({"type":"RECORD","state":{}})",
      R"({"type":"RECORD","record":{"stream":"s","data":{"a":1},"emitted_at":1,"meta":{"changes":[{"field":"a"}]}}})",
      R"({"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"s"},"stream_state":{}}}})",
      R"({"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"s"},"stream_state":{}},)"
      R"("sourceStats":{"recordCount":1}}})",
      R"({"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"s"},"stream_state":{}},)"
      R"("sourceStats":{"recordCount":1.0},"id":7}})",
      R"({"type":"STATE","state":{"type":"STREAM","stream":{"stream_state":{}},"sourceStats":{"recordCount":1.0}}})",
      R"({"type":"STATE","state":{"type":"GLOBAL","global":{"stream_states":[]}}})",
      R"({"type":"STATE","state":{"type":"LEGACY","data":{}}})",
      R"({"type":"STATE","state":{"stream":{}}})",
      R"({"type":"TRACE","trace":{"type":"STREAM_STATUS","emitted_at":1,"stream_status":{"status":"RUNNING"}}})",
      R"({"type":"TRACE","trace":{"type":"STREAM_STATUS","emitted_at":1,"error":{"message":"m"}}})",
      R"({"type":"TRACE","trace":{"type":"ERROR","emitted_at":"now","error":{"message":"m"}}})",
      R"({"type":"TRACE","trace":{"type":"ERROR","error":{"message":"m"}}})",
      R"({"type":"TRACE","trace":{"type":"ERROR","emitted_at":1,"error":{"message":"m","failure_type":"mine"}}})",
      R"({"type":"TRACE","trace":{"type":"ESTIMATE","emitted_at":1,"estimate":{"name":"s","type":"ROWS"}}})",
      R"({"type":"CONTROL","control":{"type":"CONNECTOR_CONFIG","emitted_at":1,"connectorConfig":{}}})",
      R"({"type":"CONNECTION_STATUS","connectionStatus":{"status":"OK"}})",
      R"({"type":"CONNECTION_STATUS","connection_status":{"status":"SUCCEEDED"}})",
      R"({"type":"SPEC","spec":{}})",
      R"({"type":"CATALOG","catalog":{"streams":[{"name":"s","json_schema":{},"supported_sync_modes":[]}]}})",
      R"({"type":"CATALOG","catalog":{"streams":[{"name":"s","json_schema":{},"supported_sync_modes":["both"]}]}})",
      "{\"type\":\"LOG\",\"log\":{\"level\":\"INFO\",\"message\":\"a\xe2\x80\xa8 b\"}}",
      "{\"type\":\"LOG\",\"log\":{\"level\":\"INFO\",\"message\":\"a\xff\"}}",
      "{\"type\":\"LOG\",\n\"log\":{\"level\":\"INFO\",\"message\":\"a\"}}",
  };
  for (const auto& line : illegal) {
    CAPTURE(line);
    CHECK(protocol_violation(line));
  }
}

TEST_CASE("the protocol's schema accepts records and unknown members") {
  CHECK_FALSE(
      protocol_violation(R"({"type":"RECORD","record":{"stream":"s","data":{"a":[{}]},"emitted_at":1},"x":1})"));
  CHECK_FALSE(protocol_violation(
      R"({"type":"RECORD","record":{"stream":"s","namespace":"n","data":{"a":1},"emitted_at":1,"meta":)"
      R"({"changes":[{"field":"a","change":"NULLED","reason":"SOURCE_SERIALIZATION_ERROR"}]}}})"
      "\n"));
}

TEST_CASE("a text of several lines is legal only where each line is and the last one is finished") {
  const std::string line = log_message(LogLevel::info, "m").dump() + "\n";
  CHECK_FALSE(test::protocol_violation_in_lines(line + line));
  CHECK_FALSE(test::protocol_violation_in_lines(""));
  CHECK(test::protocol_violation_in_lines(line + log_message(LogLevel::info, "m").dump()));
  CHECK(test::protocol_violation_in_lines(line + "\n" + line));
}
