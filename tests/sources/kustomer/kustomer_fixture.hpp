#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/command_context.hpp"
#include "engine/runner.hpp"
#include "engine/source.hpp"
#include "json/padded_buffer.hpp"
#include "rest/page.hpp"
#include "sources/kustomer/config.hpp"
#include "sources/kustomer/organisation.hpp"
#include "support/has.hpp"
#include "support/stream_fixture.hpp"

namespace engagement {
std::unique_ptr<engine::Source> make_kustomer_source();  // as the generated list of sources declares it
}

namespace engagement::kustomer {

using protocol::Json;
using protocol::SyncMode;

inline Json config_json(const Json& changes = Json::object()) {
  Json json{{"api_token", "test-key-1234"}, {"start_date", "2026-01-01T00:00:00Z"}, {"searches_per_minute", 0}};
  json.update(changes);
  return json;
}

inline Config config_with(const Json& changes = Json::object()) { return read_config(config_json(changes)); }

// What a function's ConnectorError says; empty where it throws none.
template <typename Function>
std::string message_of(Function&& function) {
  try {
    function();
    return {};
  } catch (const ConnectorError& error) {
    return std::string(to_string(error.type())) + ": " + error.what();
  }
}

using test::has;

inline SystemTime time_of(std::string_view text) { return time_from_rfc3339(text).value(); }

// A page of the vendor's, read.
struct ReadPage {
  explicit ReadPage(const std::string& body, int status = 200) {
    page.response.status = status;
    page.response.body.append(body);
    page.response.body.pad();
    page.read(answer_shape());
  }
  rest::Page page;
};

// The source, read by the real engine.
struct SourceFixture : test::StreamFixture {
  std::vector<engine::StreamDescription> discover(const Json& changes = Json::object()) {
    engine::CommandContext context(environment, logger);
    return source->discover(config_json(changes), context, {});
  }

  engine::CheckReport check(const Json& changes = Json::object()) {
    engine::CommandContext context(environment, logger);
    return source->check(config_json(changes), context, {});
  }

  engine::RunResult read(const std::string& stream, const Json& changes = Json::object(),
                         SyncMode mode = SyncMode::full_refresh, const std::optional<Json>& state = std::nullopt,
                         const std::optional<engine::Backfill>& backfill = std::nullopt) {
    engine::CommandContext command(environment, logger);
    const Json config = config_json(changes);
    streams = source->streams(config, {stream}, command, {});
    catalog.streams = {test::configured(stream, mode)};
    for (const auto& one : streams) {
      if (one->description().name == stream) catalog.streams[0].json_schema = one->description().json_schema;
    }
    protocol::StateInput input;
    if (state) input.set({stream, std::nullopt}, *state);
    engine::Runner runner(environment, logger, writer, {source->workers(config), true, backfill});
    runner.add_streams(catalog, streams, input);
    return runner.run(stop.get_token());
  }

  // The errors of the TRACE messages.
  std::vector<Json> errors() const {
    std::vector<Json> all;
    for (const auto& message : sink.messages("TRACE")) {
      if (message["trace"]["type"] == "ERROR") all.push_back(message["trace"]["error"]);
    }
    return all;
  }

  std::vector<std::string> ids() const {
    std::vector<std::string> all;
    for (const auto& record : records()) all.push_back(record.at("id").get<std::string>());
    return all;
  }

  std::unique_ptr<engine::Source> source = make_kustomer_source();
  std::vector<std::unique_ptr<engine::Stream>> streams;
  protocol::ConfiguredCatalog catalog;
};

}  // namespace engagement::kustomer
