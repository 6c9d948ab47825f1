#include <set>

#include "client.hpp"

namespace engagement::simulator::clevertap {
namespace {

using nlohmann::json;

json targets(const Simulated& simulated, int from, int to) {
  return simulated.post("/1/targets/list.json", json{{"from", from}, {"to", to}}.dump()).json();
}

TEST_CASE("Campaigns are listed by the day they are scheduled for, also those after today, 31 days at a time") {
  const Simulated simulated;
  std::set<std::uint64_t> ids;
  std::set<std::string> statuses;
  for (const auto& [from, to] : {std::pair(20260105, 20260204), {20260205, 20260307}, {20260308, 20260401}}) {
    const json listed = targets(simulated, from, to);
    for (const json& target : listed.at("targets")) {
      CHECK(ids.insert(target.at("id").get<std::uint64_t>()).second);
      statuses.insert(target.at("status").get<std::string>());
    }
  }
  CHECK(ids.size() == 40);
  CHECK(statuses.count("completed") == 1);
  CHECK(statuses.count("scheduled") == 1);
  CHECK(targets(simulated, 20260105, 20260205).at("status") == "fail");
  CHECK(targets(simulated, 20260106, 20260105).at("code") == 4002);
}

TEST_CASE("The result of a campaign is there when it is completed, and not ready in four forms") {
  const Simulated simulated;
  const json all = simulated.get("/_simulator/truth/campaigns").json();
  REQUIRE(all.size() == 40);
  std::set<std::string> forms;
  for (const json& campaign : all) {
    const auto answer = simulated.post("/1/targets/result.json", json{{"id", campaign.at("id")}}.dump());
    if (campaign.contains("result")) {
      CHECK(answer.json() == json{{"result", campaign.at("result")}, {"status", "success"}});
      continue;
    }
    CHECK(!answer.json().contains("result"));
    forms.insert(std::to_string(answer.status) + answer.json().value("status", ""));
  }
  CHECK(forms == std::set<std::string>{"409fail", "500fail", "200fail", "200success"});
  CHECK(simulated.post("/1/targets/result.json", R"({"id":1})").status == 400);
}

TEST_CASE("An unfinished campaign's result can be refused in one form alone") {
  Options options = Simulated::options();
  options.not_ready = "500";
  const Simulated simulated(options);
  for (const json& campaign : simulated.get("/_simulator/truth/campaigns").json()) {
    if (campaign.contains("result")) continue;
    CHECK(simulated.post("/1/targets/result.json", json{{"id", campaign.at("id")}}.dump()).json().at("error") ==
          "This target has no result as of yet");
  }
}

TEST_CASE("Message reports are fast up to 14 days, slow beyond and fail for very long ranges") {
  Options options = Simulated::options();
  const Simulated simulated(options);
  const auto report = [&simulated](const char* from, const char* to) {
    return simulated.post("/1/message/report.json", json{{"from", from}, {"to", to}}.dump());
  };
  const json fortnight = report("20260105", "20260118").json();
  CHECK(simulated.clock.waited().count() == 0);
  CHECK(fortnight.at("total_results") == 60);
  std::set<std::uint64_t> ids;
  for (const json& message : fortnight.at("messages")) ids.insert(message.at("message id").get<std::uint64_t>());
  CHECK(ids.size() == 60);
  CHECK(report("20251220", "20260118").json().at("messages") == fortnight.at("messages"));
  CHECK(simulated.clock.waited() == std::chrono::milliseconds(30 * 900));
  CHECK(report("20130101", "20260118").status == 500);
}

TEST_CASE("A message report keeps to its filters and refuses unknown ones") {
  const Simulated simulated;
  const json all = simulated.get("/_simulator/truth/messages").json();
  const auto report = [&simulated](const char* filter, const json& names) {
    return simulated.post("/1/message/report.json", json{{"from", 20260105}, {"to", 20260118}, {filter, names}}.dump());
  };
  std::size_t mail = 0, ab = 0, sale = 0;
  for (const json& message : all) {
    mail += message.at("channel") == "email" || message.at("channel") == "sms" ? 1U : 0U;
    ab += message.at("message_type") == "ab" ? 1U : 0U;
    for (const json& label : message.at("labels")) sale += label == "Sale" ? 1U : 0U;
  }
  CHECK(report("channel", {"email", "sms"}).json().at("messages").size() == mail);
  CHECK(report("message_type", {"ab"}).json().at("messages").size() == ab);
  CHECK(report("label", {"Sale"}).json().at("messages").size() == sale);
  CHECK(report("channel", {"pigeon"}).status == 400);
  CHECK(report("status", "running").status == 400);
}

TEST_CASE("Content blocks come in pages and by their time of change, creation where there was none") {
  const Simulated simulated;
  const json truth = simulated.get("/_simulator/truth/content_blocks").json();
  const auto list = [&simulated](const std::string& query) { return simulated.get("/v1/contentBlock/list" + query); };
  const json first = list("?pageNumber=1&pageSize=20").json(), last = list("?pageNumber=3&pageSize=20").json();
  CHECK(first.at("total") == 45);
  CHECK(first.at("contentBlocks").size() == 20);
  CHECK(last.at("contentBlocks").size() == 5);
  CHECK(list("?pageNumber=4&pageSize=20").json().at("contentBlocks").empty());
  std::size_t changed = 0, unchanged = 0;
  for (const json& block : truth) {
    unchanged += block.contains("updatedAt") ? 0U : 1U;
    changed +=
        block.value("updatedAt", block.at("createdAt").get<std::string>()) >= "2026-01-12T00:00:00.000Z" ? 1U : 0U;
  }
  CHECK(unchanged > 0);
  CHECK(list("?pageSize=100&updatedFrom=2026-01-12T00:00:00.000Z").json().at("total") == changed);
  CHECK(list("?updatedFrom=2026-01-12T00:00:00Z").json().at("error") == "Enter date in ISO format");
  CHECK(list("?pageSize=101").status == 400);
  CHECK(list("?pageNumber=0").status == 400);
}

TEST_CASE("A content block can be changed") {
  const Simulated simulated;
  httplib::Client client("127.0.0.1", simulated.service.port());
  const auto put = [&client](const std::string& query) {
    return client.Put("/_simulator/content_block?" + query, "", "text/plain")->status;
  };
  CHECK(put("id=1700000103&at=2026-02-01T10:00:00.000Z") == 200);
  CHECK(put("id=1&at=2026-02-01T10:00:00.000Z") == 400);
  CHECK(put("id=1700000103&at=2026-02-01") == 400);
  const json changed = simulated.get("/v1/contentBlock/list?updatedFrom=2026-02-01T00:00:00.000Z").json();
  REQUIRE(changed.at("contentBlocks").size() == 1);
  CHECK(changed.at("contentBlocks")[0].at("id") == 1'700'000'103);
}

TEST_CASE("Real time counts give the breakdowns that were asked for, and each adds up") {
  const Simulated simulated;
  const json plain = simulated.post("/1/now.json", "{}").json();
  CHECK(plain.size() == 3);
  CHECK(plain.at("last_processed_ts").get<std::int64_t>() % 300 == 0);
  const json all = simulated
                       .post("/1/now.json", R"({"user_type":true,"session_source":true,"browser":true,"os":true,
                                                     "device":true,"new":true})")
                       .json();
  CHECK(all.size() == 9);
  CHECK(all.at("count") == plain.at("count"));
  std::uint64_t sum = 0;
  for (const auto& [name, part] : all.at("os").items()) sum += part.get<std::uint64_t>();
  CHECK(sum == all.at("count"));
  CHECK(simulated.post("/1/now.json", R"({"os":"yes"})").status == 400);
  CHECK(simulated.post("/1/now.json", "[]").status == 400);
}

TEST_CASE("The catalogue types its properties under either key") {
  const Simulated simulated;
  const json events = simulated.get("/getSchema?type=events").json().at("events");
  std::set<std::string> keys, types;
  for (const json& property : events[0].at("properties")) {
    for (const auto& [key, value] : property.items()) {
      keys.insert(key);
      if (key != "name") types.insert(value.get<std::string>());
    }
  }
  CHECK(keys == std::set<std::string>{"name", "type", "dataType"});
  CHECK(types.count("number") + types.count("Number") == 2);
  CHECK(simulated.get("/category-groups").json().at("list")[0].at("key") == 1);
}

TEST_CASE("A passcode without the right to an endpoint is refused there alone") {
  Options options = Simulated::options();
  options.forbidden = {{"/1/targets/list.json", 401}, {"/getSchema", 403}, {"/category-groups", 404}};
  const Simulated simulated(options);
  CHECK(simulated.post("/1/targets/list.json", R"({"from":20260105,"to":20260106})").status == 401);
  CHECK(simulated.get("/getSchema?type=events").status == 403);
  CHECK(simulated.get("/category-groups").status == 404);
  CHECK(simulated.open().status == 200);
}

TEST_CASE("A lookup that finds nobody can be answered without a record") {
  Options options = Simulated::options();
  options.missing_profile = "empty";
  const Simulated simulated(options);
  const auto answer = simulated.get("/1/profile.json?identity=nobody");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"status":"success"})");
  const json known = simulated.get("/_simulator/truth/lookups?limit=20").json();
  REQUIRE(known.size() == 20);
  for (const json& person : known) {
    CHECK(simulated.get("/1/profile.json?objectId=" + person.at("object_ids")[0].get<std::string>())
              .json()
              .contains("record"));
  }
}

TEST_CASE("Faults of one record alter a list as they alter a page") {
  Simulated simulated;
  const std::string whole = simulated.get("/category-groups").body;
  const auto altered = [&simulated](const char* rule) {
    simulated.fault(json::parse(rule));
    return simulated.get("/category-groups").body;
  };
  CHECK(altered(R"({"fault":"raw_record","record":1,"text":"17","match":{"step":"list"}})").find(",17,") !=
        std::string::npos);
  CHECK(altered(R"({"fault":"bad_utf8","top":true,"match":{"step":"list"}})").find("\xff\xfe") != std::string::npos);
  CHECK(json::parse(altered(R"({"fault":"pretty","match":{"step":"list"}})")) == json::parse(whole));
  CHECK(!json::parse(altered(R"({"fault":"missing_status","match":{"step":"list"}})")).contains("status"));
  CHECK(altered(R"({"fault":"bad_utf8"})") == whole);  // a page's, unless the rule says otherwise
  CHECK(altered(R"({"fault":"unknown_error","match":{"path":"/category-groups"}})").find("unknown") !=
        std::string::npos);
}

}  // namespace
}  // namespace engagement::simulator::clevertap
