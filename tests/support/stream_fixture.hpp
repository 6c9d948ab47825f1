#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/stream_context.hpp"
#include "support/fake_clock.hpp"
#include "support/fixed_random.hpp"
#include "support/memory_sink.hpp"
#include "support/scripted_client.hpp"

namespace engagement::test {

// All that a stream is read with, none of it real.
struct StreamFixture {
  FakeClock clock;
  FixedRandom random;
  ScriptedClient client;
  MemorySink sink;
  Redactor redactor;
  protocol::Writer writer{sink, redactor};
  engine::Logger logger{writer, true};
  engine::Environment environment{client, clock, random, std::chrono::seconds(900), std::nullopt};
  std::stop_source stop;

  // What a message is, in a word: "STARTED", "RUNNING", "RATE_LIMITED", "RECORD", "STATE", "LOG", "ERROR" …
  static std::string kind_of(const protocol::Json& message) {
    const auto type = message.at("type").get<std::string>();
    if (type != "TRACE") return type;
    const auto& trace = message.at("trace");
    if (trace.at("type") != "STREAM_STATUS") return trace.at("type").get<std::string>();
    const auto& status = trace.at("stream_status");
    if (status.contains("reasons")) return status["reasons"][0]["type"].get<std::string>();
    return status.at("status").get<std::string>();
  }

  // The kinds of all messages but LOG, in order; of one stream where `stream` is given.
  std::vector<std::string> kinds(std::string_view stream = {}) const {
    std::vector<std::string> all;
    for (const auto& message : sink.messages()) {
      if (message["type"] == "LOG" || (!stream.empty() && stream_of(message) != stream)) continue;
      all.push_back(kind_of(message));
    }
    return all;
  }

  static std::string stream_of(const protocol::Json& message) {
    const auto type = message.at("type").get<std::string>();
    if (type == "RECORD") return message["record"]["stream"].get<std::string>();
    if (type == "STATE") return message["state"]["stream"]["stream_descriptor"]["name"].get<std::string>();
    if (type != "TRACE") return {};
    const auto& trace = message["trace"];
    const auto& body = trace[trace["type"] == "ERROR" ? "error" : "stream_status"];
    return body.contains("stream_descriptor") ? body["stream_descriptor"]["name"].get<std::string>() : std::string();
  }

  // The texts of the LOG messages of one level.
  std::vector<std::string> logs(std::string_view level) const {
    std::vector<std::string> texts;
    for (const auto& message : sink.messages("LOG")) {
      if (message["log"]["level"] == level) texts.push_back(message["log"]["message"].get<std::string>());
    }
    return texts;
  }

  std::vector<protocol::Json> states() const {
    std::vector<protocol::Json> all;
    for (const auto& message : sink.messages("STATE")) all.push_back(message["state"]["stream"]["stream_state"]);
    return all;
  }

  std::vector<double> record_counts() const {
    std::vector<double> all;
    for (const auto& message : sink.messages("STATE")) {
      all.push_back(message["state"]["sourceStats"]["recordCount"].get<double>());
    }
    return all;
  }

  // The `data` of every record.
  std::vector<protocol::Json> records() const {
    std::vector<protocol::Json> all;
    for (const auto& message : sink.messages("RECORD")) all.push_back(message["record"]["data"]);
    return all;
  }
};

inline protocol::ConfiguredStream configured(std::string name,
                                             protocol::SyncMode mode = protocol::SyncMode::full_refresh) {
  protocol::ConfiguredStream stream;
  stream.descriptor.name = std::move(name);
  stream.sync_mode = mode;
  return stream;
}

}  // namespace engagement::test
