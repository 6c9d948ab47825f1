#include <atomic>

#include "sources/clevertap/sync_fixture.hpp"
#include "support/catch.hpp"
#include "support/protocol_schema.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using test::answer;

// CleverTap knows every event but Nobody, and takes a minute for Slow; Google has one tab with `rows`.
struct SheetFixture : SyncFixture {
  SheetFixture() {
    client.answer_with([this](const http::Request& request, const std::stop_token&) {
      return has(request.url, "sheets.googleapis.com") ? google(request) : clevertap(request);
    });
  }

  test::ScriptedAnswer google(const http::Request& request) {
    ++google_requests;
    if (google_refusal) return *google_refusal;
    if (!has(request.url, "/values/")) return answer(R"({"sheets":[{"properties":{"sheetId":0,"title":"Asks"}}]})");
    return answer(Json{{"range", "Asks!A1:Z1000"}, {"values", Json::parse(rows)}}.dump());
  }

  static test::ScriptedAnswer clevertap(const http::Request& request) {
    if (has(request.url, "/getSchema?type=events")) {
      return answer(R"({"status":"success","events":[{"name":"Charged"}]})");
    }
    if (has(request.url, "/getSchema")) return answer(R"({"status":"success","userProperties":[]})");
    if (has(request.body, "Nobody")) {
      return answer(R"({"status":"fail","error":"[\"Invalid event : Nobody\"]","code":400})");
    }
    if (has(request.body, "Slow") || has(request.url, "req_id=9")) return answer(R"({"req_id":9,"status":"partial"})");
    if (has(request.url, "/counts/")) return answer(R"({"status":"success","count":7})");
    if (request.method == http::Method::post) return answer(R"({"status":"success","cursor":"c"})");
    return answer(R"({"status":"success"})");
  }

  static Json config(Json changes = Json::object()) {
    changes["query_sheet"] = {{"spreadsheet", "1aB"}, {"credentials", {{"auth_type", "api_key"}, {"api_key", "AIza"}}}};
    return changes;
  }

  std::vector<std::string> names(const Json& changes = Json::object()) {
    std::vector<std::string> all;
    for (const auto& stream : discover(config(changes))) all.push_back(stream.name);
    return all;
  }

  std::vector<Json> listed(const Json& changes) {
    engine::CommandContext command(environment, logger);
    return source->list_queries(config_json(changes), command, {});
  }

  std::string rows =
      R"([["name","kind","event","owner","from"],["orders","event_count","Charged","Ana","2026-02-27"]])";
  std::optional<test::ScriptedAnswer> google_refusal;
  std::atomic<int> google_requests = 0;
};

bool is_in(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

TEST_CASE("check sends the good rows once, for one day, and succeeds without a remark") {
  SheetFixture f;
  CHECK(f.check(SheetFixture::config()).remarks.empty());
  REQUIRE(f.posted("/1/counts/events.json").size() == 1);
  CHECK(f.posted("/1/counts/events.json")[0].dump() == R"({"event_name":"Charged","from":20260228,"to":20260228})");
  CHECK(f.google_requests == 2);
}

TEST_CASE("check succeeds with every bad row in its remarks while one row is good") {
  SheetFixture f;
  f.rows = R"([["name","kind","event","from"],["orders","","Charged",""],["bad_day","","Charged","03/04"],
               ["unknown","","Nobody",""],["bad kind","evnts","",""]])";
  const auto remarks = f.check(SheetFixture::config()).remarks;
  REQUIRE(remarks.size() == 3);
  CHECK(remarks[0].starts_with(R"(Sheet "Asks", row 3, column "from": )"));
  CHECK(remarks[1].starts_with(R"(Sheet "Asks", row 5, column "name": )"));
  CHECK(has(remarks[2],
            R"(Sheet "Asks", row 4, "unknown": CleverTap does not accept the query: "Invalid event : Nobody")"));
}

TEST_CASE("check fails where no row is good, with all of them in its message") {
  SheetFixture f;
  f.rows = R"([["name","event","from"],["a","Charged","03/04"],["b","Nobody",""]])";
  const auto text = message_of([&] { f.check(SheetFixture::config()); });
  CHECK(has(text, "config_error: Query Sheet (query_sheet): no row of the sheet \"Asks\" can be used."));
  CHECK(has(text, R"(row 2, column "from")"));
  CHECK(has(text, R"(row 3, "b")"));
}

TEST_CASE("check fails for a sheet without a row, or without one that is switched on") {
  SheetFixture f;
  for (const char* rows : {"[]", R"([["name"]])", R"([["name"],["",""],[]])"}) {
    f.rows = rows;
    CHECK(has(message_of([&] { f.check(SheetFixture::config()); }), "has no row with a query"));
  }
  f.rows = R"([["name","enabled"],["a","no"]])";
  CHECK(has(message_of([&] { f.check(SheetFixture::config()); }), "has no row that is switched on"));
}

TEST_CASE("check fails for a sheet that cannot be read") {
  SheetFixture f;
  f.google_refusal = answer(R"({"error":{"code":403,"message":"The caller does not have permission"}})", 403);
  CHECK(has(message_of([&] { f.check(SheetFixture::config()); }), "config_error: Query Sheet (query_sheet)"));
  f.google_refusal = answer("", 503);
  CHECK(has(message_of([&] { f.check(SheetFixture::config()); }), "transient_error"));
}

TEST_CASE("check names the rows that were not answered in time, and the doubtful ones") {
  SheetFixture f;
  f.environment.deadline = f.clock.steady_now() + std::chrono::seconds(60);
  f.rows = R"([["name","event","session:time_of_day"],["slow","Slow",""],["morning","Charged",0.5]])";
  const auto remarks = f.check(SheetFixture::config()).remarks;
  REQUIRE(remarks.size() == 2);
  CHECK(has(remarks[0], R"(row 2, "slow" could not be checked)"));
  CHECK(has(remarks[1], R"(row 3, column "session:time_of_day")"));
}

TEST_CASE("discover lists the rows' streams, a bad one whose name and kind are good, and the rows themselves") {
  SheetFixture f;
  f.rows = R"([["name","kind","event","from","enabled"],["orders","event_count","Charged","",""],
               ["bad_day","trends","Charged","03/04",""],["bad_kind","evnts","Charged","",""],["off","","Charged","","no"],
               ["orders","","Charged","",""]])";
  const auto names = f.names({{"queries", {{{"name", "own"}, {"kind", "event_count"}, {"query", "{}"}}}}});
  CHECK(std::count(names.begin(), names.end(), "orders") == 1);
  for (const char* name : {"own", "bad_day", "query_sheet_rows"}) CHECK(is_in(names, name));
  for (const char* name : {"bad_kind", "off"}) CHECK_FALSE(is_in(names, name));
  int bad_rows = 0;
  for (const auto& text : f.logs("WARN")) bad_rows += has(text, "Sheet \"Asks\", row ") ? 1 : 0;
  CHECK(bad_rows == 3);
}

TEST_CASE("discover fails for a sheet that cannot be read, so that no stream is taken for gone") {
  SheetFixture f;
  f.google_refusal = answer(R"({"error":{"code":404,"message":"Requested entity was not found."}})", 404);
  CHECK(has(message_of([&] { f.names(); }), "config_error"));
}

TEST_CASE("without a query sheet nobody asks Google, and there is no stream of rows") {
  SheetFixture f;
  for (const auto& stream : f.discover()) CHECK(stream.name != "query_sheet_rows");
  CHECK(f.google_requests == 0);
}

TEST_CASE("a row is read as its query, with its context") {
  SheetFixture f;
  CHECK(f.read({"orders"}, SheetFixture::config()) == engine::RunResult::complete);
  const auto records = f.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0]["query_name"] == "orders");
  CHECK(records[0]["from"] == "2026-02-27");
  CHECK(records[0]["count"] == 7);
  CHECK(records[0]["context"] == Json{{"owner", "Ana"}});
  CHECK(f.posted("/1/counts/events.json").size() == 3);
  CHECK_FALSE(test::protocol_violation_in_lines(f.sink.text()).has_value());
}

TEST_CASE("the sheet is read once, whatever the number of its streams, and not at all for other streams") {
  SheetFixture f;
  f.rows = R"([["name","event","granularity"],["a","Charged","range"],["b","Charged","range"]])";
  CHECK(f.read({"a", "b", "query_sheet_rows"}, SheetFixture::config()) == engine::RunResult::complete);
  CHECK(f.google_requests == 2);
  f.google_requests = 0;
  CHECK(f.read({"real_time_counts"}, SheetFixture::config()) == engine::RunResult::complete);
  CHECK(f.google_requests == 0);
}

TEST_CASE("the stream of a row that is bad, gone or switched off fails with its reason, and the others are read") {
  SheetFixture f;
  f.rows = R"([["name","kind","event","from","enabled","granularity"],["good","","Charged","","","range"],
               ["bad_day","","Charged","03/04","",""],["bad_kind","evnts","Charged","","",""],["off","","Charged","","no",""]])";
  CHECK(f.read({"good", "bad_day", "bad_kind", "off", "gone"}, SheetFixture::config()) == engine::RunResult::failed);
  const auto failures = f.failures();
  CHECK(failures.size() == 4);
  CHECK(has(failures.at("bad_day"), R"(config_error: Sheet "Asks", row 3, column "from")"));
  CHECK(has(failures.at("bad_kind"), R"(config_error: Sheet "Asks", row 4, column "kind")"));
  CHECK(has(failures.at("off"), R"(config_error: Sheet "Asks", row 5)"));
  CHECK(has(failures.at("off"), "switched off"));
  CHECK(has(failures.at("gone"), R"(config_error: The sheet "Asks" has no row with the name "gone")"));
  CHECK(f.kinds("good").back() == "COMPLETE");
  for (const char* name : {"bad_day", "bad_kind", "off", "gone"}) CHECK(f.kinds(name).back() == "ERROR");
  CHECK(f.records().size() == 1);
}

TEST_CASE("a sheet that cannot be read is the failure of its streams alone") {
  SheetFixture f;
  f.google_refusal = answer(R"({"error":{"code":404,"message":"Requested entity was not found."}})", 404);
  CHECK(f.read({"orders", "query_sheet_rows", "real_time_counts"}, SheetFixture::config()) ==
        engine::RunResult::failed);
  CHECK(f.failures().size() == 2);
  CHECK(f.kinds("real_time_counts").back() == "COMPLETE");
}

TEST_CASE("the rows are records, so that results can be joined with who asked") {
  SheetFixture f;
  f.rows = R"([["name","event","owner","enabled","from"],["orders","Charged","Ana\u2028Lee",true,"2026-02-01"],[],
               ["off","Charged","Ben",false],["bad","Charged","Eve","","03/04"],["","Charged"]])";
  CHECK(f.read({"query_sheet_rows"}, SheetFixture::config()) == engine::RunResult::complete);
  const auto records = f.records();
  REQUIRE(records.size() == 3);
  CHECK(records[0].dump() == Json({{"row", 2},
                                   {"name", "orders"},
                                   {"columns",
                                    {{"name", "orders"},
                                     {"event", "Charged"},
                                     {"owner", "Ana\u2028Lee"},
                                     {"enabled", true},
                                     {"from", "2026-02-01"}}},
                                   {"query", {{"event_name", "Charged"}, {"from", 20260201}, {"to", 20260301}}},
                                   {"error", nullptr}})
                                 .dump());
  CHECK(records[1]["row"] == 5);
  CHECK(records[1]["name"] == "bad");
  CHECK(records[1]["query"].is_null());
  CHECK(has(records[1]["error"], R"(Sheet "Asks", row 5, column "from")"));
  CHECK(records[2]["name"].is_null());
  CHECK(f.sink.text().find("\u2028") == std::string::npos);
  CHECK(f.states().back() == Json{{"version", 1}, {"sync_mode", "full_refresh"}, {"finished", true}});
  CHECK_FALSE(test::protocol_violation_in_lines(f.sink.text()).has_value());
}

TEST_CASE("the queries are listed as they will be sent, a bad row with its reason") {
  SheetFixture f;
  f.rows = R"([["name","kind","event","from"],["orders","","Charged","2026-02-01"],["bad","","Charged","03/04"],
               ["gold","profiles","",""]])";
  const auto lines = f.listed(SheetFixture::config());
  REQUIRE(lines.size() == 3);
  CHECK(
      lines[0].dump() ==
      R"({"row":2,"name":"orders","kind":"event_count","query":{"event_name":"Charged","from":20260201,"to":20260301}})");
  CHECK(lines[1]["row"] == 3);
  CHECK(has(lines[1]["error"], R"(Sheet "Asks", row 3, column "from")"));
  CHECK(lines[1].size() == 2);
  CHECK(lines[2].dump() == R"({"row":4,"name":"gold","kind":"profiles","query":{}})");
  CHECK(has(message_of([&] { f.listed(Json::object()); }), "config_error: The configuration has no Query Sheet"));
}

TEST_CASE("a row may not take the name of a query of the configuration") {
  SheetFixture f;
  const Json own{{"queries", {{{"name", "orders"}, {"kind", "event_count"}, {"query", "{}"}}}}};
  CHECK(has(f.listed(SheetFixture::config(own)).at(0)["error"], R"(There is a stream "orders" already)"));
  const Json taken{{"queries", {{{"name", "query_sheet_rows"}, {"kind", "event_count"}, {"query", "{}"}}}}};
  CHECK(has(message_of([&] { f.check(taken); }), "query_sheet_rows"));
}

TEST_CASE("a row whose query has changed since the last sync is counted from its start") {
  SheetFixture f;
  const auto sync = [&](const std::optional<Json>& state) {
    f.read({"orders"}, SheetFixture::config({{"lookback_days", 0}}), protocol::SyncMode::incremental, state);
    return f.states().back();
  };
  const auto state = sync(std::nullopt);
  const auto before = f.posted("/1/counts/events.json").size();
  sync(state);
  CHECK(f.posted("/1/counts/events.json").size() == before + 1);  // today alone
  f.rows = R"([["name","kind","event","event:Amount","from"],["orders","event_count","Charged",">5","2026-02-27"]])";
  sync(state);
  CHECK(f.posted("/1/counts/events.json").size() == before + 4);
  bool told = false;
  for (const auto& text : f.logs("WARN")) told = told || has(text, "the query has changed");
  CHECK(told);
}

}  // namespace
}  // namespace engagement::clevertap
