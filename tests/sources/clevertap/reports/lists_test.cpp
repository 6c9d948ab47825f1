#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using engine::RunResult;
using protocol::Json;
using protocol::SyncMode;
using test::answer;

TEST_CASE("definitions come as they were sent") {
  SyncFixture f;
  const std::string definition =
      R"({"name":"Charged","eventCount":12345678901234567890123,"properties":[{"name":"a"}]})";
  f.client.script({answer(R"({"status":"success","events":[)" + definition + "]}")});
  CHECK(f.read({"event_definitions"}, Json::object(), SyncMode::incremental) == RunResult::complete);
  CHECK(has(f.sink.text(), definition));
  CHECK(f.client.urls() == std::vector<std::string>{"https://api.clevertap.com/getSchema?type=events"});
}

TEST_CASE("properties of users are a list of their own") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","userProperties":[{"name":"points","dataType":"Number"}]})")});
  CHECK(f.read({"user_property_definitions"}, Json::object()) == RunResult::complete);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0]["name"] == "points");
}

TEST_CASE("a subscription group's key comes as text") {
  SyncFixture f;
  f.client.script({answer(R"({"list":[{"name":"Newsletter","key":1,"channels":["Email"]}],"status":"success"})")});
  CHECK(f.read({"subscription_groups"}, Json::object()) == RunResult::complete);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0].dump() == R"({"key":"1","name":"Newsletter","channels":["Email"]})");
}

TEST_CASE("real time counts are one record with every breakdown and the moment it was made") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"success","count":214,"os":{"android":196},"last_processed_ts":1486536600})")});
  CHECK(f.read({"real_time_counts"}, Json::object()) == RunResult::complete);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0].dump() ==
        R"({"counted_at":"2026-03-01T00:00:00Z","count":214,"os":{"android":196},"last_processed_ts":1486536600})");
  CHECK(f.posted("/1/now.json")[0] == Json{{"user_type", true},
                                           {"session_source", true},
                                           {"browser", true},
                                           {"os", true},
                                           {"device", true},
                                           {"new", true}});
}

TEST_CASE("an answer of failure with HTTP 200 is no record of real time counts") {
  SyncFixture f;
  f.client.script({answer(R"({"status":"fail","error":"Forbidden","code":403})")});
  CHECK(f.read({"real_time_counts"}, Json::object()) == RunResult::failed);
  CHECK(f.records().empty());
  CHECK(has(f.failures().at("real_time_counts"), "The stream \"real_time_counts\" (POST /1/now.json)"));
}

// Pages of content blocks, 100 at most on one.
test::ScriptedAnswer block_page(int first, int count, int total) {
  std::string blocks;
  for (int id = first; id < first + count; ++id) {
    blocks += (blocks.empty() ? "" : ",") + std::string(R"({"id":)") + std::to_string(id) +
              R"(,"createdAt":"2026-01-02T00:00:00.000Z","updatedAt":"2026-02-02T10:00:00.250Z"})";
  }
  return answer(R"({"status":"success","total":)" + std::to_string(total) + R"(,"contentBlocks":[)" + blocks + "]}");
}

TEST_CASE("content blocks are read page by page until as many have come as there are") {
  SyncFixture f;
  f.client.script({block_page(1, 100, 150), block_page(101, 50, 150)});
  CHECK(f.read({"content_blocks"}, Json::object(), SyncMode::incremental) == RunResult::complete);
  CHECK(f.records().size() == 150);
  const auto urls = f.client.urls();
  REQUIRE(urls.size() == 2);
  CHECK(urls[0] == "https://api.clevertap.com/v1/contentBlock/list?pageNumber=1&pageSize=100");
  CHECK(has(urls[1], "pageNumber=2"));
  CHECK(f.states().back()["cursor"] == "2026-02-02T10:00:00.250Z");
}

TEST_CASE("the next sync of content blocks asks for what has changed since, to the millisecond") {
  SyncFixture f;
  f.client.script({block_page(1, 1, 1)});
  const Json state{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2026-02-02T10:00:00Z"}};
  CHECK(f.read({"content_blocks"}, Json::object(), SyncMode::incremental, state) == RunResult::complete);
  CHECK(has(f.client.urls()[0], "&updatedFrom=2026-02-02T10:00:00.000Z"));
}

TEST_CASE("a block without a time of change has that of its creation") {
  SyncFixture f;
  f.client.script(
      {answer(R"({"status":"success","total":1,"contentBlocks":[{"id":5,"createdAt":"2026-01-02T00:00:00.000Z"}]})")});
  CHECK(f.read({"content_blocks"}, Json::object(), SyncMode::incremental) == RunResult::complete);
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0].dump() ==
        R"({"id":"5","updatedAt":"2026-01-02T00:00:00.000Z","createdAt":"2026-01-02T00:00:00.000Z"})");
}

TEST_CASE("a list of blocks that loses one while its pages shift is read again") {
  SyncFixture f;
  // Block 1 moved behind the others, so 101 took a place on the first page after that was read.
  const auto shifted =
      answer(R"({"status":"success","total":102,"contentBlocks":[{"id":102,"updatedAt":"2026-02-02T10:00:00.000Z"},)"
             R"({"id":1,"updatedAt":"2026-02-28T10:00:00.000Z"}]})");
  f.client.script({block_page(1, 100, 102), shifted, block_page(2, 100, 102), shifted});
  CHECK(f.read({"content_blocks"}, Json::object(), SyncMode::incremental) == RunResult::complete);
  CHECK(f.client.requests().size() == 4);
  std::set<std::string> ids;
  for (const auto& record : f.records()) ids.insert(record["id"]);
  CHECK(ids.contains("101"));
}

TEST_CASE("blocks that change while they are read do not move the state past the sync's beginning") {
  SyncFixture f;
  f.client.script(
      {answer(R"({"status":"success","total":1,"contentBlocks":[{"id":5,"updatedAt":"2026-09-09T00:00:00.000Z"}]})")});
  CHECK(f.read({"content_blocks"}, Json::object(), SyncMode::incremental) == RunResult::complete);
  CHECK(f.states().back()["cursor"] == "2026-03-01T00:00:00Z");
}

TEST_CASE("a list without a total that repeats its page for ever fails") {
  SyncFixture f;
  f.client.script(
      {answer(R"({"status":"success","contentBlocks":[{"id":5,"updatedAt":"2026-02-09T00:00:00.000Z"}]})")});
  CHECK(f.read({"content_blocks"}, Json::object()) == RunResult::failed);
  CHECK(has(f.failures().at("content_blocks"), "the same page of content blocks twice"));
}

TEST_CASE("people are looked up by identity, e-mail address and object id, and a miss is a warning") {
  SyncFixture f;
  f.client.answer_with([](const http::Request& request, const std::stop_token&) {
    if (has(request.url, "identity="))
      return answer(R"({"status":"success","record":{"identity":"p 1","name":"Ana"}})");
    if (has(request.url, "email=")) return answer(R"({"status":"success"})");
    return answer(R"({"status":"fail","error":"Profile not found","code":404})", 404);
  });
  CHECK(f.read({"profile_lookups"},
               {{"lookup_identities", {"p 1"}}, {"lookup_emails", {"a+b@c.de"}}, {"lookup_object_ids", {"-1a"}}}) ==
        RunResult::complete);
  CHECK(f.client.urls() == std::vector<std::string>{"https://api.clevertap.com/1/profile.json?identity=p%201",
                                                    "https://api.clevertap.com/1/profile.json?email=a%2Bb%40c.de",
                                                    "https://api.clevertap.com/1/profile.json?objectId=-1a"});
  REQUIRE(f.records().size() == 1);
  CHECK(f.records()[0].dump() ==
        R"({"profile_id":"p 1","exported_at":"2026-03-01T00:00:00Z","identity":"p 1","name":"Ana"})");
  CHECK(f.logs("WARN") ==
        std::vector<std::string>{"profile_lookups: CleverTap knows no profile with the email \"a+b@c.de\"",
                                 "profile_lookups: CleverTap knows no profile with the objectId \"-1a\""});
}

TEST_CASE("each way of saying that there is no such person is a miss") {
  for (const auto& miss :
       {answer(R"({"status":"fail","error":"User not found"})"),
        answer(R"({"status":"fail","error":"Profile not found","code":400})", 400),
        answer(R"({"status":"success","record":{}})"), answer(R"({"status":"success","record":null})")}) {
    INFO(miss.body);
    SyncFixture f;
    f.client.script({miss});
    CHECK(f.read({"profile_lookups"}, {{"lookup_emails", {"a@b.c"}}}) == RunResult::complete);
    CHECK(f.records().empty());
    CHECK(f.logs("WARN").size() == 1);
  }
}

}  // namespace
}  // namespace engagement::clevertap
