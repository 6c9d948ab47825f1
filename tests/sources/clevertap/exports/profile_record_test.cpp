#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using Strings = std::vector<std::string>;

struct ProfileFixture : ClevertapFixture {
  explicit ProfileFixture(bool several_events = false) {
    shared.several_events = several_events;
    maker = make_profile_records(config, slice, context, shared);
    maker->export_began(clock.now());
  }

  std::vector<Json> make(const Strings& records) { return records_of(*maker, records); }
  std::string id(const std::string& record) { return make({record}).at(0)["profile_id"]; }

  Config config = config_with();
  EventSlice slice{"Charged", day(20260201), day(20260207)};
  SharedSweep shared;
  std::unique_ptr<RecordMaker> maker;
};

TEST_CASE("a profile keeps every byte that was sent behind its id and the time of its export") {
  ProfileFixture f;
  const std::string sent = R"({"identity":"5555","name":"Zo\u00eb","points":1.50,"big":12345678901234567890123})";
  const auto data = f.make({sent}).at(0);
  CHECK(has(f.sink.lines().back(), sent.substr(1)));
  CHECK(data["profile_id"] == "5555");
  CHECK(data["exported_at"] == "2026-03-01T00:00:00Z");
}

TEST_CASE("the time is that of the export, and of the next one when it begins again") {
  ProfileFixture f;
  f.clock.advance(std::chrono::minutes(5));
  CHECK(f.make({R"({"identity":"a"})"}).at(0)["exported_at"] == "2026-03-01T00:00:00Z");
  f.maker->export_began(f.clock.now());
  CHECK(f.make({R"({"identity":"a"})"}).at(0)["exported_at"] == "2026-03-01T00:05:00Z");
}

TEST_CASE("the id is the identity, else the profile's object, else the first device's") {
  ProfileFixture f;
  CHECK(f.id(R"({"platformInfo":[{"objectId":"d1"}],"objectId":"o","identity":"i"})") == "i");
  CHECK(f.id(R"({"platformInfo":[{"objectId":"d1"}],"objectId":"o","identity":""})") == "o");
  CHECK(f.id(R"({"platformInfo":[{"objectId":"d1"}],"objectId":"o","identity":null})") == "o");
  CHECK(
      f.id(
          R"({"platformInfo":[{"platform":"Web"},{"objectId":""},{"objectId":"d2"},{"objectId":"d3"}],"objectId":""})") ==
      "d2");
  CHECK(f.id(R"({"platformInfo":[7,null,[],{"objectId":"d"}]})") == "d");
  CHECK(f.logs("WARN").empty());
}

TEST_CASE("an identity that is a number is text, digit by digit") {
  ProfileFixture f;
  CHECK(f.id(R"({"identity":12345678901234567890123})") == "12345678901234567890123");
  CHECK(f.id(R"({"identity":-7})") == "-7");
  CHECK(f.id(R"({"identity":true,"objectId":"o"})") == "o");
  CHECK(f.id(R"({"identity":{"a":1},"objectId":["x"],"platformInfo":[{"objectId":"d"}]})") == "d");
}

TEST_CASE("an identity with escapes is decoded and written so that no reader ends the line in it") {
  ProfileFixture f;
  CHECK(f.id(R"({"identity":"a\u2028b\u0085c\"d\\\n\u00e9"})") ==
        "a\xe2\x80\xa8"
        "b\xc2\x85"
        "c\"d\\\n\xc3\xa9");
  const auto line = f.sink.lines().back();
  CHECK_FALSE(has(line, "\xe2\x80\xa8"));
  CHECK_FALSE(has(line, "\xc2\x85"));
}

TEST_CASE("a profile without any id gets a hash of its content and one warning for all of them") {
  ProfileFixture f;
  const auto id = f.id(R"({"name":"A","profileData":{"x":1,"y":2}})");
  CHECK(id.rfind("hash:", 0) == 0);
  CHECK(id.size() == 5 + 32);
  CHECK(f.id(R"({ "profileData":{"y":2,"x":1}, "n\u0061me":"A" })") == id);
  CHECK(f.id(R"({"name":"B","profileData":{"x":1,"y":2}})") != id);
  CHECK(f.id(R"({"name":"A"})") != id);
  CHECK(f.logs("WARN").size() == 1);
}

TEST_CASE("the hash does not depend on the counts of events, which change") {
  ProfileFixture f;
  const auto id = f.id(R"({"name":"A"})");
  CHECK(f.id(R"({"name":"A","events":{"Charged":{"count":1}}})") == id);
  CHECK(f.id(R"({"events":{"Charged":{"count":2}},"name":"A"})") == id);
  CHECK(f.id(R"({"name":"A","Events":{}})") != id);
}

TEST_CASE("no profile is without an id") {
  ProfileFixture f;
  for (const char* record : {"{}", "{ }", R"({"identity":null,"platformInfo":null})", R"({"platformInfo":{}})"}) {
    CHECK(f.id(record).rfind("hash:", 0) == 0);
  }
}

TEST_CASE("a person who did several events is delivered once") {
  ProfileFixture f(true);
  CHECK(f.make({R"({"identity":"a"})", R"({"identity":"b"})", R"({"identity":"a","x":2})"}).size() == 2);
  const auto second =
      make_profile_records(f.config, {"App Launched", f.slice.first, f.slice.last}, f.context, f.shared);
  second->export_began(f.clock.now());
  CHECK(f.records_of(*second, {R"({"identity":"b"})", R"({"identity":"c"})"}).size() == 1);
}

TEST_CASE("with a single event nobody is remembered and nobody left out") {
  ProfileFixture f(false);
  CHECK(f.make({R"({"identity":"a"})", R"({"identity":"a"})"}).size() == 2);
}

TEST_CASE("the maker says whether a record was delivered") {
  ProfileFixture f(true);
  ExportPage page;
  page.response.status = 200;
  page.response.body.append(R"({"status":"success","records":[{"identity":"a"},{"identity":"a"}]})");
  REQUIRE(page.read(f.maker->wanted()).succeeded);
  engine::RecordBatch batch(f.context);
  CHECK(f.maker->append(page.records[0], batch));
  CHECK_FALSE(f.maker->append(page.records[1], batch));
}

TEST_CASE("fields that CleverTap sends under added names give way, with one warning") {
  ProfileFixture f;
  const auto made = f.make(
      {R"({"profile_id":"theirs","identity":"a","exported_at":1})", R"({"identity":"b","profile_id":"theirs"})"});
  CHECK(made[0] == Json{{"profile_id", "a"}, {"exported_at", "2026-03-01T00:00:00Z"}, {"identity", "a"}});
  CHECK(made[1]["profile_id"] == "b");
  CHECK(f.logs("WARN").size() == 1);
}

}  // namespace
}  // namespace engagement::clevertap
