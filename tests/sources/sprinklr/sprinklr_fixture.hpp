#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/command_context.hpp"
#include "engine/runner.hpp"
#include "engine/source.hpp"
#include "json/padded_buffer.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"
#include "support/has.hpp"
#include "support/stream_fixture.hpp"

namespace engagement {
std::unique_ptr<engine::Source> make_sprinklr_source();  // as the generated list of sources declares it
}

namespace engagement::sprinklr {

using protocol::Json;

inline Json credentials_json() {
  return {{"auth_type", "refresh_token"},   {"client_id", "the-key"},
          {"client_secret", "the+secret"},  {"redirect_uri", "https://localhost/callback?a=b"},
          {"refresh_token", "refresh+1/="}, {"access_token", "access-1"}};
}

inline Json payload_json() {
  return {{"reportingEngine", "PLATFORM"},
          {"report", "POST_INSIGHTS"},
          {"startTime", 1},
          {"endTime", "2"},
          {"page", 7},
          {"pageSize", 20},
          {"filters", {{{"dimensionName", "ACCOUNT_ID"}, {"filterType", "IN"}, {"values", {999998, "-1"}}}}},
          {"groupBys",
           {{{"heading", "POST_ID_0"}, {"dimensionName", "POST_ID"}, {"groupType", "FIELD"}, {"details", nullptr}},
            {{"heading", "DATE_1"},
             {"dimensionName", "SN_CREATED_TIME"},
             {"groupType", "DATE_HISTOGRAM"},
             {"details", {{"isDateTypeDimension", true}, {"interval", "1h"}}}}}},
          {"projections", {{{"heading", "M_LIKES_0"}, {"measurementName", "LIKES"}, {"aggregateFunction", "SUM"}}}},
          {"additional", {{"TABULAR", "true"}, {"unknown", {1, nullptr}}}}};
}

inline Json report_json(const Json& payload = payload_json(), const Json& changes = Json::object()) {
  Json report{{"name", "insights"}, {"payload", payload.dump()}};
  report.update(changes);
  return report;
}

inline Json config_json(const Json& changes = Json::object()) {
  Json json{{"credentials", credentials_json()}, {"start_date", "2026-02-20"}};
  json.update(changes);
  return json;
}

inline Config config_with(const Json& changes = Json::object()) { return read_config(config_json(changes)); }
inline ReportDefinition report_with(const Json& payload = payload_json(), const Json& changes = Json::object()) {
  return read_report(report_json(payload, changes));
}

inline SystemTime moment(const std::string& text) { return time_from_rfc3339(text).value(); }
inline Day day(const std::string& text) { return day_from_text(text).value(); }
inline TimeZone zone(const std::string& name) { return TimeZone::find(name).value(); }

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

// Keeps what is handed over, and how many requests had been sent by then.
class RecordedUpdates final : public engine::ConfigUpdates {
 public:
  explicit RecordedUpdates(const test::ScriptedClient& client) : client_(client) {}

  void replace(const Json& config) override {
    configs.push_back(config);
    requests_before.push_back(client_.requests().size());
  }
  void prepare() override {
    if (cannot_replace) throw config_error("The file cannot be replaced.");
  }
  void add_secret(std::string_view secret) override { secrets.emplace_back(secret); }

  bool cannot_replace = false;
  std::vector<Json> configs;
  std::vector<std::size_t> requests_before;
  std::vector<std::string> secrets;

 private:
  const test::ScriptedClient& client_;
};

struct SprinklrFixture : test::StreamFixture {
  SprinklrFixture() { environment.config_updates = &updates; }

  // Reads streams as the engine does, with these changes to the configuration.
  engine::RunResult read(const std::string& name, const Json& changes, std::optional<Json> state = std::nullopt,
                         protocol::SyncMode mode = protocol::SyncMode::incremental) {
    const Json config = config_json(changes);
    const auto source = make_sprinklr_source();
    engine::CommandContext command(environment, logger);
    const auto streams = source->streams(config, {name}, command, stop.get_token());
    protocol::ConfiguredCatalog catalog{{test::configured(name, mode)}};
    protocol::StateInput input;
    if (state) {
      input = protocol::parse_state(
          Json{{{"type", "STREAM"}, {"stream", {{"stream_descriptor", {{"name", name}}}, {"stream_state", *state}}}}}
              .dump());
    }
    engine::RunOptions options;
    options.backfill = backfill;
    engine::Runner runner(environment, logger, writer, options);
    runner.add_streams(catalog, streams, input);
    return runner.run(stop.get_token());
  }

  // The bodies of all requests but those for tokens, as JSON; a GET's is null.
  std::vector<Json> bodies() const {
    std::vector<Json> all;
    for (const auto& request : client.requests()) {
      if (!has(request.url, "/oauth/")) all.push_back(Json::parse(request.body, nullptr, false));
    }
    return all;
  }

  std::string errors() const {
    std::string text;
    for (const auto& message : sink.messages("TRACE")) {
      if (message["trace"]["type"] == "ERROR") text += message["trace"]["error"]["message"].get<std::string>() + "\n";
    }
    return text;
  }

  RecordedUpdates updates{client};
  std::optional<engine::Backfill> backfill;
};

}  // namespace engagement::sprinklr
