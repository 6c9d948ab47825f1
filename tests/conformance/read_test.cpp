// Every stream of every source, read by the real binary from its simulator.

#include <cmath>
#include <functional>
#include <limits>

#include "conformance/subjects.hpp"
#include "core/time_text.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

struct StreamFacts {
  std::string name;
  std::vector<std::string> key;
  std::string cursor;  // empty: no incremental sync
  Json schema;
  bool resumable = false;

  bool incremental() const { return !cursor.empty(); }
};

std::vector<StreamFacts> facts_of(const Json& catalog) {
  std::vector<StreamFacts> facts;
  for (const auto& configured : catalog.at("streams")) {
    const Json& stream = configured.at("stream");
    facts.push_back({stream.at("name"),
                     {},
                     stream.value("default_cursor_field", Json::array({""})).at(0),
                     stream.at("json_schema"),
                     stream.value("is_resumable", false)});
    for (const auto& path : stream.at("source_defined_primary_key")) facts.back().key.push_back(path.at(0));
  }
  return facts;
}

void each_source(const std::function<void(Setup&)>& test) {
  for (const auto& source : tested_sources()) {
    INFO(source->name());
    Setup setup(source->name());
    test(setup);
  }
}

Output succeeded(Output output) {
  INFO(output.out.substr(0, 3000) << output.err);
  REQUIRE(output.exit_code == 0);
  CHECK(output.err == "");
  CHECK(MessageOrder::violation(output).value_or("") == "");
  return output;
}

bool is_date_time(const std::string& text) {
  const std::string shape = "0000-00-00T00:00:00";
  if (text.size() < shape.size() + 1 || text.back() != 'Z') return false;
  for (std::size_t at = 0; at < shape.size(); ++at) {
    if (shape[at] == '0' ? std::isdigit(static_cast<unsigned char>(text[at])) == 0 : text[at] != shape[at])
      return false;
  }
  return true;
}

// A moment as RFC 3339 text, or as milliseconds since 1970; any other text is no moment to compare.
bool is_at_least(const Json& cursor, const std::string& moment) {
  if (cursor.is_number()) return cursor.get<std::int64_t>() >= time_from_rfc3339(moment)->time_since_epoch().count();
  return !is_date_time(cursor) || cursor.get<std::string>() >= moment;
}

// A column has the one type that its schema says; the values of each record have to go into it.
void check_columns(const Json& schema, const Json& record) {
  for (const auto& [name, property] : schema.at("properties").items()) {
    if (!record.contains(name) || record[name].is_null()) continue;
    INFO(name << ": " << record[name]);
    if (property.value("format", "") == "date-time") CHECK(is_date_time(record[name]));
    const bool integers_alone = property.at("type") == "integer" || property.at("type") == Json{"null", "integer"};
    if (integers_alone) CHECK((record[name].is_number_integer() && !record[name].is_number_float()));
  }
}

}  // namespace

TEST_CASE("Every record fits its schema, has a key of its own, and none is missing") {
  each_source([](Setup& setup) {
    for (const char* mode : {"full_refresh", "incremental"}) {
      const Json catalog = setup.catalog(mode);
      const Output output = succeeded(setup.connector.read(setup.config, catalog));
      CHECK(protocol_violation_in_output(output.out).value_or("") == "");
      for (const auto& stream : facts_of(catalog)) {
        INFO(mode << " " << stream.name);
        const JsonSchema schema(stream.schema);
        for (const Json& record : output.data(stream.name)) {
          CHECK(schema.violation(record).value_or("") == "");
          check_columns(stream.schema, record);
          for (const auto& part : stream.key) {
            REQUIRE((record.at(part).is_string() || record.at(part).is_number_integer()));
            CHECK(record.at(part) != "");
          }
          if (stream.incremental()) CHECK(record.contains(stream.cursor));
        }
        const auto keys = output.values(stream.name, stream.key);
        CHECK(distinct(keys).size() == keys.size());
        CHECK(keys.size() == setup.subject.truth(setup.simulator, stream.name));
        CHECK(keys.size() > 0);
      }
    }
  });
}

TEST_CASE("The same record has the same key in every sync") {
  each_source([](Setup& setup) {
    const Json catalog = setup.catalog("full_refresh");
    const Output first = succeeded(setup.connector.read(setup.config, catalog));
    const Output second = succeeded(setup.connector.read(setup.config, catalog));
    for (const auto& stream : facts_of(catalog)) {
      if (setup.subject.momentary.contains(stream.name)) continue;
      CHECK(first.values(stream.name, stream.key) == second.values(stream.name, stream.key));
    }
  });
}

TEST_CASE("A sync resumed from any of its checkpoints completes the same set") {
  each_source([](Setup& setup) {
    setup.config["num_workers"] = 1;  // slices end in order, each with a checkpoint
    for (const char* mode : {"full_refresh", "incremental"}) {
      for (const auto& stream : facts_of(setup.catalog(mode))) {
        if (!stream.resumable) continue;
        const Json catalog = setup.connector.catalog(setup.config, mode, {stream.name});
        const Output whole = succeeded(setup.connector.read(setup.config, catalog));
        const auto wanted = distinct(whole.values(stream.name, stream.key));
        std::set<std::string> before;
        std::size_t checkpoints = 0;
        for (const auto line : whole.lines()) {
          if (line.starts_with(R"({"type":"RECORD")")) before.insert(Output::values_in(line, stream.key));
          if (!line.starts_with(R"({"type":"STATE")")) continue;
          const Json state = Json::parse(line).at("state");
          if (state.at("stream").at("stream_state").value("finished", false)) continue;
          INFO(mode << " " << stream.name << " from " << state.dump());
          ++checkpoints;
          const Output rest = succeeded(setup.connector.read(setup.config, catalog, Json::array({state})));
          auto all = before;
          all.merge(distinct(rest.values(stream.name, stream.key)));
          CHECK(all == wanted);
        }
        INFO(mode << " " << stream.name);
        if (!setup.subject.few_checkpoints.contains(stream.name)) CHECK(checkpoints >= 2);
      }
    }
  });
}

TEST_CASE("A full refresh goes on from an unfinished one, and from nothing else") {
  each_source([](Setup& setup) {
    setup.config["num_workers"] = 1;  // slices end in order, each with a checkpoint
    for (const auto& stream : facts_of(setup.catalog("full_refresh"))) {
      INFO(stream.name);
      if (!stream.resumable) continue;
      const Json catalog = setup.connector.catalog(setup.config, "full_refresh", {stream.name});
      const Json incremental = setup.connector.catalog(setup.config, "incremental", {stream.name});
      const Output whole = succeeded(setup.connector.read(setup.config, catalog));
      const auto states = whole.states(stream.name);
      if (states.size() < 2 && setup.subject.few_checkpoints.contains(stream.name)) continue;
      REQUIRE(states.size() >= 2);
      const Json unfinished = states.at(states.size() - 2);
      const Output resumed = succeeded(setup.connector.read(setup.config, catalog, Json::array({unfinished})));
      CHECK(resumed.records(stream.name) < whole.records(stream.name));
      const Output again = succeeded(setup.connector.read(setup.config, catalog, Json::array({states.back()})));
      CHECK(again.records(stream.name) == whole.records(stream.name));
      const Output other = succeeded(setup.connector.read(setup.config, incremental));
      const Output switched = succeeded(setup.connector.read(setup.config, catalog, last_states(other)));
      CHECK(switched.records(stream.name) == whole.records(stream.name));
    }
  });
}

TEST_CASE("A second incremental sync reads no further back than promised, and nothing that is new to the key") {
  each_source([](Setup& setup) {
    const Json catalog = setup.catalog("incremental");
    const Output first = succeeded(setup.connector.read(setup.config, catalog));
    const Output second = succeeded(setup.connector.read(setup.config, catalog, last_states(first)));
    for (const auto& stream : facts_of(catalog)) {
      INFO(stream.name);
      if (!stream.incremental()) continue;
      const auto known = distinct(first.values(stream.name, stream.key));
      CHECK_FALSE(second.states(stream.name).empty());
      CHECK(second.records(stream.name) <= first.records(stream.name));
      const bool whole = stream.cursor.empty() || setup.subject.reread_whole.contains(stream.name);
      if (!whole) CHECK(second.records(stream.name) < first.records(stream.name));
      const bool bounded = !stream.cursor.empty() && !setup.subject.older_than_reread.contains(stream.name);
      for (const Json& record : second.data(stream.name)) {
        if (bounded) CHECK(is_at_least(record.at(stream.cursor), setup.subject.reread_from));
      }
      for (const auto& key : second.values(stream.name, stream.key)) CHECK(known.contains(key));
    }
  });
}

TEST_CASE("A state far in the future brings no record and at least one state") {
  each_source([](Setup& setup) {
    const Json catalog = setup.catalog("incremental");
    Json states = Json::array();
    for (const auto& [stream, state] : setup.subject.future) {
      states.push_back(
          {{"type", "STREAM"}, {"stream", {{"stream_descriptor", {{"name", stream}}}, {"stream_state", state}}}});
    }
    const Output output = succeeded(setup.connector.read(setup.config, catalog, states));
    for (const auto& stream : facts_of(catalog)) {
      INFO(stream.name);
      if (!stream.incremental()) continue;
      REQUIRE(setup.subject.future.contains(stream.name));
      CHECK(output.records(stream.name) == 0);
      CHECK(output.states(stream.name).size() >= 1);
    }
  });
}

TEST_CASE("A 429 is waited out for as long as the server says") {
  each_source([](Setup& setup) {
    setup.config["num_workers"] = 1;
    for (const auto& stream : facts_of(setup.catalog("full_refresh"))) {
      INFO(stream.name);
      const Json catalog = setup.connector.catalog(setup.config, "full_refresh", {stream.name});
      const bool of_second = setup.is_of_second(stream.name);
      const SimulatorProcess& vendor = of_second ? *setup.second : setup.simulator;
      vendor.forget_requests();
      vendor.set_faults(of_second ? setup.subject.second->rate_limited : setup.subject.rate_limited);
      const Output output = succeeded(setup.connector.read(setup.config, catalog));
      CHECK(output.records(stream.name) == setup.subject.truth(setup.simulator, stream.name));
      REQUIRE(vendor.faults_committed() == 1);
      const auto requests = vendor.requests();
      bool seen = false;
      for (std::size_t at = 0; at + 1 < requests.size(); ++at) {
        if (requests[at].at("status") != 429) continue;
        seen = true;
        CHECK(requests[at + 1].at("arrived_ms").get<double>() - requests[at].at("arrived_ms").get<double>() >= 990);
        CHECK(requests[at + 1].at("query") == requests[at].at("query"));
      }
      CHECK(seen);
    }
  });
}

TEST_CASE("A read ends although new records keep arriving") {
  each_source([](Setup& setup) {
    setup.config.merge_patch(setup.subject.growing_config);
    setup.simulator.set_faults(setup.subject.growing);
    const auto& growing = setup.subject.growing_streams.empty() ? setup.subject.streams : setup.subject.growing_streams;
    const Json catalog = setup.connector.catalog(setup.config, "incremental", growing);
    const Output output = succeeded(setup.connector.read(setup.config, catalog));
    CHECK(setup.simulator.faults_committed() > 0);
    for (const auto& stream : facts_of(catalog)) {
      const auto keys = output.values(stream.name, stream.key);
      CHECK(distinct(keys).size() >= setup.subject.truth(setup.simulator, stream.name));
      CHECK_FALSE(output.states(stream.name).empty());
    }
  });
}

}  // namespace engagement::test
