#include "sources/clevertap/queries/query.hpp"

#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;

const std::vector<std::string> kBuiltIn = {"events", "profiles"};

Json entry(const std::string& name, const std::string& kind, const std::string& query,
           const Json& more = Json::object()) {
  Json json{{"name", name}, {"kind", kind}, {"query", query}};
  json.update(more);
  return json;
}

std::vector<Query> queries_of(Json entries) { return read_queries({{"queries", std::move(entries)}}, kBuiltIn); }

Query query_of(const Json& one) { return queries_of(Json::array({one})).at(0); }

TEST_CASE("a query is what its text says, in the order in which it says it") {
  const auto query = query_of(
      entry("big_orders", "event_count",
            R"({"event_name":"Charged","event_properties":[{"name":"Amount","operator":"greater_than","value":5}]})",
            {{"granularity", "range"}, {"context", R"({"owner":"Ana","batch":7})"}}));
  CHECK_FALSE(query.error);
  CHECK(query.name == "big_orders");
  CHECK(query.kind == QueryKind::event_count);
  CHECK(query.granularity == Granularity::range);
  CHECK(query.body.dump() ==
        R"({"event_name":"Charged","event_properties":[{"name":"Amount","operator":"greater_than","value":5}]})");
  CHECK(query.context.dump() == R"({"owner":"Ana","batch":7})");
  CHECK_FALSE(query.from);
  CHECK_FALSE(query.to);
}

TEST_CASE("a configuration without queries has none") {
  CHECK(read_queries(Json::object(), kBuiltIn).empty());
  CHECK(queries_of(Json::array()).empty());
}

TEST_CASE("without a granularity a query counts by day and without a context it carries an empty one") {
  const auto query = query_of(entry("q", "profile_count", R"({"event_name":"Charged"})"));
  CHECK(query.granularity == Granularity::day);
  CHECK(query.context == Json::object());
}

TEST_CASE("an outer period leaves the body in every spelling of a day") {
  for (const char* text : {R"({"event_name":"A","from":20260105,"to":20260131})",
                           R"({"event_name":"A","from":"20260105","to":"20260131"})",
                           R"({"event_name":"A","from":"2026-01-05","to":"2026-01-31"})"}) {
    const auto query = query_of(entry("q", "event_count", text));
    INFO(text);
    CHECK_FALSE(query.error);
    CHECK(query.body.dump() == R"({"event_name":"A"})");
    CHECK(query.from == day(20260105));
    CHECK(query.to == day(20260131));
  }
}

TEST_CASE("a period within an advanced query is the user's own and stays") {
  const std::string text =
      R"({"event_name":"A","advanced_query":{"did_all":[{"event_name":"B","from":20260101,"to":20260102}]}})";
  const auto query = query_of(entry("q", "event_count", text));
  CHECK(query.body.dump() == text);
  CHECK_FALSE(query.from);
}

TEST_CASE("a period that the body names narrows the one that the query has") {
  Query query;
  query.from = day(20260110);
  query.to = day(20260120);
  query.body = {{"from", 20260105}, {"to", 20260115}};
  CHECK_FALSE(take_period(query));
  CHECK(query.from == day(20260110));
  CHECK(query.to == day(20260115));
}

TEST_CASE("a day that is none and a period that ends before it begins are the query's error") {
  CHECK(has(query_of(entry("q", "event_count", R"({"from":20260231})")).error.value(), "\"from\" is 20260231, no day"));
  CHECK(has(query_of(entry("q", "event_count", R"({"to":true})")).error.value(), "\"to\" is true, no day"));
  CHECK(has(query_of(entry("q", "event_count", R"({"from":20260202,"to":20260201})")).error.value(),
            "\"from\", 2026-02-02, lies after \"to\", 2026-02-01"));
}

TEST_CASE("JSON that does not parse is named with line and column and costs its own query alone") {
  const auto queries = queries_of({entry("bad", "event_count", "{\n  \"event_name\": Charged}"),
                                   entry("worse", "event_count", "{}", {{"context", "[1]"}}),
                                   entry("good", "event_count", R"({"event_name":"Charged"})")});
  REQUIRE(queries.size() == 3);
  CHECK(has(queries[0].error.value(), "query of \"bad\" is not valid JSON: line 2, column 17"));
  CHECK(has(queries[1].error.value(), "context of \"worse\" is an array"));
  CHECK_FALSE(queries[2].error);
}

TEST_CASE("a name that is no stream's name, comes twice or is a built-in stream's is a config error") {
  const auto message = [](Json entries) { return message_of([&] { queries_of(std::move(entries)); }); };
  CHECK(has(message(Json::array({entry("a b", "event_count", "{}")})),
            "config_error: Queries (queries), entry 1: \"a b\" is no"));
  CHECK(
      has(message({entry("q", "event_count", "{}"), entry("q", "trends", "{}")}), "entry 2: there is a stream \"q\""));
  CHECK(has(message(Json::array({entry("events", "event_count", "{}")})), "there is a stream \"events\""));
}

TEST_CASE("an export of events needs an event and one of profiles does not") {
  CHECK(has(query_of(entry("q", "events", "{}")).error.value(), "\"event_name\" is missing"));
  CHECK_FALSE(query_of(entry("q", "profiles", "{}")).error);
}

TEST_CASE("top values and trends need groups whose labels the answer does not use itself") {
  for (const char* kind : {"trends", "top_property_values"}) {
    CHECK(has(query_of(entry("q", kind, R"({"event_name":"A"})")).error.value(), "\"groups\" is missing"));
    CHECK(has(query_of(entry("q", kind, R"({"groups":{"count":{}}})")).error.value(), "\"count\" is called like"));
    CHECK(has(query_of(entry("q", kind, R"({"groups":{"mine":7}})")).error.value(), "\"mine\" is 7, not an object"));
    CHECK_FALSE(query_of(entry("q", kind, R"({"groups":{"mine":{"trend_type":"daily"}}})")).error);
  }
}

TEST_CASE("a query's hash forgets the order of members and nothing of what is counted") {
  const auto hash = [](const std::string& kind, const std::string& text) {
    return query_hash(query_of(entry("q", kind, text)));
  };
  const auto one = hash("event_count", R"({"event_name":"A","x":[1,2]})");
  CHECK(one.size() == 32);
  CHECK(one == hash("event_count", R"({ "x": [1, 2], "event_name": "A", "from": 20260101 })"));
  CHECK(one != hash("event_count", R"({"event_name":"A","x":[2,1]})"));
  CHECK(one != hash("profile_count", R"({"event_name":"A","x":[1,2]})"));
}

TEST_CASE("every kind is read as it is written") {
  CHECK(query_kind_names().size() == 6);
  for (const auto& name : query_kind_names()) CHECK(to_string(query_kind_from(name).value()) == name);
  CHECK_FALSE(query_kind_from("event"));
  CHECK(granularity_from("day") == Granularity::day);
  CHECK(granularity_from("range") == Granularity::range);
  CHECK_FALSE(granularity_from("week"));
}

TEST_CASE("a trend has as many groups as CleverTap answers at a time") {
  const auto text = [](int groups) {
    Json body{{"event_name", "A"}, {"groups", Json::object()}};
    for (int group = 0; group < groups; ++group) body["groups"]["g" + std::to_string(group)] = Json::object();
    return body.dump();
  };
  CHECK_FALSE(query_of(entry("q", "trends", text(5))).error);
  CHECK(has(query_of(entry("q", "trends", text(6))).error.value(), "it has 6 groups, and CleverTap answers 5"));
}

TEST_CASE("queries that differ in a number's last digits alone are two") {
  const auto hash = [](const std::string& number) {
    return query_hash(query_of(entry("q", "event_count", R"({"event_name":"A","x":)" + number + "}")));
  };
  CHECK(hash("12345678901234567890123") != hash("12345678901234567890124"));
}

}  // namespace
}  // namespace engagement::clevertap
