#include "sources/kustomer/records/flat_record.hpp"

#include "sources/kustomer/kustomer_fixture.hpp"
#include "sources/kustomer/records/record_layout.hpp"
#include "support/catch.hpp"

namespace engagement::kustomer {
namespace {

// The texts that a maker makes of rows; empty where it drops one.
struct Made {
  explicit Made(std::unique_ptr<rest::RecordMaker> record_maker) : maker(std::move(record_maker)) {}

  std::string operator()(const std::string& row) {
    const ReadPage read(R"({"data":[)" + row + "]}");
    REQUIRE(read.page.malformed() == "");
    std::string out = "before";
    const bool made = maker->append(read.page.records().at(0), out);
    CHECK(out.starts_with("before"));
    return made ? out.substr(6) : std::string();
  }

  std::unique_ptr<rest::RecordMaker> maker;
};

Made flat(engine::DriftReport* drift = nullptr) { return Made(std::make_unique<FlatRecords>(drift)); }

TEST_CASE("a conversation becomes what the tap's transform makes of it") {
  auto made = flat();
  const char* const kRow =
      R"({"type":"conversation","id":"5c0a","attributes":{"name":"Where is it?","channels":["email"],"assignedTeams":["t1"],)"
      R"("createdAt":"2019-11-25T15:19:24.000Z","updatedAt":"2019-11-25T15:19:25.038Z","sla":{"version":4,)"
      R"("metrics":{"firstResponse":{"satisfiedAt":"2019-11-25T15:19:25.038Z"}},"breached":false},)"
      R"("custom":{"shopifyOrderStr":"#1","orderNumberId":"x"},"messageCountByChannel":{"twitter-dm":2,"eMail":[{"aB":1},[{"cD":2}]]}},)"
      R"("relationships":{"messages":{"links":{"self":"/v1/conversations/5c0a/messages"}},)"
      R"("org":{"data":{"type":"org","id":"o1"},"links":{"self":"/v1/orgs/o1"}},"createdBy":{"data":{"type":"user","id":"u1"}},)"
      R"("sla":{"data":{"type":"sla","id":"s1"}},"slaVersion":{"data":{"type":"sla_version","id":"sv1"}},)"
      R"("tags":{"data":[{"type":"tag","tagId":"t"}]},"shopify-orders":{"links":{"self":"/x"},"meta":{"kobject":true}}},)"
      R"("links":{"self":"/v1/conversations/5c0a"}})";
  CHECK(
      made(kRow) ==
      R"({"type":"conversation","id":"5c0a","name":"Where is it?","channels":["email"],"assigned_teams":["t1"],)"
      R"("created_at":"2019-11-25T15:19:24.000Z","updated_at":"2019-11-25T15:19:25.038Z","sla":{"version":4,)"
      R"("metrics":{"first_response":{"satisfied_at":"2019-11-25T15:19:25.038Z"}},"breached":false},)"
      R"("custom":{"shopify_order_str":"#1","order_number_id":"x"},"message_count_by_channel":{"twitter-dm":2,"e_mail":[{"a_b":1},[{"c_d":2}]]},)"
      R"("org":{"type":"org","id":"o1"},"created_by":{"type":"user","id":"u1"},"sla_data":{"type":"sla","id":"s1"},)"
      R"("sla_version":{"type":"sla_version","id":"sv1"},"tags":[{"type":"tag","tag_id":"t"}],"links":{"self":"/v1/conversations/5c0a"}})");
}

TEST_CASE("values stay byte for byte: numbers beyond any type, escapes, empty and nested structures") {
  auto made = flat();
  CHECK(made(R"({"id":"1","attributes":{"big":12345678901234567890123,"exp":1e999,"text":"\u00e9\/\n","none":null,)"
             R"("yes":true,"empty":{},"list":[],"deep":[[[]],{"a":{}}]}})") ==
        R"({"id":"1","big":12345678901234567890123,"exp":1e999,"text":"\u00e9\/\n","none":null,)"
        R"("yes":true,"empty":{},"list":[],"deep":[[[]],{"a":{}}]})");
}

TEST_CASE("where the tap crashes the record stays") {
  auto made = flat();
  CHECK(made(R"({"id":"1","attributes":{"a":1}})") == R"({"id":"1","a":1})");
  CHECK(made(R"({"id":"1","attributes":{},"relationships":{"org":{"data":null},"x":null,"y":{}}})") ==
        R"({"id":"1","org":null})");
  CHECK(made(R"({"id":"1","relationships":null})") == R"({"id":"1"})");
  CHECK(made(R"({"id":"1","attributes":null})") == R"({"id":"1"})");
  CHECK(made(R"({"id":"1"})") == R"({"id":"1"})");
  CHECK(made(R"({})").empty());
}

TEST_CASE("attributes take the place of the row's members and relationships that of both") {
  auto made = flat();
  CHECK(
      made(
          R"({"type":"t","id":"1","attributes":{"id":"2","org":"name"},"relationships":{"org":{"data":{"id":"o"}}}})") ==
      R"({"type":"t","id":"2","org":{"id":"o"}})");
  CHECK(
      made(
          R"({"relationships":{"org":{"data":{"id":"o"}}},"attributes":{"id":"2","org":"name"},"type":"t","id":"1"})") ==
      R"({"org":{"id":"o"},"id":"2","type":"t"})");
}

TEST_CASE("attributes called attributes or relationships are gone, as after the tap's denesting") {
  auto made = flat();
  CHECK(made(R"({"id":"1","attributes":{"attributes":{"x":1},"a":1}})") == R"({"id":"1","a":1})");
  CHECK(made(R"({"id":"1","attributes":{"relationships":{"r":{"data":1}}},"relationships":{"s":{"data":2}}})") ==
        R"({"id":"1","r":1})");
}

TEST_CASE("of keys that become the same the later wins, at every depth, and drift is told") {
  engine::DriftReport drift(Json{{"type", "object"}});
  auto made = flat(&drift);
  CHECK(made(R"({"id":"1","attributes":{"fooBar":1,"x":0,"foo_bar":2,"y":3}})") ==
        R"({"id":"1","x":0,"foo_bar":2,"y":3})");
  CHECK(made(R"({"id":"1","attributes":{"custom":{"aB":{"cD":1,"c_d":2},"z":1,"a_b":[1],"AB":0,"ab":4}}})") ==
        R"({"id":"1","custom":{"z":1,"a_b":[1],"ab":4}})");
  CHECK(made(R"({"id":"1","attributes":{"a":1,"a":2,"a":3}})") == R"({"id":"1","a":3})");
  CHECK(
      made(R"({"relationships":{"fooBar":{"data":1},"foo_bar":{"links":{}},"sla":{"data":1},"slaData":{"data":2}}})") ==
      R"({"sla_data":2})");
  const auto sentences = drift.sentences();
  REQUIRE(sentences.size() >= 4);
  bool told = false;
  for (const auto& sentence : sentences) told = told || has(sentence, "foo_bar");
  CHECK(told);
}

TEST_CASE("keys that become the same are found deeper than any stamp reaches") {
  auto made = flat();
  std::string row = R"({"aB":1,"b":2,"a_b":3})";
  std::string wanted = R"({"b":2,"a_b":3})";
  for (int depth = 0; depth < 20; ++depth) {
    row = R"({"deepIn":)" + row + "}";
    wanted = R"({"deep_in":)" + wanted + "}";
  }
  CHECK(made(R"({"id":"1","attributes":{"tree":)" + row + "}}") == R"({"id":"1","tree":)" + wanted + "}");
}

TEST_CASE("an object inside does not make its parent forget its keys") {
  auto made = flat();
  CHECK(made(R"({"attributes":{"m":{"aB":{"aB":1,"c":{"aB":5}},"a_b":2},"n":[{"aB":1},{"aB":2}]}})") ==
        R"({"m":{"a_b":2},"n":[{"a_b":1},{"a_b":2}]})");
}

TEST_CASE("the JSON:API layout is the row as sent behind a copy of its time of change") {
  Made made(std::make_unique<JsonApiRecords>("updated_at", "attributes.updatedAt"));
  CHECK(
      made(R"({"type":"note","id":"1", "attributes":{"updatedAt":"2026-01-01T00:00:00.000Z","aB":1.50}})") ==
      R"({"updated_at":"2026-01-01T00:00:00.000Z","type":"note","id":"1","attributes":{"updatedAt":"2026-01-01T00:00:00.000Z","aB":1.50}})");
  CHECK(made(R"({"id":"1","updated_at":"theirs"})") == R"({"updated_at":null,"id":"1"})");
}

}  // namespace
}  // namespace engagement::kustomer
