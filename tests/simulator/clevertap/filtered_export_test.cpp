#include <set>

#include "client.hpp"

namespace engagement::simulator::clevertap {
namespace {

using nlohmann::json;

constexpr const char* kFlags = "app=true&events=false&profile=true";

// Every record of the export that the body asks for.
json read(const Simulated& simulated, const std::string& kind, const json& body) {
  json records = json::array();
  const auto opened = simulated.post("/1/" + kind + ".json?batch_size=230&" + kFlags, body.dump());
  REQUIRE(opened.status == 200);
  for (std::string next = opened.json().at("cursor").get<std::string>(); !next.empty();) {
    const json page = simulated.page(next, kind).json();
    for (const json& record : page.value("records", json::array())) records.push_back(record);
    next = page.value("next_cursor", "");
  }
  return records;
}

json with(const std::string& more) {
  json body = {{"event_name", "Charged"}, {"from", 20260105}, {"to", 20260118}};
  body.update(json::parse(more));
  return body;
}

TEST_CASE("An export with filters holds the records that satisfy them, in the order of the whole one") {
  const Simulated simulated;
  const json whole = simulated.read("events");
  json expected = json::array();
  for (const json& record : whole) {
    if (record.at("event_props").value("CT Source", "") == "Web") expected.push_back(record);
  }
  REQUIRE(!expected.empty());
  CHECK(read(simulated, "events", with(R"({"event_properties":[{"name":"CT Source","value":"Web"}]})")) == expected);
  CHECK(simulated.read("events") == whole);  // filters are no part of another export's pages
}

TEST_CASE("A profiles export with filters holds the people whom a count of profiles counts") {
  Options options = Simulated::options();
  options.count_partials = 0;
  const Simulated simulated(options);
  const json body = with(R"({"session_properties":[{"name":"session_source","value":"Others"}],
                            "common_profile_properties":{"profile_fields":[{"name":"favoriteFood","value":"pizza"}]}})");
  const json people = read(simulated, "profiles", body);
  REQUIRE(!people.empty());
  for (const json& person : people) CHECK(person.at("profileData").at("favoriteFood") == "pizza");
  CHECK(simulated.post("/1/counts/profiles.json", body.dump()).json().at("count") == people.size());
}

TEST_CASE("A profiles export without an event is of all events of 365 days, and takes no days of its own") {
  const Simulated simulated;
  const json body =
      json::parse(R"({"common_profile_properties":{"reachability":[{"name":"has_token","value":"True"}]}})");
  const json people = read(simulated, "profiles", body);
  CHECK(people.size() > read(simulated, "profiles", with(body.dump())).size());
  for (const json& person : people) {
    std::set<std::string> platforms;
    for (const json& device : person.at("platformInfo")) platforms.insert(device.at("platform").get<std::string>());
    CHECK(platforms != std::set<std::string>{"Web"});
  }
  json dated = body;
  dated["from"] = 20260105;
  dated["to"] = 20260118;
  CHECK(simulated.post("/1/profiles.json", dated.dump()).json().at("code") == 4002);
  CHECK(simulated.post("/1/profiles.json", R"({"event_properties":[]})").status == 400);
  CHECK(simulated.post("/1/events.json", body.dump()).status == 400);
}

TEST_CASE("Filters that CleverTap does not understand are refused when the export is opened") {
  const Simulated simulated;
  const auto error = [&simulated](const std::string& more) {
    const auto answer = simulated.post("/1/events.json", with(more).dump());
    CHECK(answer.status == 400);
    return answer.json().value("error", "");
  };
  CHECK(error(R"({"event_properties":{"name":"CT Source"}})") == R"(["Invalid event_properties"])");
  CHECK(error(R"({"event_properties":[{"name":"CT Source"}]})") ==
        R"(["Invalid value in event_properties : CT Source"])");
  CHECK(error(R"({"advanced_query":{"did_none":[{"event_name":"charged","from":20260101,"to":20260102}]}})") ==
        R"(["Invalid event : charged"])");
}

TEST_CASE("The truth of a query's counts agrees with its export") {
  const Simulated simulated;
  const json body = with(R"({"event_properties":[{"name":"Amount","operator":"less_than","value":8000}]})");
  const json truth = simulated.post("/_simulator/truth/counts", body.dump()).json();
  std::map<std::string, std::uint64_t> per_day;
  const json records = read(simulated, "events", body);
  for (const json& record : records) ++per_day[record.at("ts").dump().substr(0, 8)];
  CHECK(truth.at("events") == records.size());
  CHECK(truth.at("profiles") == read(simulated, "profiles", body).size());
  for (const auto& [day, counts] : truth.at("per_day").items()) CHECK(counts.at("events") == per_day[day]);
  CHECK(simulated.post("/_simulator/truth/counts", R"({"event_name":"X","from":20260105,"to":20260105})").status ==
        400);
}

}  // namespace
}  // namespace engagement::simulator::clevertap
