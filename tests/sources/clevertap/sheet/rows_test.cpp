#include "sources/clevertap/sheet/sheet_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;

struct Case {
  std::string what;
  Cells cells;
  std::string query;  // as sent, JSON
};

// Each query is what https://developer.clevertap.com/docs/clevertap-query-language documents for the same question.
TEST_CASE("rows are queries, key by key") {
  const std::vector<Case> cases = {
      {"an event in the connector's period",
       {{"event", R"("Charged")"}},
       R"({"event_name":"Charged","from":20260101,"to":20260301})"},
      {"an event whose name is a number", {{"event", "404"}}, R"({"event_name":"404","from":20260101,"to":20260301})"},
      {"an event with a bar in its name",
       {{"event", R"("\"Order | Cancel\"")"}},
       R"({"event_name":"Order | Cancel","from":20260101,"to":20260301})"},
      {"a period",
       {{"event", R"("Charged")"}, {"from", R"("2026-02-01")"}, {"to", R"("20260214")"}},
       R"({"event_name":"Charged","from":20260201,"to":20260214})"},
      {"a period by date cells",
       {{"event", R"("Charged")"}, {"from", "46054.5"}, {"to", "20260214"}},
       R"({"event_name":"Charged","from":20260201,"to":20260214})"},
      {"a period by words",
       {{"event", R"("Charged")"}, {"from", R"("-7d")"}, {"to", R"("yesterday")"}},
       R"({"event_name":"Charged","from":20260222,"to":20260228})"},
      {"a period that reaches beyond the connector's",
       {{"event", R"("Charged")"}, {"from", R"("2020-01-01")"}, {"to", R"("2030-01-01")"}},
       R"({"event_name":"Charged","from":20260101,"to":20260301})"},
      {"a filter of the event",
       {{"event", R"("choseNewFavoriteFood")"}, {"event:value", R"("~piz")"}},
       R"({"event_name":"choseNewFavoriteFood",)"
       R"("event_properties":[{"name":"value","operator":"contains","value":"piz"}],"from":20260101,"to":20260301})"},
      {"two columns of one filter",
       {{"event", R"("Charged")"}, {"event:Amount", R"(">5")"}, {"Event: Amount", R"("<=100")"}},
       R"({"event_name":"Charged","event_properties":[{"name":"Amount","operator":"greater_than","value":5},)"
       R"({"name":"Amount","operator":"less_than_equals","value":100}],"from":20260101,"to":20260301})"},
      {"filters of the session",
       {{"event", R"("App Launched")"},
        {"session:utm_campaign", R"("spring | summer")"},
        {"session:time_of_day", R"("00:00..14:00")"}},
       R"({"event_name":"App Launched","session_properties":[{"name":"utm_campaign","value":["spring","summer"]},)"
       R"({"name":"time_of_day","value":["00:00","14:00"]}],"from":20260101,"to":20260301})"},
      {"the first time, as a word",
       {{"event", R"("App Launched")"}, {"first time", R"("Yes")"}},
       R"({"event_name":"App Launched","session_properties":[{"name":"first_time","value":"True"}],)"
       R"("from":20260101,"to":20260301})"},
      {"the first time, as a box",
       {{"event", R"("App Launched")"}, {"First  Time", "true"}},
       R"({"event_name":"App Launched","session_properties":[{"name":"first_time","value":"True"}],)"
       R"("from":20260101,"to":20260301})"},
      {"not the first time alone, as a word",
       {{"event", R"("App Launched")"}, {"first time", R"("no")"}},
       R"({"event_name":"App Launched","from":20260101,"to":20260301})"},
      {"not the first time alone, as a box",
       {{"event", R"("App Launched")"}, {"first time", "false"}},
       R"({"event_name":"App Launched","from":20260101,"to":20260301})"},
      {"filters of the profile",
       {{"event", R"("Charged")"},
        {"profile:Customer Type", R"("Gold | Silver")"},
        {"app:Make", R"("!=Apple")"},
        {"demographics:Gender", R"("M")"},
        {"technographics:Device", R"("Mobile")"},
        {"reachability:has_token", "true"}},
       R"({"event_name":"Charged","common_profile_properties":{)"
       R"("profile_fields":[{"name":"Customer Type","operator":"equals","value":["Gold","Silver"]}],)"
       R"("app_fields":[{"name":"Make","operator":"not_equals","value":"Apple"}],)"
       R"("demographics":[{"name":"Gender","operator":"equals","value":"M"}],)"
       R"("technographics":[{"name":"Device","operator":"equals","value":"Mobile"}],)"
       R"("reachability":[{"name":"has_token","operator":"equals","value":"True"}]},"from":20260101,"to":20260301})"},
      {"the whereabouts of a filter whatever the order of columns",
       {{"reachability:has_token", R"("*")"}, {"event", R"("Charged")"}, {"profile:Plan", R"("!*")"}},
       R"({"event_name":"Charged","common_profile_properties":{)"
       R"("profile_fields":[{"name":"Plan","operator":"does_not_exist"}],)"
       R"("reachability":[{"name":"has_token","operator":"exists"}]},"from":20260101,"to":20260301})"},
      {"property names as they are written",
       {{"event", R"("Charged")"}, {"EVENT:aMount Due: net", R"("5")"}},
       R"({"event_name":"Charged","event_properties":[{"name":"aMount Due: net","operator":"equals","value":5}],)"
       R"("from":20260101,"to":20260301})"},
      {"people who did all, any and none of some events",
       {{"event", R"("App Launched")"},
        {"did", R"("Charged | Viewed")"},
        {"did any", R"("\"Order | Cancel\"|Returned")"},
        {"did not", R"("Uninstalled")"},
        {"from", R"("2026-02-01")"},
        {"to", R"("2026-02-07")"}},
       R"({"event_name":"App Launched","advanced_query":{)"
       R"("did_all":[{"event_name":"Charged","from":20260201,"to":20260207},)"
       R"({"event_name":"Viewed","from":20260201,"to":20260207}],)"
       R"("did_any":{"any_events":[{"event_name":"Order | Cancel","from":20260201,"to":20260207},)"
       R"({"event_name":"Returned","from":20260201,"to":20260207}]},)"
       R"("did_none":[{"event_name":"Uninstalled","from":20260201,"to":20260207}]},"from":20260201,"to":20260207})"},
      {"events in the part of the row's period that the connector reads",
       {{"event", R"("App Launched")"}, {"did not", R"("Charged")"}, {"from", R"("2020-01-01")"}},
       R"({"event_name":"App Launched","advanced_query":{)"
       R"("did_none":[{"event_name":"Charged","from":20260101,"to":20260301}]},"from":20260101,"to":20260301})"},
      {"an event's name that looks like a number or has an operator's sign stays a name",
       {{"event", R"("App Launched")"}, {"did", R"("404 | ~x")"}, {"to", R"("20260102")"}},
       R"({"event_name":"App Launched","advanced_query":{"did_all":[)"
       R"({"event_name":"404","from":20260101,"to":20260102},{"event_name":"~x","from":20260101,"to":20260102}]},)"
       R"("from":20260101,"to":20260102})"},
      {"JSON for what columns cannot say",
       {{"kind", R"("trends")"},
        {"event", R"("Charged")"},
        {"query", R"("{\"groups\":{\"g\":{\"trend_type\":\"daily\"}},\"unique\":true}")"}},
       R"({"event_name":"Charged","groups":{"g":{"trend_type":"daily"}},"unique":true,"from":20260101,"to":20260301})"},
      {"JSON merged last: objects key by key, anything else replaced, arrays too",
       {{"event", R"("Charged")"},
        {"event:Amount", R"(">5")"},
        {"profile:Plan", R"("Gold")"},
        {"app:Make", R"("Apple")"},
        {"did", R"("Viewed")"},
        {"query", R"("{\"event_name\":\"Returned\",\"event_properties\":[],\"common_profile_properties\":)"
                  R"({\"app_fields\":[{\"name\":\"Model\",\"value\":\"x\"}],\"geo_fields\":[[\"in\"]]},)"
                  R"(\"advanced_query\":{\"did_all\":[{\"event_name\":\"B\",\"from\":20250101,\"to\":20250102}]}}")"}},
       R"({"event_name":"Returned","event_properties":[],"common_profile_properties":{)"
       R"("profile_fields":[{"name":"Plan","operator":"equals","value":"Gold"}],)"
       R"("app_fields":[{"name":"Model","value":"x"}],"geo_fields":[["in"]]},)"
       R"("advanced_query":{"did_all":[{"event_name":"B","from":20250101,"to":20250102}]},)"
       R"("from":20260101,"to":20260301})"},
      {"people without an event, and so without days",
       {{"kind", R"("profiles")"}, {"profile:Plan", R"("Gold")"}},
       R"({"common_profile_properties":{"profile_fields":[{"name":"Plan","operator":"equals","value":"Gold"}]}})"},
      {"people of an event",
       {{"kind", R"("Profiles")"}, {"event", R"("Charged")"}},
       R"({"event_name":"Charged","from":20260101,"to":20260301})"},
  };
  for (const auto& [what, cells, query] : cases) {
    INFO(what);
    const auto sheet = row_with(cells);
    REQUIRE(sheet.rows.size() == 1);
    CHECK(sheet.rows[0].error.value_or("") == "");
    CHECK(query_as_sent(sheet.rows[0]).dump() == query);
  }
}

TEST_CASE("a row is a query like those of the configuration") {
  const auto sheet = row_with({{"Kind", R"("profile_count")"},
                               {"event", R"("Charged")"},
                               {"GRANULARITY", R"("Range")"},
                               {"from", R"("2025-01-01")"},
                               {"to", R"("2026-02-01")"},
                               {"Campaign Owner", R"(" Ana ")"},
                               {"batch", "7"},
                               {"final", "true"},
                               {"note", R"("")"}});
  const auto& query = sheet.rows.at(0).query;
  CHECK_FALSE(query.error);
  CHECK(query.name == "q");
  CHECK(query.kind == QueryKind::profile_count);
  CHECK(query.granularity == Granularity::range);
  CHECK(query.body.dump() == R"({"event_name":"Charged"})");
  CHECK(query.from == day(20260101));
  CHECK(query.to == day(20260201));
  CHECK(query.context.dump() == R"({"Campaign Owner":" Ana ","batch":7,"final":true})");
}

TEST_CASE("what a row does not say is the default") {
  const auto sheet = row_with({{"event", R"("Charged")"}});
  const auto& query = sheet.rows.at(0).query;
  CHECK(query.kind == QueryKind::event_count);
  CHECK(query.granularity == Granularity::day);
  CHECK(query.context == Json::object());
  CHECK_FALSE(query.from);
  CHECK_FALSE(query.to);
}

TEST_CASE("the first row names the columns in any order and any case, and the sheet counts the rows") {
  const auto sheet = read_rows({"Campaigns", 3, 1, Json::parse(R"([["EVENT","owner"," Name "],
                                                                ["Charged","Ana","first"],
                                                                [],
                                                                ["","",""],
                                                                ["Viewed","Ben","second"]])")},
                               row_settings());
  REQUIRE(sheet.rows.size() == 2);
  CHECK(sheet.rows[0].number == 4);
  CHECK(sheet.rows[0].query.name == "first");
  CHECK(sheet.rows[1].number == 7);
  CHECK(sheet.rows[1].query.name == "second");
  CHECK(sheet.rows[1].query.context == Json{{"owner", "Ben"}});
  CHECK(sheet.warnings.empty());
}

TEST_CASE("a row of nothing but boxes is empty") {
  const auto sheet = rows_of(R"([["name","event","first time","enabled"],
                                 ["a","Charged",false,true],["","",false,true],["","",true,false]])");
  CHECK(sheet.rows.size() == 1);
  CHECK(sheet.rows[0].error.value_or("") == "");
}

TEST_CASE("a row that is not enabled is skipped whatever else it says") {
  const auto sheet =
      rows_of(R"([["name","enabled","kind"],["a","no"],["b","False","nonsense"],["c",0],["d","0"],["e",false],
                                 ["f","yes"],["g",true],["h",1],["i",""],["j","NO"]])");
  std::vector<std::string> names;
  for (const auto& row : sheet.rows) names.push_back(row.query.name);
  CHECK(names == std::vector<std::string>{"f", "g", "h", "i"});
  CHECK(sheet.disabled.size() == 6);
  CHECK(sheet.disabled.at("b") == 3);
}

TEST_CASE("a name is free again where the row that has it is not enabled") {
  const auto sheet = rows_of(R"([["name","enabled","event"],["a","no"],["a","yes","A"]])");
  REQUIRE(sheet.rows.size() == 1);
  CHECK_FALSE(sheet.rows[0].error);
}

TEST_CASE("the cells of a row are kept by header, a header that comes twice with a list") {
  const auto sheet = rows_of(R"([["name","event:Amount","event:Amount","","note"],["a",">5",7,"x",""],["b","",8]])");
  CHECK(sheet.rows.at(0).columns.dump() == R"({"name":"a","event:Amount":[">5",7]})");
  CHECK(sheet.rows.at(1).columns.dump() == R"({"name":"b","event:Amount":8})");
}

TEST_CASE("a sheet without anything in it has no rows") {
  CHECK(rows_of("[]").rows.empty());
  CHECK(rows_of("[[]]").rows.empty());
  CHECK(rows_of(R"([["name","event"]])").rows.empty());
}

}  // namespace
}  // namespace engagement::clevertap
