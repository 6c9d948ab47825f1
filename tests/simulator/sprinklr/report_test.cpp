#include <set>
#include <sstream>

#include "client.hpp"

namespace engagement::simulator::sprinklr {
namespace {

using nlohmann::json;

TEST_CASE("The pages of a report hold each event of the window once, and past the last the rows' key is absent") {
  const Simulated simulated;
  const auto first = simulated.report(Simulated::query()).json();
  CHECK(first.at("errors").empty());
  CHECK(first.at("data").at("data").size() == 500);
  CHECK(first.at("data").at("hasMore") == true);
  const json rows = simulated.read(Simulated::query());
  CHECK(rows.size() == 2'800);
  std::set<std::string> keys;
  for (const json& row : rows) keys.insert(row.at("POST_ID_0").dump());
  CHECK(keys.size() == 2'800);
  CHECK(simulated.report(Simulated::query(5)).json().at("data").at("hasMore") == false);
  CHECK(simulated.report(Simulated::query(6)).body == R"({"data":{"hasMore":false},"errors":[]})");
}

TEST_CASE("Both ends of a window count, to the millisecond") {
  const Simulated simulated;
  const json ids = simulated.get("/_simulator/truth?report=R&ids=true").json().at("ids");
  const auto time = ids.at(100).at("time").get<std::int64_t>();
  const auto same = std::count_if(ids.begin(), ids.end(), [time](const json& id) { return id.at("time") == time; });
  json query = Simulated::query();
  query["startTime"] = query["endTime"] = time;
  CHECK(simulated.read(query).size() == static_cast<std::size_t>(same));
  query["startTime"] = 0;
  const json before = simulated.read(query);
  query["startTime"] = time + 1;
  query["endTime"] = "1768780799999";
  CHECK(before.size() + simulated.read(query).size() == 2'800);
}

TEST_CASE("Headings come in another order than the payload's, and lists follow them") {
  const Simulated simulated;
  json query = Simulated::query(0, 5);
  const json objects = simulated.report(query).json().at("data").at("data");
  query["jsonResponse"] = false;
  const json data = simulated.report(query).json().at("data");
  CHECK(data.at("headings") == json({"ACCOUNT_ID_2", "date_1", "POST_ID_0", "M_LIKES_0"}));
  for (std::size_t row = 0; row < 5; ++row) {
    for (std::size_t at = 0; at < 4; ++at) {
      CHECK(data.at("rows").at(row).at(at) == objects.at(row).at(data.at("headings").at(at).get<std::string>()));
    }
  }
  const json v1 = simulated.post("/api/v1/reports/query", query).json();
  CHECK(!v1.contains("data"));
  CHECK(v1.at("rows").at(0).at(0) == data.at("rows").at(0).at(2));
}

TEST_CASE("A query without anything unique groups the events, with metrics added up") {
  const Simulated simulated;
  json query = Simulated::query();
  query["groupBys"].erase(0);
  query["projections"].push_back({{"heading", "M_COUNT"}, {"measurementName", "DOC"}, {"aggregateFunction", "COUNT"}});
  const json rows = simulated.read(query);
  double events = 0, likes = 0;
  std::set<std::string> keys;
  for (const json& row : rows) {
    events += row.at("M_COUNT").get<double>();
    likes += row.at("M_LIKES_0").is_null() ? 0 : row.at("M_LIKES_0").get<double>();
    keys.insert(row.at("date_1").dump() + row.at("ACCOUNT_ID_2").dump());
  }
  CHECK(events == 2'800);
  CHECK(keys.size() == rows.size());
  double expected = 0;
  for (const json& row : simulated.read(Simulated::query())) {
    expected += row.at("M_LIKES_0").is_null() ? 0 : row.at("M_LIKES_0").get<double>();
  }
  CHECK(likes == expected);
}

TEST_CASE("A day's bucket begins at midnight of the payload's zone") {
  const Simulated simulated;
  json query = Simulated::query(0, 1);
  query["timeZone"] = "Asia/Kolkata";
  const auto bucket = [&] {
    return simulated.report(query).json().at("data").at("data").at(0).at("date_1").get<std::string>();
  };
  CHECK(bucket() == "1767551400000");  // 2026-01-05T00:00+05:30
  query["groupBys"][1]["details"]["interval"] = "1w";
  CHECK(bucket() == "1767551400000");  // a Monday
  query["groupBys"][1]["details"]["interval"] = "1M";
  CHECK(bucket() == "1767205800000");  // 2026-01-01T00:00+05:30
}

TEST_CASE("Ids are resolved to objects unless the query says otherwise, and some never are") {
  const Simulated simulated;
  const auto objects = [&](const json& query) {
    const json rows = simulated.read(query);
    return std::count_if(rows.begin(), rows.end(), [](const json& row) { return row.at("POST_ID_0").is_object(); });
  };
  json query = Simulated::query();
  const auto resolved = objects(query);
  CHECK(resolved > 2'400);
  CHECK(resolved < 2'800);
  query["additional"] = {{"RESOLVER_SKIP_FIELDS", "POST_ID"}};
  CHECK(objects(query) == 0);
  query["additional"] = {{"SKIP_RESOLVER", "true"}};
  CHECK(objects(query) == 0);
  query["additional"] = nullptr;
  query["skipResolve"] = true;
  CHECK(objects(query) == 0);
}

TEST_CASE("What a window may give in all is limited by the cap") {
  Options options = Simulated::options();
  options.cap = 1'000;
  const Simulated simulated(options);
  CHECK(simulated.report(Simulated::query(1)).status == 200);
  const auto beyond = simulated.report(Simulated::query(2));
  CHECK(beyond.status == 400);
  CHECK(beyond.error() == "Cannot fetch more than 10000 messages overall");
  CHECK(simulated.report(Simulated::query(2, 300)).status == 200);
  CHECK(simulated.report(Simulated::query(3, 300)).status == 400);
}

TEST_CASE("Without hasMore, an answer past the last page says nothing but its headings") {
  Options options = Simulated::options();
  options.has_more = false;
  const Simulated simulated(options);
  json query = Simulated::query(6);
  CHECK(simulated.report(query).body == R"({"data":{},"errors":[]})");
  CHECK(simulated.post("/api/v1/reports/query", query).body == "{}");
  query["jsonResponse"] = false;
  CHECK(simulated.report(query).body ==
        R"({"data":{"headings":["ACCOUNT_ID_2","date_1","POST_ID_0","M_LIKES_0"]},"errors":[]})");
  query["page"] = 0;
  CHECK(simulated.report(query).json().at("data").size() == 2);
}

TEST_CASE("Of two columns with the same heading an object has the last, and a list both") {
  const Simulated simulated;
  json query = Simulated::query(0, 1);
  query["groupBys"][2]["heading"] = "date_1";
  CHECK(simulated.report(query).json().at("data").at("data").at(0).size() == 3);
  query["jsonResponse"] = false;
  CHECK(simulated.report(query).json().at("data").at("rows").at(0).size() == 4);
}

TEST_CASE("A wrong query is a 400 that says what is wrong") {
  const Simulated simulated;
  const auto refused = [&](const char* patch) {
    const auto answer = simulated.report(Simulated::query().patch(json::parse(patch)));
    return answer.status == 400 ? answer.error() : "accepted";
  };
  CHECK(refused(R"([{"op":"remove","path":"/report"}])") == "Invalid request: report is required");
  CHECK(refused(R"([{"op":"remove","path":"/timeZone"}])") == "Invalid request: timeZone is required");
  CHECK(refused(R"([{"op":"replace","path":"/timeZone","value":"Mars/Base"}])").find("Mars/Base") != std::string::npos);
  CHECK(refused(R"([{"op":"replace","path":"/pageSize","value":1001}])") ==
        "Invalid request: pageSize must be between 1 and 1000");
  CHECK(refused(R"([{"op":"replace","path":"/page","value":"x"}])") == "Invalid request: page must be a number");
  CHECK(refused(R"([{"op":"add","path":"/timeFilter","value":{}}])").find("timeFilter") != std::string::npos);
  CHECK(refused(R"([{"op":"add","path":"/groupBys/0/field","value":"x"}])").find("field") != std::string::npos);
  CHECK(refused(R"([{"op":"add","path":"/sorts","value":[{"heading":"NO","order":"ASC"}]}])") ==
        "Invalid request: sorts: there is no heading NO");
  CHECK(refused(R"([{"op":"replace","path":"/projections/0/aggregateFunction","value":"MEDIAN"}])") ==
        "Invalid request: aggregateFunction MEDIAN is not supported");
  CHECK(refused(R"([{"op":"add","path":"/unknown","value":1},{"op":"replace","path":"/page","value":"0"}])") ==
        "accepted");
}

TEST_CASE("Ties of a sort by a metric fall anew with each page, unless they are to be stable") {
  const auto distinct = [](bool stable) {
    Options options = Simulated::options();
    options.stable_sorts = stable;
    const Simulated simulated(options);
    json query = Simulated::query();
    query["sorts"] = {{{"heading", "M_LIKES_0"}, {"order", "DESC"}}};
    std::set<std::string> keys;
    for (const json& row : simulated.read(query)) keys.insert(row.at("POST_ID_0").dump());
    return keys.size();
  };
  CHECK(distinct(true) == 2'800);
  CHECK(distinct(false) < 2'800);
}

TEST_CASE("A restatement changes metrics of the last days and no key") {
  const Simulated simulated;
  CHECK(simulated.put("/_simulator/now?time=20260118").status == 200);
  const json before = simulated.read(Simulated::query());
  CHECK(simulated.put("/_simulator/restate?days=3").status == 200);
  const json after = simulated.read(Simulated::query());
  REQUIRE(before.size() == after.size());
  std::size_t changed = 0;
  for (std::size_t at = 0; at < before.size(); ++at) {
    CHECK(before[at].at("POST_ID_0") == after[at].at("POST_ID_0"));
    if (before[at] != after[at]) ++changed;
    if (at < 2'000) CHECK(before[at] == after[at]);
  }
  CHECK(changed > 400);
  CHECK(changed < 650);
}

TEST_CASE("Nothing is there before it has happened") {
  const Simulated simulated;
  simulated.put("/_simulator/now?time=2026-01-12T00:00:00Z");
  const auto half = simulated.read(Simulated::query()).size();
  CHECK(half > 1'390);
  CHECK(half < 1'410);
  simulated.put("/_simulator/now?time=clock");
  CHECK(simulated.read(Simulated::query()).size() == 2'800);
}

TEST_CASE("Every row of a query can be had in one piece, to compare with") {
  const Simulated simulated;
  std::istringstream lines(simulated.post("/_simulator/rows", Simulated::query()).body);
  json rows = json::array();
  for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line));
  CHECK(rows == simulated.read(Simulated::query()));
}

TEST_CASE("Widgets, batches and the catalogue answer as documented") {
  const Simulated simulated;
  const json boards =
      simulated.post("/api/v2/entity/REPORTING_DASHBOARD_MANAGER/filter", {{"paginationInfo", {{"rows", 2}}}}).json();
  CHECK(boards.at("data").at("hasMore") == true);
  const json layout = json::parse(boards.at("data").at("results").at(0).at("widgetLayout").get<std::string>());
  json call = {{"startTime", 1767571200000}, {"endTime", 1768780799999}, {"timeZone", "UTC"}, {"interval", "1w"}};
  const std::string widget = "/api/v2/reports/query/" + layout.at(0).at("widgetId").get<std::string>();
  CHECK(simulated.post(widget, call).json().at("data").at("rows").size() == 20);
  CHECK(simulated.post("/api/v2/reports/query/nothing", call).status == 404);

  json query = Simulated::query(0, 3);
  query.erase("timeZone");
  const json batch = simulated.post("/api/v2/reports/batchQuery", {{"requests", {{"req1", query}}}}).json();
  CHECK(batch.at("data").at("reports").at("req1").at("rows").size() == 3);

  CHECK(simulated.get("/api/v2/reports/engines").json().at("data").size() == 40);
  CHECK(simulated.get("/api/v2/reports/reports/PAID").json().at("data").at(0).at("id") == "DAILY_AD_STAT");
  CHECK(simulated.get("/api/v1/reports/metadata/SPR_TASK").json().contains("SPR_TASK"));
}

}  // namespace
}  // namespace engagement::simulator::sprinklr
