#include "engine/source.hpp"

#include <algorithm>

#include "sources/kustomer/custom_schema.hpp"
#include "sources/kustomer/kustomer_fixture.hpp"
#include "sources/kustomer/search/fake_search.hpp"
#include "sources/kustomer/streams.hpp"
#include "support/catch.hpp"
#include "support/protocol_schema.hpp"

namespace engagement::kustomer {
namespace {

struct Source : SourceFixture {
  Source() {
    client.answer_with([this](const http::Request& r, const std::stop_token& s) { return vendor(r, s); });
    vendor.others["/v1/auth/tokens/current"] =
        R"({"data":{"type":"token","id":"t","attributes":{"roles":["org.permission.search.create","org.permission"]}}})";
  }
  std::vector<std::string> names(const Json& changes = Json::object()) {
    std::vector<std::string> all;
    for (const auto& description : discover(changes)) all.push_back(description.name);
    return all;
  }
  FakeSearch vendor;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

TEST_CASE("the nine streams of the tap come first, by the id and the cursor updated_at") {
  const auto streams = make_kustomer_source()->documented_streams();
  const std::vector<std::string> nine{"conversations", "customers", "kobjects", "messages", "notes",
                                      "shortcuts",     "tags",      "teams",    "users"};
  for (std::size_t at = 0; at < nine.size(); ++at) {
    CHECK(streams.at(at).name == nine[at]);
    CHECK(streams[at].primary_key == std::vector<std::vector<std::string>>{{"id"}});
    CHECK(streams[at].cursor == std::vector<std::string>{"updated_at"});
  }
}

TEST_CASE("discover lists what is off by default only where asked, and a stream for each klass") {
  Source f;
  const auto klass = [](const std::string& name) {
    return R"({"data":[{"type":"klass","id":"1","attributes":{"name":")" + name + R"("}}],"links":{"next":null}})";
  };
  f.vendor.others["/v1/klasses?status=enabled&pageSize=100"] = klass("ecomm-order");
  f.vendor.others["/v1/klasses?status=existing_only&pageSize=100"] = klass("claim");
  f.vendor.others["/v1/klasses?status=disabled&pageSize=100"] = R"({"data":[],"links":{"next":null}})";
  const auto usual = f.names();
  for (const char* name :
       {"conversation_times", "customer_merges", "conversation_events", "slas", "routing_settings"}) {
    CHECK_FALSE(contains(usual, name));
  }
  for (const char* name : {"companies", "audit_logs", "work_sessions", "kobjects_ecomm-order", "kobjects_claim"}) {
    CHECK(contains(usual, name));
  }
  const auto more = f.names({{"optional_streams", {"slas", "conversation_events", "tags", "no such stream"}}});
  CHECK(contains(more, "slas"));
  CHECK(contains(more, "conversation_events"));
  CHECK(more.size() == usual.size() + 2);
}

TEST_CASE("custom attributes are typed by their metadata, and a key that may not read it costs only that") {
  Source f;
  f.vendor.others["/v1/metadata/conversation"] =
      R"({"data":{"attributes":{"properties":{"orderNumberStr":{"type":"string"},"totalNum":{"type":"number"},"tagsTree":{"multi":true},"odd":{}}}}})";
  for (const auto& description : f.discover()) {
    if (description.name != "conversations") continue;
    const auto& custom = description.json_schema["properties"]["custom"]["properties"];
    CHECK(custom["order_number_str"]["type"] == Json{"null", "string", "number"});
    CHECK(custom["total_num"]["type"] == Json{"null", "number", "string"});
    CHECK(custom["tags_tree"]["type"] == Json{"null", "array"});
    CHECK(custom["odd"]["type"].size() == 6);
  }
  for (const auto& description : f.discover({{"record_layout", "json_api"}})) {
    if (description.name != "conversations") continue;
    CHECK(
        description.json_schema["properties"]["attributes"]["properties"]["custom"]["properties"].contains("totalNum"));
    CHECK(description.json_schema["properties"].contains("updated_at"));
    CHECK_FALSE(description.json_schema["properties"].contains("channels"));
  }
  Source g;
  g.client.answer_with([](const http::Request&, const std::stop_token&) {
    return test::answer(R"({"errors":[{"code":"forbidden"}]})", 403);
  });
  CHECK(g.names().size() == make_kustomer_source()->documented_streams().size() - 6);
  CHECK_FALSE(g.logs("WARN").empty());
}

TEST_CASE("discover fails with a key that is not accepted, and lists no less for it") {
  Source f;
  f.client.answer_with([](const http::Request&, const std::stop_token&) {
    return test::answer(R"({"errors":[{"status":401,"code":"unauthorized","title":"Expired token"}]})", 401);
  });
  CHECK(has(message_of([&] { f.names(); }), "config_error"));
}

TEST_CASE("the stream of a klass searches for its own context") {
  Source f;
  f.vendor.add("o", 3, time_of("2026-02-01T00:00:00Z"), std::chrono::hours(1));
  f.vendor.rows[1].klass = "ecomm-order";
  CHECK(f.read("kobjects_ecomm-order") == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"o1"});
  CHECK(f.vendor.queries[0]["queryContext"] == "kobject_ecomm-order");
  CHECK(f.vendor.queries[0]["and"][0].contains("kobject_updated_at"));
  CHECK(f.read("kobjects_") == engine::RunResult::failed);
}

TEST_CASE("conversation times are searched for by when they were spent") {
  Source f;
  CHECK(f.read("conversation_times", Json::object(), SyncMode::full_refresh) == engine::RunResult::complete);
  REQUIRE(f.vendor.queries.size() == 1);
  CHECK(f.vendor.queries[0]["sort"][0].contains("conversation_time_handle_at"));
}

TEST_CASE("deleted rows are asked for unless they are not wanted") {
  Source f;
  f.read("messages", Json::object(), SyncMode::incremental);
  f.read("messages", {{"include_deleted", false}}, SyncMode::incremental);
  REQUIRE(f.vendor.queries.size() == 2);
  CHECK(f.vendor.queries[0]["includeDeleted"] == true);
  CHECK_FALSE(f.vendor.queries[1].contains("includeDeleted"));
}

TEST_CASE("records keep their layout, and every message is legal") {
  Source f;
  f.vendor.add("a", 2, time_of("2026-02-01T00:00:00Z"), std::chrono::hours(1));
  CHECK(f.read("conversations") == engine::RunResult::complete);
  CHECK(f.records()[0].dump() == R"({"type":"x","id":"a0","updated_at":"2026-02-01T00:00:00.000Z"})");
  CHECK(test::protocol_violation_in_lines(f.sink.text()).value_or("") == "");
  Source g;
  g.vendor.rows = f.vendor.rows;
  CHECK(g.read("conversations", {{"record_layout", "json_api"}}) == engine::RunResult::complete);
  CHECK(
      g.records()[0].dump() ==
      R"({"updated_at":"2026-02-01T00:00:00.000Z","type":"x","id":"a0","attributes":{"updatedAt":"2026-02-01T00:00:00.000Z"}})");
}

TEST_CASE("check proves the key and a search, and says which roles are missing") {
  Source f;
  CHECK(f.check().remarks.empty());
  CHECK(f.vendor.queries.size() == 1);
  f.vendor.others["/v1/auth/tokens/current"] =
      R"({"data":{"attributes":{"roles":["org.permission.search.create","org.user.customer.read","org.permission.note"]}}})";
  std::string remarks;
  for (const auto& remark : f.check().remarks) remarks += remark + "\n";
  CHECK(has(remarks, "org.permission.message.read: messages"));
  CHECK_FALSE(has(remarks, "org.permission.customer.read"));
  CHECK_FALSE(has(remarks, "org.permission.note.read"));
  CHECK_FALSE(has(remarks, "may not search"));
}

TEST_CASE("check falls back to who the key is, and tells a search that is not allowed") {
  Source f;
  f.vendor.others.erase("/v1/auth/tokens/current");
  f.vendor.others["/v1/users/current"] = R"({"data":{"type":"user","id":"1"}})";
  CHECK(f.check().remarks.empty());
  f.client.answer_with([&](const http::Request& request, const std::stop_token& stop) {
    if (request.method == http::Method::post) return test::answer(R"({"errors":[{"code":"forbidden"}]})", 403);
    return f.vendor(request, stop);
  });
  REQUIRE(f.check().remarks.size() == 1);
  CHECK(has(f.check().remarks[0], "org.permission.search.create"));
}

TEST_CASE("check fails for a bad key, a wrong address and a start in the future") {
  Source f;
  CHECK(has(message_of([&] { f.check({{"start_date", "2027-01-01T00:00:00Z"}}); }), "Start Date"));
  f.vendor.others.clear();
  CHECK(has(message_of([&] { f.check(); }), "Region (region)"));
  f.client.answer_with([](const http::Request&, const std::stop_token&) {
    return test::answer(R"({"errors":[{"message":"Expired token"}]})", 401);
  });
  CHECK(has(message_of([&] { f.check(); }), "has expired"));
  f.environment.retry_limit = std::chrono::seconds(0);
  f.client.answer_with([](const http::Request&, const std::stop_token&) { return test::answer("", 502); });
  CHECK(has(message_of([&] { f.check(); }), "transient_error"));
}

TEST_CASE("check fails where the key is refused by the search alone, and remarks what the deadline left unchecked") {
  Source f;
  std::string body =
      R"({"errors":[{"message":"Auth token associated with pod prod2 but request is handled by prod1"}]})";
  int status = 401;
  f.client.answer_with([&](const http::Request& request, const std::stop_token& stop) {
    return request.method == http::Method::post ? test::answer(body, status) : f.vendor(request, stop);
  });
  CHECK(has(message_of([&] { f.check(); }), "config_error"));
  body = "{}";
  status = 500;
  f.environment.retry_limit = std::chrono::seconds(3);
  CHECK(has(message_of([&] { f.check(); }), "transient_error"));
  f.environment.retry_limit = std::chrono::minutes(15);
  f.environment.deadline = f.clock.steady_now() + std::chrono::seconds(60);
  REQUIRE(f.check().remarks.size() == 1);
  CHECK(has(f.check().remarks[0], "could not be checked"));
}

TEST_CASE("a 403 on what needs no role points to the key's addresses") {
  Source f;
  f.client.answer_with([](const http::Request&, const std::stop_token&) {
    return test::answer(R"({"errors":[{"code":"forbidden","message":"IP not allowed"}]})", 403);
  });
  const auto message = message_of([&] { f.check(); });
  CHECK(has(message, "config_error"));
  CHECK(has(message, "CIDR"));
}

TEST_CASE("roles are read in each of their forms") {
  Source f;
  f.vendor.others["/v1/auth/tokens/current"] =
      R"({"data":{"attributes":{"roles":["org.user","org.permission.search_global.create"]}}})";
  CHECK(f.check().remarks.empty());
}

TEST_CASE("the types of custom attributes follow their names and their metadata") {
  const auto type_of = [](const char* name, const Json& metadata) {
    return custom_attribute_schema(name, metadata)["type"];
  };
  CHECK(type_of("aNum", Json::object()) == Json{"null", "number", "string"});
  CHECK(type_of("aBool", Json::object()) == Json{"null", "boolean", "string"});
  for (const char* name : {"anAt", "aTree", "aStr", "aTxt", "aUrl", "anId"}) {
    CHECK(type_of(name, Json::object()) == Json{"null", "string", "number"});
  }
  CHECK(type_of("plain", Json{{"type", "text"}}) == Json{"null", "string", "number"});
  CHECK(type_of("plain", Json{{"type", "number"}}) == Json{"null", "number", "string"});
  CHECK(type_of("ordersId", Json{{"multi", true}}) == Json{"null", "array"});
  CHECK(type_of("odd", Json("text")).size() == 6);
}

}  // namespace
}  // namespace engagement::kustomer
