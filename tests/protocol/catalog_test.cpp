#include "protocol/catalog.hpp"

#include "support/catch.hpp"

using namespace engagement;
using namespace engagement::protocol;

namespace {

std::string error_of(const std::string& text) {
  try {
    (void)parse_configured_catalog(text);
  } catch (const ConnectorError& error) {
    CHECK(error.type() == FailureType::config);
    return error.what();
  }
  return "no error";
}

void check_names(const std::string& catalog, const std::string& place) {
  const std::string error = error_of(catalog);
  CAPTURE(catalog, error);
  CHECK(error.find(" " + place + " ") != std::string::npos);
  CHECK(error.find("--catalog") != std::string::npos);
}

}  // namespace

TEST_CASE("a whole configured catalog is read, and what is unknown is ignored") {
  const auto catalog = parse_configured_catalog(R"({"streams":[
    {"stream":{"name":"events","namespace":"project","json_schema":{"type":"object","properties":{"b":{},"a":{}}},
               "supported_sync_modes":["full_refresh","incremental"],"is_resumable":true,"new":{}},
     "sync_mode":"incremental","destination_sync_mode":"append_dedup","cursor_field":["event_time"],
     "primary_key":[["event_id"],["a","b"]],"generation_id":3,"minimum_generation_id":0,"sync_id":7,
     "include_files":false,"unknown":[1]},
    {"stream":{"name":"profiles","json_schema":{}},"sync_mode":"full_refresh","destination_sync_mode":"overwrite"}
  ],"also_unknown":1})");
  REQUIRE(catalog.streams.size() == 2);
  const auto& events = catalog.streams[0];
  CHECK(events.descriptor.name == "events");
  CHECK(events.descriptor.name_space == "project");
  CHECK(events.sync_mode == SyncMode::incremental);
  CHECK(events.destination_sync_mode == "append_dedup");
  CHECK(events.cursor_field == std::vector<std::string>{"event_time"});
  CHECK(events.primary_key == std::vector<std::vector<std::string>>{{"event_id"}, {"a", "b"}});
  CHECK(events.json_schema.dump() == R"({"type":"object","properties":{"b":{},"a":{}}})");
  CHECK(catalog.streams[1].descriptor.name == "profiles");
  CHECK(catalog.streams[1].descriptor.name_space == std::nullopt);
  CHECK(catalog.streams[1].sync_mode == SyncMode::full_refresh);
  CHECK(catalog.streams[1].destination_sync_mode == "overwrite");
}

TEST_CASE("null members are as if absent") {
  const auto catalog = parse_configured_catalog(R"({"streams":[null,
    {"stream":{"name":"events","namespace":null,"json_schema":null,"supported_sync_modes":null,"is_resumable":null},
     "sync_mode":null,"destination_sync_mode":null,"cursor_field":null,"primary_key":null,"generation_id":null},
    {"stream":{"name":"profiles"},"cursor_field":[null],"primary_key":[null,["id"]]},
    null]})");
  REQUIRE(catalog.streams.size() == 2);
  for (const auto& stream : catalog.streams) {
    CHECK(stream.descriptor.name_space == std::nullopt);
    CHECK(stream.sync_mode == SyncMode::full_refresh);
    CHECK(stream.destination_sync_mode == "append");
    CHECK(stream.cursor_field.empty());
    CHECK(stream.json_schema == Json::object());
  }
  CHECK(catalog.streams[0].primary_key.empty());
  CHECK(catalog.streams[1].primary_key == std::vector<std::vector<std::string>>{{"id"}});
}

TEST_CASE("an empty namespace is kept as the catalog has it") {
  const auto catalog = parse_configured_catalog(R"({"streams":[{"stream":{"name":"events","namespace":""}}]})");
  CHECK(catalog.streams.at(0).descriptor.name_space == "");
}

TEST_CASE("paths written as one text are paths of one part") {
  const auto catalog = parse_configured_catalog(
      R"({"streams":[{"stream":{"name":"events"},"cursor_field":"time","primary_key":["id"]}]})");
  CHECK(catalog.streams.at(0).cursor_field == std::vector<std::string>{"time"});
  CHECK(catalog.streams.at(0).primary_key == std::vector<std::vector<std::string>>{{"id"}});
}

TEST_CASE("a catalog of no streams is a catalog") {
  CHECK(parse_configured_catalog(R"({"streams":[]})").streams.empty());
}

TEST_CASE("what is not JSON is refused with line and column") {
  CHECK(error_of("{\n  \"streams\": [}\n").find("line 2, column 15") != std::string::npos);
  CHECK(error_of("").find("line 1, column 1") != std::string::npos);
}

TEST_CASE("nesting without end is refused and not followed") {
  CHECK(error_of(std::string(200'000, '[')).find("500 levels") != std::string::npos);
}

TEST_CASE("what cannot be understood is refused by its place") {
  check_names("[]", "it");
  check_names("null", "it");
  check_names("{}", "streams");
  check_names(R"({"type":"CATALOG","catalog":{"streams":[]}})", "what `discover`");
  check_names(R"({"streams":null})", "streams");
  check_names(R"({"streams":{}})", "streams");
  check_names(R"({"streams":[{"stream":{"name":"a"}},"b"]})", "streams[1]");
  check_names(R"({"streams":[{}]})", "streams[0].stream");
  check_names(R"({"streams":[{"stream":null}]})", "streams[0].stream");
  check_names(R"({"streams":[{"stream":"events"}]})", "streams[0].stream");
  check_names(R"({"streams":[{"stream":{"name":"a"}},null,{"stream":{"json_schema":{}}}]})", "streams[2].stream.name");
  check_names(R"({"streams":[{"stream":{"name":null}}]})", "streams[0].stream.name");
  check_names(R"({"streams":[{"stream":{"name":7}}]})", "streams[0].stream.name");
  check_names(R"({"streams":[{"stream":{"name":""}}]})", "streams[0].stream.name");
  check_names(R"({"streams":[{"stream":{"name":"a","namespace":7}}]})", "streams[0].stream.namespace");
  check_names(R"({"streams":[{"stream":{"name":"a","json_schema":[]}}]})", "streams[0].stream.json_schema");
  check_names(R"({"streams":[{"stream":{"name":"a"},"sync_mode":7}]})", "streams[0].sync_mode");
  check_names(R"({"streams":[{"stream":{"name":"a"},"destination_sync_mode":7}]})", "streams[0].destination_sync_mode");
  check_names(R"({"streams":[{"stream":{"name":"a"},"cursor_field":7}]})", "streams[0].cursor_field");
  check_names(R"({"streams":[{"stream":{"name":"a"},"cursor_field":["b",7]}]})", "streams[0].cursor_field[1]");
  check_names(R"({"streams":[{"stream":{"name":"a"},"primary_key":7}]})", "streams[0].primary_key");
  check_names(R"({"streams":[{"stream":{"name":"a"},"primary_key":[["b"],[7]]}]})", "streams[0].primary_key[1][0]");
}

TEST_CASE("a sync mode that is neither of the two is refused with what it may be") {
  const std::string error = error_of(R"({"streams":[{"stream":{"name":"a"},"sync_mode":"INVALID"}]})");
  CHECK(error.find(R"(streams[0].sync_mode is "INVALID", but has to be "full_refresh" or "incremental")") !=
        std::string::npos);
  CHECK(error_of(R"({"streams":[{"stream":{"name":"a"},"sync_mode":"Incremental"}]})")
            .find(R"(did you mean "incremental"?)") != std::string::npos);
}

TEST_CASE("a name twice is refused, in different namespaces it is two streams") {
  check_names(R"({"streams":[{"stream":{"name":"a"}},{"stream":{"name":"a"}}]})", "streams[1].stream.name");
  check_names(R"({"streams":[{"stream":{"name":"a","namespace":""}},{"stream":{"name":"a","namespace":null}}]})",
              "streams[1].stream.name");
  CHECK(parse_configured_catalog(
            R"({"streams":[{"stream":{"name":"a","namespace":"x"}},{"stream":{"name":"a","namespace":"y"}}]})")
            .streams.size() == 2);
}

TEST_CASE("sync modes have the protocol's names") {
  CHECK(to_string(SyncMode::full_refresh) == "full_refresh");
  CHECK(to_string(SyncMode::incremental) == "incremental");
}
