#include <set>

#include "client.hpp"

namespace engagement::simulator::sprinklr {
namespace {

using nlohmann::json;

const json kByModification = {{{"key", "modifiedTime"}, {"order", "ASC"}}};

// Every result of a search, page by page.
json read(const Simulated& simulated, const std::string& type, const json& body) {
  json results = json::array();
  auto answer = simulated.post("/api/v2/search/" + type, body);
  for (;;) {
    REQUIRE(answer.status == 200);
    const json data = answer.json().at("data");
    for (const json& result : data.at("results")) results.push_back(result);
    if (!data.contains("cursor")) return results;
    const auto cursor = data.at("cursor").get<std::string>();
    answer = simulated.get("/api/v2/search/" + type + "?" + cursor);
  }
}

TEST_CASE("A search goes on by cursor to its end, each case once and in order") {
  const Simulated simulated;
  const json body = {{"sorts", kByModification}, {"page", {{"size", 50}}}, {"includeCount", true}};
  CHECK(simulated.post("/api/v2/search/CASE", body).json().at("data").at("count") == 120);
  const json cases = read(simulated, "CASE", body);
  CHECK(cases.size() == 120);
  std::set<std::string> ids;
  std::int64_t before = 0;
  for (const json& each : cases) {
    ids.insert(each.at("id").get<std::string>());
    CHECK(each.at("modifiedTime").get<std::int64_t>() >= before);
    before = each.at("modifiedTime").get<std::int64_t>();
  }
  CHECK(ids.size() == 120);
}

TEST_CASE("Filters hold for what they let through, and for what they do not") {
  const Simulated simulated;
  const std::int64_t from = 1767900000000, to = 1768300000000;
  const json body = {{"filter",
                      {{"type", "AND"},
                       {"filters",
                        {{{"type", "GTE"}, {"key", "modifiedTime"}, {"values", {from}}},
                         {{"type", "LT"}, {"key", "modifiedTime"}, {"values", {std::to_string(to)}}}}}}},
                     {"page", {{"size", 100}}}};
  std::size_t expected = 0;
  for (const json& each : read(simulated, "CASE", {{"page", {{"size", 100}}}})) {
    const auto time = each.at("modifiedTime").get<std::int64_t>();
    if (time >= from && time < to) ++expected;
  }
  CHECK(expected > 0);
  CHECK(read(simulated, "CASE", body).size() == expected);
  const json by_number = {{"filter", {{"type", "IN"}, {"key", "caseNumber"}, {"values", {"1000003", "1000005", "7"}}}},
                          {"page", {{"size", 2}, {"start", 1}}}};
  CHECK(read(simulated, "CASE", by_number).empty());
  const json property = {
      {"filter", {{"type", "EQUALS"}, {"key", "workflow.customProperties.spr_uc_status"}, {"values", {"Open"}}}},
      {"page", {{"size", 100}}}};
  const auto open = read(simulated, "CASE", property);
  CHECK(!open.empty());
  CHECK(open.size() < 120);
}

TEST_CASE("A search that the documentation does not allow is refused") {
  const Simulated simulated;
  const auto refused = [&](const char* type, const char* body) {
    const auto answer = simulated.post(std::string("/api/v2/search/") + type, json::parse(body));
    return answer.status == 400 ? answer.error() : "accepted";
  };
  CHECK(refused("CASE", R"({"filter":{"type":"IN","key":"colour","values":[1]}})") ==
        "Invalid request: filter: key colour is not supported");
  CHECK(refused("CASE", R"({"filter":{"type":"CONTAINS","key":"id","values":["a"]}})") ==
        "Invalid request: filter: type CONTAINS is not supported for key id");
  CHECK(refused("CASE", R"({"sorts":[{"key":"subject"}]})") == "Invalid request: sorts: key subject is not supported");
  CHECK(refused("CASE", R"({"page":{"size":101}})") == "Invalid request: page.size must be between 1 and 100");
  CHECK(refused("MESSAGE", R"({"page":{"size":10}})") == "Invalid request: timeFilter is required for MESSAGE");
  CHECK(refused("COMMENT", R"({"page":{"size":10}})") == "Invalid request: entityId is required for COMMENT");
  CHECK(refused("OUTBOUND_MESSAGE", R"({"filter":{"type":"GT","key":"modifiedTime","values":[1]}})") ==
        "Invalid request: filter: type GT is not supported for key modifiedTime");
  CHECK(refused("MESSAGE", R"({"timeFilter":{"key":"modifiedTime","since":1,"until":2}})") ==
        "Invalid request: timeFilter: key modifiedTime is not supported");
  CHECK(simulated.post("/api/v2/search/THING", json::object()).status == 404);
}

TEST_CASE("Every entity type answers with records that have its key") {
  const Simulated simulated;
  const json all = {{"page", {{"size", 100}}}};
  for (const char* type : {"CASE", "USER", "OUTBOUND_MESSAGE", "CAMPAIGN", "SUB_CAMPAIGN", "SOCIAL_ASSET", "TASK",
                           "AUDIENCE_ACTIVITY", "PROFILE", "CUSTOM_FIELD", "TRANSACTION"}) {
    const json results = read(simulated, type, all);
    std::set<std::string> ids;
    for (const json& result : results) ids.insert(result.at("id").dump());
    INFO(type);
    CHECK(ids.size() == results.size());
    CHECK(results.size() ==
          simulated.get(std::string("/_simulator/truth?stream=") + type).json().at("records").get<std::size_t>());
    CHECK(!results.empty());
  }
  json messages = all;
  messages["timeFilter"] = {{"key", "createdTime"}, {"since", "2026-01"}, {"until", "2026-01"}};
  CHECK(read(simulated, "MESSAGE", messages).size() == 240);
  json comments = all;
  comments["filter"] = {{"type", "AND"},
                        {"filters",
                         {{{"type", "IN"}, {"key", "entityType"}, {"values", {"UNIVERSAL_CASE"}}},
                          {{"type", "IN"}, {"key", "entityId"}, {"values", {"1000004"}}}}}};
  CHECK(read(simulated, "COMMENT", comments).size() == 2);
}

TEST_CASE("A cursor lives five minutes, belongs to its entity type and is a URL where that was asked for") {
  Options options = Simulated::options();
  options.cursor_urls = true;
  Simulated simulated(options);
  const json body = {{"page", {{"size", 10}}}};
  const auto cursor = [&] {
    return simulated.post("/api/v2/search/CASE", body).json().at("data").at("cursor").get<std::string>();
  };
  const std::string url = cursor();
  CHECK(url.find("http://127.0.0.1:") == 0);
  const std::string target = url.substr(url.find("/api"));
  CHECK(simulated.get(target).status == 200);
  CHECK(simulated.get("/api/v2/search/TASK" + target.substr(target.find('?'))).status == 400);
  simulated.clock.advance(std::chrono::minutes(5) + std::chrono::milliseconds(1));
  CHECK(simulated.get(target).status == 400);
}

TEST_CASE("A cursor can be limited in its reads, and what was touched is modified now") {
  Options options = Simulated::options();
  options.cursor_reads = 1;
  const Simulated simulated(options);
  const json first = simulated.post("/api/v2/search/CASE", {{"page", {{"size", 10}}}}).json();
  const std::string next = "/api/v2/search/CASE?" + first.at("data").at("cursor").get<std::string>();
  CHECK(simulated.get(next).status == 200);
  CHECK(simulated.get(next).status == 400);

  CHECK(simulated.put("/_simulator/touch?stream=CASE&rows=3").status == 200);
  const json body = {{"filter", {{"type", "GTE"}, {"key", "modifiedTime"}, {"values", {1772323200000}}}}};
  CHECK(read(simulated, "CASE", body).size() == 3);
}

TEST_CASE("Cases, their messages and their audit trail can be had one by one") {
  const Simulated simulated;
  const json found = simulated.get("/api/v2/case/case-numbers?case-number=1000007").json().at("data").at(0);
  const auto id = found.at("id").get<std::string>();
  CHECK(simulated.get("/api/v2/case/" + id).json().at("data") == found);
  const json ids = simulated.get("/api/v2/case/associated-messages?id=" + id).json().at("data");
  REQUIRE(ids.size() == 2);
  const json messages = simulated.post("/api/v2/message/bulk-fetch", ids).json().at("data");
  REQUIRE(messages.size() == 2);
  CHECK(messages.at(0).at("messageId") == ids.at(0));
  const auto after = std::to_string(messages.at(0).at("channelCreatedTime").get<std::int64_t>());
  CHECK(simulated.get("/api/v2/case/associated-messages?id=" + id + "&cursor=" + after).json().at("data").size() == 1);
  CHECK(simulated.post("/api/v2/message/bulk-fetch", json(std::vector<int>(51, 1))).status == 400);

  json page =
      simulated
          .post("/api/v2/audit/fetch", {{"assetIds", {id, "none"}}, {"assetClass", "UNIVERSAL_CASE"}, {"limit", 3}})
          .json();
  std::size_t entries = page.at("data").at("results").size();
  while (page.at("data").contains("cursor")) {
    page = simulated.get("/api/v2/audit?id=" + page.at("data").at("cursor").get<std::string>()).json();
    entries += page.at("data").at("results").size();
  }
  const json whole =
      simulated.post("/api/v2/audit/fetch", {{"assetIds", {id}}, {"assetClass", "UNIVERSAL_CASE"}, {"limit", 200}})
          .json();
  CHECK(entries == whole.at("data").at("results").size());
}

TEST_CASE("Users, topics, resources and custom fields answer as documented") {
  const Simulated simulated;
  const json users = simulated.get("/api/v2/scim/Users?startIndex=3&count=4&sortBy=meta.lastModified").json();
  CHECK(users.at("Resources").size() == 4);
  CHECK(users.at("totalResults") == 12);
  CHECK(users.at("startIndex") == 3);
  const std::string filter = percent_encode("meta.lastModified ge \"2026-01-10T00:00:00Z\" and id eq \"66000011\"");
  CHECK(simulated.get("/api/v2/scim/Users?filter=" + filter).json().at("Resources").size() == 1);
  CHECK(simulated.get("/api/v2/scim/Users?filter=colour").status == 400);

  CHECK(simulated.get("/api/v1/listening/topics").json().at("response").at("topics").size() == 12);
  const json resources = simulated.get("/api/v1/bootstrap/resources?types=PARTNER_ACCOUNTS,CLIENTS").json();
  CHECK(resources.at("CLIENTS").size() == 25);
  CHECK(resources.at("PARTNER_ACCOUNTS").at(0).contains("dateµcreatedTime"));
  CHECK(simulated.get("/api/v1/bootstrap/resources?types=CLIENT_URL_SHORTNERS").json().begin()->is_object());
  CHECK(simulated.get("/api/v1/bootstrap/resources?types=THINGS").status == 400);

  const json fields = read(simulated, "CUSTOM_FIELD", json::object());
  const auto field = fields.at(1).at("fieldName").get<std::string>();
  CHECK(simulated.get("/api/v2/custom-field/" + field).json().at("data") == fields.at(1));

  const json mentions = simulated
                            .post("/api/v2/listening/query/stream",
                                  {{"sinceTime", 0}, {"untilTime", 1768780799999}, {"rows", 100}, {"start", 2}})
                            .json();
  CHECK(mentions.at("data").at("result").size() == 40);
  CHECK(mentions.at("data").at("hasMore") == false);
}

}  // namespace
}  // namespace engagement::simulator::sprinklr
