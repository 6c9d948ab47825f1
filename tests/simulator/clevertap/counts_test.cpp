#include <cmath>
#include <set>

#include "client.hpp"

namespace engagement::simulator::clevertap {
namespace {

using nlohmann::json;

Options without_partials() {
  Options options = Simulated::options();
  options.count_partials = 0;
  return options;
}

json body_of(const std::string& more = "", int from = 20260105, int to = 20260118) {
  json body = {{"event_name", "Charged"}, {"from", from}, {"to", to}};
  if (!more.empty()) body.update(json::parse(more));
  return body;
}

json answer_of(const Simulated& simulated, const std::string& name, const json& body) {
  return simulated.post("/1/counts/" + name + ".json", body.dump()).json();
}

std::uint64_t count(const Simulated& simulated, const std::string& more, const std::string& name = "events") {
  return answer_of(simulated, name, body_of(more)).at("count").get<std::uint64_t>();
}

std::string error(const Simulated& simulated, const std::string& more, const std::string& name = "events") {
  const auto answer = simulated.post("/1/counts/" + name + ".json", body_of(more).dump());
  CHECK(answer.status == 200);
  CHECK(answer.json().value("status", "") == "fail");
  const json words = json::parse(answer.json().value("error", ""));  // a list in a text
  return words.at(0).get<std::string>();
}

TEST_CASE("A count is partial as often as it was asked to be, the POST's answer included, and then final") {
  Options options = Simulated::options();
  options.count_partials = 3;
  const Simulated simulated(options);
  const json asked = answer_of(simulated, "events", body_of());
  CHECK(asked.size() == 2);
  CHECK(asked.at("status") == "partial");
  REQUIRE(asked.at("req_id").is_number_unsigned());
  const std::string target = "/1/counts/events.json?req_id=" + asked.at("req_id").dump();
  CHECK(simulated.get(target).json() == asked);
  CHECK(simulated.get(target).json() == asked);
  CHECK(simulated.get(target).body == R"({"status":"success","count":1500})");
  CHECK(simulated.get(target).body == R"({"status":"success","count":1500})");
}

TEST_CASE("A request id that is unknown, expired or of another count is invalid") {
  Options options = Simulated::options();
  options.count_life = std::chrono::minutes(10);
  Simulated simulated(options);
  const std::string id = answer_of(simulated, "events", body_of()).at("req_id").dump();
  const std::string refused = R"({"status":"fail","error":"Invalid request id","code":400})";
  CHECK(simulated.get("/1/counts/events.json?req_id=17").body == refused);
  CHECK(simulated.get("/1/counts/events.json").body == refused);
  CHECK(simulated.get("/1/counts/profiles.json?req_id=" + id).body == refused);
  CHECK(simulated.get("/1/counts/events.json?req_id=" + id).json().at("count") == 1'500);
  simulated.clock.advance(std::chrono::minutes(11));
  CHECK(simulated.get("/1/counts/events.json?req_id=" + id).body == refused);
}

TEST_CASE("A fault expires one request id for good") {
  Simulated simulated;
  const std::string target =
      "/1/counts/events.json?req_id=" + answer_of(simulated, "events", body_of()).at("req_id").dump();
  simulated.fault(json::parse(R"({"fault":"expired_request","match":{"event":"Charged"}})"));
  CHECK(simulated.get(target).json().at("error") == "Invalid request id");
  CHECK(simulated.get(target).json().at("error") == "Invalid request id");
  CHECK(answer_of(simulated, "events", body_of()).at("status") == "partial");
}

TEST_CASE("The counts of the days add up to what the export holds, day by day") {
  const Simulated simulated(without_partials());
  std::map<int, std::uint64_t> exported;
  for (const json& record : simulated.read("events"))
    ++exported[static_cast<int>(record.at("ts").get<std::int64_t>() / 1'000'000)];
  CHECK(exported.size() == 14);
  for (const auto& [day, rows] : exported)
    CHECK(answer_of(simulated, "events", body_of("", day, day)).at("count") == rows);
  CHECK(count(simulated, "", "profiles") == simulated.read("profiles").size());
}

TEST_CASE("Filters count the exported events that satisfy them") {
  const Simulated simulated(without_partials());
  const json records = simulated.read("events");
  const auto exported = [&records](const auto& holds) {
    std::uint64_t found = 0;
    for (const json& record : records) found += holds(record.at("event_props"), record.at("session_props")) ? 1U : 0U;
    return found;
  };
  const auto source = [](const json& props) { return props.value("CT Source", ""); };
  CHECK(count(simulated, R"({"event_properties":[{"name":"CT Source","value":"Web"}]})") ==
        exported([&](const json& props, const json&) { return source(props) == "Web"; }));
  CHECK(count(simulated, R"({"event_properties":[{"name":"CT Source","operator":"not_equals","value":"Web"}]})") ==
        exported([&](const json& props, const json&) { return source(props) == "Mobile"; }));
  CHECK(count(simulated, R"({"event_properties":[{"name":"CT Source","operator":"does_not_exist"}]})") ==
        exported([&](const json& props, const json&) { return source(props).empty(); }));
  CHECK(count(simulated, R"({"event_properties":[{"name":"CT Source","value":["Web","Mobile"]}]})") ==
        exported([&](const json& props, const json&) { return !source(props).empty(); }));
  CHECK(count(simulated, R"({"event_properties":[{"name":"Product Name","operator":"contains","value":"caf"}]})") == 0);
  CHECK(count(simulated, R"({"event_properties":[{"name":"Product Name","operator":"contains","value":"Caf"}]})") ==
        exported([](const json& props, const json&) { return props.value("Product Name", "").starts_with("Caf"); }));
  const auto amount = [](const json& props) {
    const json& value = props.at("Amount");
    return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
  };
  CHECK(count(simulated, R"({"event_properties":[{"name":"Amount","operator":"greater_than","value":5000},
                                                 {"name":"Amount","operator":"less_than_equals","value":9000}]})") ==
        exported([&](const json& props, const json&) { return amount(props) > 5'000 && amount(props) <= 9'000; }));
  CHECK(count(simulated, R"({"session_properties":[{"name":"utm_source","value":"newsletter"}]})") ==
        exported([](const json&, const json& session) { return session.value("utm_source", "") == "newsletter"; }));
  CHECK(count(simulated, R"({"event_properties":[{"name":"Amount","operator":"gte","value":0}]})") == 1'500);
}

TEST_CASE("The time of day and the first time are those of the exported events") {
  const Simulated simulated(without_partials());
  const json records = simulated.read("events");
  std::uint64_t late = 0, early_or_late = 0;
  std::map<std::string, std::int64_t> firsts;
  for (const json& record : records) {
    const auto ts = record.at("ts").get<std::int64_t>();
    const auto minute = ts % 1'000'000 / 100;
    late += minute >= 2230 && minute <= 2245 ? 1U : 0U;
    early_or_late += minute >= 2230 || minute <= 100 ? 1U : 0U;
  }
  CHECK(late > 0);
  CHECK(count(simulated, R"({"session_properties":[{"name":"time_of_day","value":["22:30","22:45"]}]})") == late);
  CHECK(count(simulated, R"({"session_properties":[{"name":"time_of_day","value":["22:30","01:00"]}]})") ==
        early_or_late);
  const std::string first = R"({"session_properties":[{"name":"first_time","value":"True"}]})";
  CHECK(count(simulated, first, "profiles") == count(simulated, "", "profiles"));
  CHECK(count(simulated, first) >= count(simulated, "", "profiles"));
  CHECK(count(simulated, first) < 1'500);
}

TEST_CASE("Filters of people count the events of those whose profile satisfies them") {
  const Simulated simulated(without_partials());
  std::set<std::string> pizza, apple;
  for (const json& record : simulated.read("profiles")) {
    const std::string device = record.at("platformInfo")[0].at("objectId");
    if (record.at("profileData").value("favoriteFood", "") == "pizza") pizza.insert(device);
    for (const json& info : record.at("platformInfo")) {
      if (info.at("make") == "Apple") apple.insert(device);
    }
  }
  CHECK(!pizza.empty());
  CHECK(count(simulated,
              R"({"common_profile_properties":{"profile_fields":[{"name":"favoriteFood","value":"pizza"}]}})",
              "profiles") == pizza.size());
  CHECK(count(simulated, R"({"common_profile_properties":{"app_fields":[{"name":"Make","value":"Apple"}]}})",
              "profiles") == apple.size());
  const std::uint64_t all = count(simulated, "", "profiles");
  const auto of_gender = [&](const char* value) {
    const json filter = {{"common_profile_properties", {{"demographics", {{{"name", "Gender"}, {"value", value}}}}}}};
    return count(simulated, filter.dump(), "profiles");
  };
  const std::uint64_t none = count(
      simulated, R"({"common_profile_properties":{"demographics":[{"name":"Gender","operator":"does_not_exist"}]}})",
      "profiles");
  CHECK(of_gender("F") + of_gender("M") + none == all);
  CHECK(of_gender("F") > 0);
  const std::uint64_t india =
      count(simulated, R"({"common_profile_properties":{"geo_fields":[["India"]]}})", "profiles");
  CHECK(india > count(simulated, R"({"common_profile_properties":{"geo_fields":[["India","Karnataka","Bengaluru"]]}})",
                      "profiles"));
  CHECK(count(simulated, R"({"common_profile_properties":{"geo_radius":[[18.5,73.9,50],[13,77.6,20]]}})", "profiles") ==
        india);
}

TEST_CASE("Advanced queries divide the people by what they did") {
  const Simulated simulated(without_partials());
  const std::string deed = R"({"event_name":"Order Cancel / Fail","from":20260105,"to":20260118})";
  const std::uint64_t all = count(simulated, "", "profiles");
  const std::uint64_t did = count(simulated, R"({"advanced_query":{"did_all":[)" + deed + "]}}", "profiles");
  CHECK(did > 0);
  CHECK(did < all);
  CHECK(count(simulated, R"({"advanced_query":{"did_none":[)" + deed + "]}}", "profiles") == all - did);
  CHECK(count(simulated, R"({"advanced_query":{"did_any":{"any_events":[)" + deed + "]}}}", "profiles") == did);
  const std::string twice =
      R"({"advanced_query":{"did_any":{"any_events":[)" + deed + R"(],"operator":"greater_than_equals","value":2}}})";
  CHECK(count(simulated, twice, "profiles") < did);
  // What CleverTap does not know it ignores.
  CHECK(count(simulated, R"({"advanced_query":{"did_not":[)" + deed + "]}}", "profiles") == all);
}

TEST_CASE("Late events are counted from then on") {
  Simulated simulated(without_partials());
  const std::string first = R"({"session_properties":[{"name":"first_time","value":"True"}]})";
  const std::uint64_t before = count(simulated, first);
  simulated.service.state().project.arrive(0, day_from_number(20260101).value(), 2'000);
  CHECK(count(simulated, "") == 1'500);
  CHECK(answer_of(simulated, "events", body_of("", 20260101, 20260101)).at("count") == 2'000);
  CHECK(count(simulated, first) < before);  // whose first was earlier now
}

TEST_CASE("Queries that CleverTap does not understand fail in HTTP 200 with a list in a text") {
  const Simulated simulated(without_partials());
  CHECK(error(simulated, R"({"event_name":"Uninstalled"})") == "Invalid event : Uninstalled");
  CHECK(error(simulated, R"({"event_name":"Never Happened"})") == "Invalid event : Never Happened");
  CHECK(error(simulated, R"({"event_name":null})") == "event_name must be a string");
  CHECK(error(simulated, R"({"event_properties":[{"name":"Amount","operator":"between","value":[1,2]}]})") ==
        "Invalid operator : between");
  CHECK(error(simulated, R"({"event_properties":[{"name":"vip","value":true}]})") ==
        "Invalid value in event_properties : vip");
  CHECK(error(simulated, R"({"session_properties":[{"name":"time_of_day","value":0.5}]})") ==
        "Invalid value in session_properties : time_of_day");
  CHECK(error(simulated, R"({"advanced_query":{"did_all":[{"event_name":"X","from":1,"to":2}]}})") ==
        "Invalid event : X");
  CHECK(error(simulated, R"({"from":20260119})") == "from greater than to");
  const auto dates =
      simulated.post("/1/counts/events.json", R"({"event_name":"Charged","from":"2026-01-05","to":20260118})");
  CHECK(dates.json().at("code") == 4002);
  CHECK(simulated.post("/1/counts/events.json", "{").json().at("status") == "fail");
}

TEST_CASE("Trends count by day, ISO week and month under each group's label") {
  const Simulated simulated(without_partials());
  const json answer = answer_of(simulated, "trends", body_of(R"({"groups":{"d":{"trend_type":"daily"},
      "w":{"trend_type":"weekly"},"m":{"trend_type":"monthly"}}})"));
  CHECK(answer.at("status") == "success");
  CHECK(answer.at("m") == json{{"202601", 1'500}});
  std::set<std::string> weeks;
  for (const auto& [week, rows] : answer.at("w").items()) weeks.insert(week);
  CHECK(weeks == std::set<std::string>{"202602", "202603"});
  CHECK(answer.at("d").size() == 14);
  for (const auto& [day, rows] : answer.at("d").items()) {
    CHECK(answer_of(simulated, "events", body_of("", std::stoi(day), std::stoi(day))).at("count") == rows);
  }
  const json unique =
      answer_of(simulated, "trends", body_of(R"({"unique":true,"groups":{"m":{"trend_type":"monthly"}}})"));
  CHECK(unique.at("m").at("202601") == count(simulated, "", "profiles"));
  double sum = 0;
  for (const json& record : simulated.read("events")) {
    const json& amount = record.at("event_props").at("Amount");
    sum += amount.is_string() ? std::stod(amount.get<std::string>()) : amount.get<double>();
  }
  const json sums =
      answer_of(simulated, "trends", body_of(R"({"sum_event_prop":"Amount","groups":{"m":{"trend_type":"monthly"}}})"));
  CHECK(std::abs(sums.at("m").at("202601").get<double>() - sum) < 1e-5 * std::abs(sum));
}

TEST_CASE("Trends refuse more than five groups, more than a year and labels that would hide the answer") {
  const Simulated simulated(without_partials());
  const std::string daily = R"({"groups":{"d":{"trend_type":"daily"}})";
  CHECK(error(simulated, R"({"groups":{"status":{"trend_type":"daily"}}})", "trends") == "Invalid group");
  CHECK(error(simulated, R"({"groups":{"d":{"trend_type":"hourly"}}})", "trends") == "Invalid group");
  CHECK(error(simulated, "{}", "trends") == "Invalid group");
  json six = json::object();
  for (const char* label : {"a", "b", "c", "d", "e", "f"}) six[label] = {{"trend_type", "daily"}};
  CHECK(error(simulated, json{{"groups", six}}.dump(), "trends") == "Invalid group");
  six.erase("f");
  CHECK(answer_of(simulated, "trends", body_of(json{{"groups", six}}.dump())).at("status") == "success");
  CHECK(error(simulated, daily + R"(,"from":20250118})", "trends").starts_with("Invalid date"));
  CHECK(answer_of(simulated, "trends", body_of(daily + R"(,"from":20250119})")).at("status") == "success");
}

TEST_CASE("Top values are counted by type, the frequent or the rare ones first") {
  const Simulated simulated(without_partials());
  std::map<std::string, std::uint64_t> sources;
  for (const json& record : simulated.read("events")) ++sources[record.at("event_props").value("CT Source", "")];
  const auto top = simulated.post("/1/counts/top.json", body_of(R"({"groups":{
      "source":{"property_type":"event_properties","name":"CT Source"},
      "rare":{"property_type":"event_properties","name":"CT Source","top_n":1,"order":"asc"},
      "amount":{"property_type":"event_properties","name":"Amount"},
      "platform":{"property_type":"technographics","name":"Platform","top_n":2}}})")
                                                            .dump());
  const json answer = top.json();
  CHECK(answer.at("source") == json{{"STR", {{"Mobile", sources["Mobile"]}, {"Web", sources["Web"]}}}});
  CHECK(answer.at("rare") == json{{"STR", {{"Web", sources["Web"]}}}});
  CHECK(top.body.find(R"({"STR":{"Mobile")") != std::string::npos);
  CHECK(answer.at("amount").contains("STR"));
  CHECK(answer.at("amount").at("NUMBER").contains("0-10000"));
  CHECK(answer.at("platform").at("STR").size() == 2);
  for (const char* group :
       {R"({"property_type":"event_properties","name":"Colour"})", R"({"property_type":"events","name":"Amount"})",
        R"({"property_type":"event_properties","name":"Amount","top_n":101})",
        R"({"property_type":"event_properties","name":"Amount","order":"up"})"}) {
    CHECK(error(simulated, std::string(R"({"groups":{"g":)") + group + "}}", "top") == "Invalid group");
  }
}

}  // namespace
}  // namespace engagement::simulator::clevertap
