#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/command_context.hpp"
#include "engine/runner.hpp"
#include "sources/clevertap/clevertap_fixture.hpp"

namespace engagement::clevertap {

// The whole source against a vendor that is a function. Today is 2026-03-01, UTC; the start date 2026-02-01.
struct SyncFixture : test::StreamFixture {
  engine::RunResult read(const std::set<std::string>& names, const protocol::Json& changes,
                         protocol::SyncMode mode = protocol::SyncMode::full_refresh,
                         const std::optional<protocol::Json>& state = std::nullopt, std::size_t workers = 1,
                         const std::optional<engine::Backfill>& backfill = std::nullopt) {
    engine::CommandContext command(environment, logger);
    const auto streams = source->streams(config_json(changes), names, command, {});
    protocol::ConfiguredCatalog catalog;
    protocol::StateInput input;
    for (const auto& stream : streams) {
      const auto& name = stream->description().name;
      if (!names.contains(name)) continue;
      catalog.streams.push_back(test::configured(name, mode));
      catalog.streams.back().json_schema = stream->description().json_schema;
      if (state) input.set({name, std::nullopt}, *state);
    }
    engine::Runner runner(environment, logger, writer, {workers, true, backfill});
    runner.add_streams(catalog, streams, input);
    return runner.run(stop.get_token());
  }

  engine::CheckReport check(const protocol::Json& changes) {
    engine::CommandContext command(environment, logger);
    return source->check(config_json(changes), command, {});
  }

  std::vector<engine::StreamDescription> discover(const protocol::Json& changes = protocol::Json::object()) {
    engine::CommandContext command(environment, logger);
    return source->discover(config_json(changes), command, {});
  }

  // The failures of streams: type and message, by stream.
  std::map<std::string, std::string> failures() const {
    std::map<std::string, std::string> all;
    for (const auto& message : sink.messages("TRACE")) {
      if (message["trace"]["type"] != "ERROR") continue;
      const auto& error = message["trace"]["error"];
      all[stream_of(message)] = error["failure_type"].get<std::string>() + ": " + error["message"].get<std::string>();
    }
    return all;
  }

  // The bodies of all POST requests to a path.
  std::vector<protocol::Json> posted(const std::string& path) const {
    std::vector<protocol::Json> all;
    for (const auto& request : client.requests()) {
      if (request.method == http::Method::post && has(request.url, path)) {
        all.push_back(protocol::Json::parse(request.body));
      }
    }
    return all;
  }

  std::unique_ptr<engine::Source> source = make_clevertap_source();
};

// `queries` of a configuration with one query.
inline protocol::Json one_query(const std::string& kind, const std::string& text,
                                const protocol::Json& more = protocol::Json::object()) {
  protocol::Json query{{"name", "q"}, {"kind", kind}, {"query", text}};
  query.update(more);
  return {{"queries", protocol::Json::array({query})}};
}

}  // namespace engagement::clevertap
