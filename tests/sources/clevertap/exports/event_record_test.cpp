#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using Strings = std::vector<std::string>;

struct EventFixture : ClevertapFixture {
  explicit EventFixture(const std::string& zone = "Asia/Kolkata", const std::string& event = "Charged")
      : config(config_with({{"timezone", zone}})),
        slice{event, day(20260201), day(20260207)},
        maker(make_event_records(config, slice, context, shared)) {
    maker->export_began(clock.now());
  }

  std::vector<Json> make(const Strings& records) { return records_of(*maker, records); }
  Json one(const std::string& record) { return make({record}).at(0); }
  Strings ids(const Strings& records) {
    Strings all;
    for (const auto& record : make(records)) all.push_back(record["event_id"]);
    return all;
  }

  Config config;
  EventSlice slice;
  SharedSweep shared;
  std::unique_ptr<RecordMaker> maker;
};

const std::string kEvent =
    R"({"profile":{"objectId":"-1a","identity":"123"},"ts":20260830013145,"event_props":{"a":1,"b":[2,{"c":3,"d":4}]},"session_props":{"source":"Direct"}})";

std::string id_of(const std::string& record, const std::string& event = "Charged") {
  EventFixture f("UTC", event);
  return f.one(record)["event_id"];
}

TEST_CASE("an event keeps every byte that was sent behind the fields that are added") {
  EventFixture f;
  const std::string sent =
      R"({ "ts":20260830013145,"big":123456789012345678901234567890,"tiny":1e-999, "profile":{"objectId":"-1a","identity":"a@b.c"} })";
  f.make({sent});
  const auto line = f.sink.lines().back();
  CHECK(has(line, sent.substr(1)));
  const auto data = f.records().back();
  CHECK(data["event_name"] == "Charged");
  CHECK(data["event_time"] == "2026-08-29T20:01:45Z");
  CHECK(data["object_id"] == "-1a");
  CHECK(data["identity"] == "a@b.c");
  CHECK(data["event_id"].get<std::string>().size() == 32);
}

TEST_CASE("the same event has the same id whatever the order of its members and its white space") {
  const std::string reordered =
      "{\"session_props\":{ \"source\" : \"Direct\" },\r\n\"event_props\":{\"b\":[2,{\"d\":4,\"c\":3}],\"a\":1},"
      "\"profile\":{\"identity\":\"123\",\"objectId\":\"-1a\"},\t\"ts\":20260830013145}";
  CHECK(id_of(kEvent) == id_of(reordered));
}

TEST_CASE("the id does not depend on what the profile says today") {
  const std::string later =
      R"({"profile":{"objectId":"-1a","identity":"new","email":"x@y.z","events":{"A":{"count":9}}},"ts":20260830013145,"event_props":{"a":1,"b":[2,{"c":3,"d":4}]},"session_props":{"source":"Direct"}})";
  CHECK(id_of(kEvent) == id_of(later));
}

TEST_CASE("the id depends on the event, the device, the time and both kinds of properties") {
  const auto changed = [](const std::string& from, const std::string& to) {
    std::string text = kEvent;
    text.replace(text.find(from), from.size(), to);
    return id_of(text);
  };
  const auto id = id_of(kEvent);
  CHECK(id != id_of(kEvent, "charged"));
  CHECK(id != changed("-1a", "-1b"));
  CHECK(id != changed("20260830013145", "20260830013146"));
  CHECK(id != changed("\"a\":1", "\"a\":2"));
  CHECK(id != changed("\"a\":1", "\"a\":\"1\""));
  CHECK(id != changed("Direct", "direct"));
  CHECK(id != changed("event_props", "other_props"));
}

// Ids are stored in destinations: a change of how they are made is a new row for every old one.
TEST_CASE("the id of an event is the same in every sync and every version") {
  CHECK(id_of(kEvent) == id_of(kEvent));
  CHECK(id_of("{}") != id_of(kEvent));
}

TEST_CASE("truly identical rows are told apart by their ordinal, wherever pages end") {
  EventFixture together;
  const auto ids = together.ids({kEvent, kEvent, kEvent});
  CHECK(ids[0] != ids[1]);
  CHECK(ids[1] != ids[2]);
  CHECK(ids[0] != ids[2]);
  EventFixture apart;
  Strings over_pages;
  for (int i = 0; i < 3; ++i) over_pages.push_back(apart.ids({kEvent})[0]);
  CHECK(over_pages == ids);
}

TEST_CASE("the ordinals begin anew with each export") {
  EventFixture f;
  const auto first = f.ids({kEvent, kEvent});
  f.maker->export_began(f.clock.now());
  CHECK(f.ids({kEvent, kEvent}) == first);
}

TEST_CASE("an event without profile, time or properties is kept with nulls") {
  EventFixture f;
  const auto data = f.one(R"({"x":1})");
  CHECK(data["object_id"].is_null());
  CHECK(data["identity"].is_null());
  CHECK(data["event_time"].is_null());
  CHECK(data["event_id"].get<std::string>().size() == 32);
  CHECK(data["x"] == 1);
}

TEST_CASE("an empty record is one, too") {
  EventFixture f;
  CHECK(f.one("{}").size() == 5);
  CHECK(f.one("{ \t }").size() == 5);
}

TEST_CASE("a ts that is no date gives null and one warning, and the records are kept") {
  EventFixture f;
  const auto made = f.make({R"({"ts":0,"n":1})", R"({"ts":"soon","n":2})", R"({"n":3})"});
  REQUIRE(made.size() == 3);
  for (const auto& data : made) CHECK(data["event_time"].is_null());
  CHECK(f.logs("WARN").size() == 1);
}

TEST_CASE("ids of devices and people that are numbers are text, and what is neither is null") {
  EventFixture f;
  const auto number = f.one(R"({"profile":{"objectId":5,"identity":12345678901234567890123}})");
  CHECK(number["object_id"] == "5");
  CHECK(number["identity"] == "12345678901234567890123");
  const auto odd = f.one(R"({"profile":{"objectId":{"a":1},"identity":true}})");
  CHECK(odd["object_id"].is_null());
  CHECK(odd["identity"].is_null());
  CHECK(f.one(R"({"profile":[1]})")["identity"].is_null());
  CHECK(f.one(R"({"profile":null})")["identity"].is_null());
  CHECK(f.one(R"({"profile":{"identity":""}})")["identity"] == "");
}

TEST_CASE("a field that CleverTap sends under an added name gives way, with one warning") {
  EventFixture f;
  const auto made = f.make({R"({"event_id":"theirs","ts":20260830013145,"identity":7})",
                            R"({"event\u005fname":"theirs","keep":[1,{"a":2}]})"});
  CHECK(made[0]["event_id"] != "theirs");
  CHECK(made[0]["identity"].is_null());
  CHECK(made[0]["ts"] == 20260830013145);
  CHECK(made[1]["event_name"] == "Charged");
  CHECK(made[1]["keep"] == Json::parse(R"([1,{"a":2}])"));
  for (const auto& line : f.sink.lines()) CHECK_FALSE(has(line, "theirs"));
  int collisions = 0;
  for (const auto& warning : f.logs("WARN")) collisions += has(warning, "fields named like") ? 1 : 0;
  CHECK(collisions == 1);
}

TEST_CASE("a record of nothing but added names is left with ours") {
  EventFixture f;
  CHECK(f.one(R"({"event_id":1,"event_name":2,"event_time":3,"object_id":4,"identity":5})").size() == 5);
}

TEST_CASE("names of members are known however they are spelled in a record") {
  EventFixture f;
  const auto data = f.one(R"({"\u0074s":20260830013145,"prof\u0069le":{"object\u0049d":"-1a"}})");
  CHECK(data["event_time"] == "2026-08-29T20:01:45Z");
  CHECK(data["object_id"] == "-1a");
}

TEST_CASE("the name of an event may hold anything") {
  EventFixture f("UTC", "Order \"Cancel\" / Fail\n\xe2\x80\xa8\xc3\xab");
  CHECK(f.one(kEvent)["event_name"] == "Order \"Cancel\" / Fail\n\xe2\x80\xa8\xc3\xab");
  CHECK_FALSE(has(f.sink.lines().back(), "\xe2\x80\xa8"));
}

}  // namespace
}  // namespace engagement::clevertap
