#include "sources/clevertap/sheet/sheet_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;

struct BadCell {
  std::string header;
  std::string cell;   // JSON
  std::string right;  // a part of the message: what would be right
};

TEST_CASE("a row that cannot be understood says where and what would be right") {
  const std::vector<BadCell> cases = {
      {"kind", R"("evnts")", R"(did you mean "events")"},
      {"kind", "5", "event_count"},
      {"granularity", R"("hour")", "Write day"},
      {"enabled", R"("maybe")", "Write no"},
      {"first time", R"("perhaps")", "neither yes nor no"},
      {"from", R"("03/04")", "2026-01-31"},
      {"to", R"("31.12.2026")", "-7d"},
      {"from", R"("2026-05-01")", "it reads 2026-01-01 to 2026-03-01"},
      {"to", R"("2025-12-31")", "it reads 2026-01-01 to 2026-03-01"},
      {"event", R"("A | B")", "double quotes"},
      {"event:Amount", R"(">five")", ">5"},
      {"profile:Plan", R"("a..b")", "double quotes"},
      {"session:utm_source", R"("!=x")", "no operators"},
      {"did", R"("A |")", "nothing on one side"},
      {"did any", R"("\"A")", "never closed"},
      {"events:Amount", R"("5")", R"(did you mean "event")"},
      {"Note: private", R"("x")", "leave the colon out"},
      {"event:", R"("x")", "Nothing follows the colon"},
      {"query", R"("{\"a\":")", "line 1, column"},
      {"query", R"("[1]")", "Write a JSON object"},
      {"query", "5", "Write a JSON object"},
      {"query", R"("{\"from\":20260101}")", R"(in a column "from")"},
      {"query", R"("{\"to\":20260101}")", R"(in a column "to")"},
      {"event", R"("#REF!")", "formula"},
      {"event:Amount", R"("#N/A")", "formula"},
  };
  for (const auto& [header, cell, right] : cases) {
    INFO(header << ": " << cell);
    const auto sheet = row_with({{header, cell}});
    REQUIRE(sheet.rows.size() == 1);
    const auto error = sheet.rows[0].error.value_or("");
    INFO(error);
    CHECK(error.starts_with("Sheet \"Queries\", row 2, column \"" + header + "\": "));
    CHECK(has(error, right));
    CHECK(sheet.rows[0].query.error == sheet.rows[0].error);
  }
}

TEST_CASE("from after to is an error of the row") {
  const auto sheet = row_with({{"event", R"("A")"}, {"from", R"("2026-02-10")"}, {"to", R"("2026-02-01")"}});
  CHECK(
      sheet.rows.at(0).error ==
      "Sheet \"Queries\", row 2, column \"from\": 2026-02-10 lies after \"to\", 2026-02-01. Exchange them, or correct "
      "one.");
}

TEST_CASE("what a kind of query needs is asked for by the column that brings it") {
  CHECK(has(row_with({{"kind", R"("events")"}}).rows.at(0).error.value_or(""), R"(column "event": It is empty)"));
  CHECK(has(row_with({{"kind", R"("trends")"}, {"event", R"("A")"}}).rows.at(0).error.value_or(""),
            R"(column "query": For this kind of query "groups" is missing)"));
  CHECK_FALSE(row_with({{"kind", R"("events")"}, {"query", R"("{\"event_name\":\"A\"}")"}}).rows.at(0).error);
}

TEST_CASE("names are a stream's, each once, and none that another stream has") {
  const auto sheet =
      rows_of(R"([["name","event"],["orders","A"],["big orders","A"],["","A"],["events","A"],["orders","B"],
                                 [2026,"A"],[" padded ","A"]])");
  REQUIRE(sheet.rows.size() == 7);
  CHECK_FALSE(sheet.rows[0].error);
  CHECK(has(sheet.rows[1].error.value_or(""), R"(row 3, column "name": "big orders" is no stream's name)"));
  CHECK(has(sheet.rows[2].error.value_or(""), R"(row 4, column "name": It is empty)"));
  CHECK(has(sheet.rows[3].error.value_or(""), R"(row 5, column "name": There is a stream "events" already)"));
  CHECK(has(sheet.rows[4].error.value_or(""), R"(row 6, column "name": "orders" is the name of row 2 already)"));
  CHECK_FALSE(sheet.rows[4].name);
  CHECK(sheet.rows[5].query.name == "2026");
  CHECK(sheet.rows[6].query.name == "padded");
}

TEST_CASE("everything that is wrong with a row is in its one message") {
  const auto sheet = row_with({{"kind", R"("evnts")"}, {"from", R"("03/04")"}, {"event:A", R"(">x")"}});
  const auto error = sheet.rows.at(0).error.value_or("");
  for (const char* part : {R"(column "kind")", R"(Also column "from")", R"(Also column "event:A")"}) {
    CHECK(has(error, part));
  }
}

TEST_CASE("a bad row keeps its name and kind where they are good") {
  const auto bad_day = row_with({{"kind", R"("events")"}, {"event", R"("A")"}, {"from", R"("03/04")"}});
  CHECK(bad_day.rows.at(0).name == "q");
  CHECK(bad_day.rows.at(0).kind == QueryKind::events);
  const auto bad_kind = row_with({{"kind", R"("evnts")"}});
  CHECK(bad_kind.rows.at(0).name == "q");
  CHECK_FALSE(bad_kind.rows.at(0).kind);
}

TEST_CASE("only filters may be there twice, and only rows that use the second one are bad") {
  for (const char* header : {"event", "from", "query", "did", "note"}) {
    const std::string row = std::string(R"([["name",")") + header + R"(",")" + header + R"("],["a","","x"],["b"]])";
    const auto sheet = rows_of(row);
    INFO(row);
    REQUIRE(sheet.rows.size() == 2);
    CHECK(has(sheet.rows[0].error.value_or(""), "only filters may be there twice"));
    CHECK_FALSE(has(sheet.rows[1].error.value_or(""), "only filters may be there twice"));
  }
}

TEST_CASE("without a column for names every row is bad") {
  const auto sheet = rows_of(R"([["event"],["A"],["B"]])");
  REQUIRE(sheet.rows.size() == 2);
  for (const auto& row : sheet.rows) CHECK(row.error == sheet.problem);
  CHECK(has(sheet.problem.value_or(""), R"(Sheet "Queries", row 1 has no column "name")"));
  CHECK(has(sheet.problem.value_or(""), "It has: event."));
}

TEST_CASE("a column that nobody understands is told even where no row uses it") {
  const auto sheet = rows_of(R"([["name","events:Amount","event"],["a","","A"]])");
  CHECK_FALSE(sheet.rows.at(0).error);
  REQUIRE(sheet.warnings.size() == 1);
  CHECK(has(sheet.warnings[0], R"(Sheet "Queries", row 1, column "events:Amount")"));
}

TEST_CASE("a column that is spelled almost like a known one is remarked") {
  const auto sheet = rows_of(R"([["name","did_not","First-Time","owner"],["a"]])");
  REQUIRE(sheet.warnings.size() == 2);
  CHECK(has(sheet.warnings[0], R"("did_not" is carried into the records as context. If you mean "did not")"));
  CHECK(has(sheet.warnings[1], R"("first time")"));
}

TEST_CASE("a time of the day that is a number is remarked, and sent") {
  for (const char* cell : {"0.5", R"("0.5")", R"("0.5 | 0.75")"}) {
    const auto sheet = row_with({{"event", R"("A")"}, {"session:time_of_day", cell}});
    CHECK_FALSE(sheet.rows.at(0).error);
    REQUIRE(sheet.warnings.size() == 1);
    CHECK(has(sheet.warnings[0], R"(row 2, column "session:time_of_day")"));
    CHECK(has(sheet.warnings[0], "00:00..14:00"));
  }
  CHECK(row_with({{"session:time_of_day", R"("00:00..14:00")"}}).warnings.empty());
}

TEST_CASE("days of a query that is sent without any are remarked") {
  const auto sheet = row_with({{"kind", R"("profiles")"}, {"profile:A", R"("1")"}, {"from", R"("-7d")"}});
  CHECK_FALSE(sheet.rows.at(0).error);
  REQUIRE(sheet.warnings.size() == 1);
  CHECK(has(sheet.warnings[0], "no effect"));
}

TEST_CASE("a count without an event is asked for it by its column, unless JSON may bring it") {
  for (const char* kind : {R"("event_count")", R"("trends")", R"("top_property_values")"}) {
    CHECK(has(row_with({{"kind", kind}, {"owner", R"("Ana")"}}).rows.at(0).error.value_or(""),
              R"(column "event": It is empty)"));
  }
  CHECK_FALSE(row_with({{"query", R"("{\"event_name\":\"A\"}")"}}).rows.at(0).error);
  CHECK_FALSE(row_with({{"kind", R"("profile_count")"}, {"profile:Plan", R"("Gold")"}}).rows.at(0).error);
}

TEST_CASE("a number in a row's JSON that would be sent as another one is refused with its place") {
  const auto error = row_with({{"query", R"("{\"event_name\":\"A\",\n\"id\":12345678901234567890123}")"}})
                         .rows.at(0)
                         .error.value_or("");
  CHECK(has(error,
            R"(column "query": The text holds a number that cannot be sent as exactly this number: line 2, column 6)"));
  CHECK(has(error, "double quotes"));
}

TEST_CASE("text below an empty first cell is warned of by its column's letter") {
  const auto json = Json::parse(R"([["name","event",""],["a","A","lost",null,7],["b","A"],["","","",""]])");
  const auto sheet = read_rows({"Queries", 5, 2, json}, row_settings());
  REQUIRE(sheet.warnings.size() == 2);
  CHECK(has(sheet.warnings[0], R"(Sheet "Queries", row 6, column D)"));
  CHECK(has(sheet.warnings[1], R"(Sheet "Queries", row 6, column F)"));
}

}  // namespace
}  // namespace engagement::clevertap
