#include "client.hpp"

namespace engagement::simulator::sheets {
namespace {

using nlohmann::json;

TEST_CASE("The spreadsheet tells its tabs, its zone and its locale") {
  const Simulated simulated;
  const json answer = simulated.get(simulated.path(), simulated.token()).json();
  CHECK(answer.at("properties").at("title") == "Numbers");
  CHECK(answer.at("properties").at("timeZone") == "Asia/Kolkata");
  CHECK(answer.at("properties").at("locale") == "en_GB");
  REQUIRE(answer.at("sheets").size() == 3);
  const json& second = answer.at("sheets")[1].at("properties");
  CHECK(second.at("title") == "Anna's asks / EU");
  CHECK(second.at("sheetId") == 77);
  CHECK(second.at("gridProperties").at("rowCount") == 1'000);
}

TEST_CASE("Values come as numbers, booleans and serial days, without trailing empty cells and rows") {
  const Simulated simulated;
  const json answer = simulated.values("Queries", simulated.token()).json();
  CHECK(answer.at("range") == "Queries!A1:Z1000");
  CHECK(answer.at("majorDimension") == "ROWS");
  CHECK(answer.at("values") == json::parse(R"([["name","from","event","enabled","Amount"],
      ["a",46053,"Charged",true,12.5],[],["b",46053.5,"",false,7]])"));
  CHECK(answer.at("values")[1][1].is_number_integer());
}

TEST_CASE("Without render options values come as a person sees them") {
  const Simulated simulated;
  const std::string token = simulated.token();
  const json seen = simulated.get(simulated.values_path("Queries!A2:E2"), token).json();
  CHECK(seen.at("values") == json::parse(R"([["a","2026-01-31","Charged","TRUE","12.5"]])"));
  const std::string dates = "?valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING";
  CHECK(simulated.get(simulated.values_path("Queries!B2") + dates, token).json().at("values")[0][0] == "2026-01-31");
  const json columns = simulated.get(simulated.values_path("Queries!B1:C5") + "?majorDimension=COLUMNS", token).json();
  CHECK(columns.at("values") == json::parse(R"([["from","2026-01-31","","2026-01-31 12:00:00"],["event","Charged"]])"));
  CHECK(simulated.get(simulated.values_path("Queries") + "?valueRenderOption=RAW", token).status == 400);
}

TEST_CASE("Ranges are read in every form, quoted and percent-encoded titles too") {
  Simulated simulated;
  const std::string token = simulated.token();
  const auto read = [&](const std::string& range) {
    simulated.clock.advance(std::chrono::seconds(2));
    return simulated.values(range, token).json();
  };
  CHECK(read("'Anna''s asks / EU'").at("values") == json::parse(R"([["x"],["y"]])"));
  CHECK(read("'Anna''s asks / EU'").at("range") == "'Anna''s asks / EU'!A1:Z1000");
  CHECK(read("'Anna''s asks / EU'!A2").at("values") == json::parse(R"([["y"]])"));
  CHECK(read("Anna's asks / EU!A2:A").at("values") == json::parse(R"([["y"]])"));
  CHECK(read("A1:B1").at("values") == json::parse(R"([["name","from"]])"));
  CHECK(read("b1:a1").at("values") == json::parse(R"([["name","from"]])"));
  CHECK(read("Queries!D:D").at("values") == json::parse(R"([["enabled"],[true],[],[false]])"));
  CHECK(read("Queries!4:4").at("values") == json::parse(R"([["b",46053.5,"",false,7]])"));
  CHECK(read("Queries!A4:A").at("values") == json::parse(R"([["b"]])"));
  CHECK(read("Queries!A1:ZZ1").at("range") == "Queries!A1:Z1");
  CHECK(!read("Empty").contains("values"));
}

TEST_CASE("A range that cannot be read, names no tab or lies beyond the grid is an invalid argument") {
  Simulated simulated;
  const std::string token = simulated.token();
  for (const char* range : {"Nowhere", "Nowhere!A1", "'Queries!A1", "Queries!A0", "Queries!A:5", "Queries!"}) {
    const auto answer = simulated.values(range, token);
    CHECK(answer.status == 400);
    CHECK(answer.error_status() == "INVALID_ARGUMENT");
    CHECK(answer.error_message() == "Unable to parse range: " + std::string(range));
  }
  CHECK(simulated.values("Queries!A2000", token).error_message().find("exceeds grid limits") != std::string::npos);
}

TEST_CASE("A key reads a sheet that anyone with the link may read, and nothing else") {
  const Simulated simulated;
  CHECK(simulated.get(simulated.values_path("Queries") + "?key=sim-api-key").status == 200);
  const auto wrong = simulated.get(simulated.path() + "?key=AIza-not-this");
  CHECK(wrong.status == 400);
  CHECK(wrong.json().at("error").at("details")[0].at("reason") == "API_KEY_INVALID");
  CHECK(simulated.get(simulated.path()).status == 403);
  CHECK(simulated.put(simulated.values_path("Queries!A1") + "?valueInputOption=RAW&key=sim-api-key", "{}").status ==
        401);
  Options options;
  options.is_private = true;
  const Simulated closed(options);
  CHECK(closed.get(closed.path() + "?key=sim-api-key").error_status() == "PERMISSION_DENIED");
  CHECK(closed.get(closed.path(), closed.token()).status == 200);
}

TEST_CASE("A sheet that is not shared, an unknown one and a token that is none have each their error") {
  Options options;
  options.not_shared = true;
  const Simulated simulated(options);
  const std::string token = simulated.token();
  const auto refused = simulated.get(simulated.path(), token);
  CHECK(refused.status == 403);
  CHECK(refused.error_message() == "The caller does not have permission");
  CHECK(simulated.get("/v4/spreadsheets/another", token).error_status() == "NOT_FOUND");
  CHECK(simulated.get(simulated.path(), "ya29.never-issued").error_status() == "UNAUTHENTICATED");
}

TEST_CASE("The sixty-first read of a minute is refused, and the next minute's is not") {
  Simulated simulated;
  const std::string token = simulated.token();
  for (int read = 0; read < 60; ++read) REQUIRE(simulated.values("Queries", token).status == 200);
  const auto refused = simulated.values("Queries", token);
  CHECK(refused.status == 429);
  CHECK(refused.error_status() == "RESOURCE_EXHAUSTED");
  simulated.clock.advance(std::chrono::minutes(1));
  CHECK(simulated.values("Queries", token).status == 200);
}

TEST_CASE("Faults refuse in Google's words or spoil the answer, step by step") {
  Simulated simulated;
  const std::string token = simulated.token();
  const auto status = [&](const char* rule) {
    simulated.fault(json::parse(rule));
    return simulated.values("Queries", token).status;
  };
  CHECK(status(R"({"fault":"permission_denied","match":{"step":"values"}})") == 403);
  CHECK(status(R"({"fault":"permission_denied","match":{"step":"titles"}})") == 200);
  CHECK(status(R"({"fault":"rate429","retry_after":3})") == 429);
  CHECK(status(R"({"fault":"unavailable"})") == 503);
  CHECK(status(R"({"fault":"internal"})") == 500);
  CHECK(status(R"({"fault":"service_disabled"})") == 403);
  CHECK(status(R"({"fault":"html_page"})") == 502);
  CHECK(status(R"({"fault":"truncate_body"})") == -1);
  simulated.fault(json::parse(R"({"fault":"invalid_grant"})"));
  CHECK(simulated.ask_for_token(simulated.claims(), simulated.key().at("private_key").get<std::string>()).status ==
        400);
}

TEST_CASE("The sheet can be replaced, and what is no sheet leaves the old one") {
  Simulated simulated;
  const std::string token = simulated.token();
  CHECK(simulated.put("/_simulator/sheet", R"({"tabs":[{"title":"New","rows":[[1]]}]})").status == 200);
  CHECK(simulated.values("New", token).json().at("values") == json::parse("[[1]]"));
  for (const char* wrong : {"{}", R"({"tabs":[{"rows":[]}]})", R"({"tabs":[{"title":"T","rows":[1]}]})",
                            R"({"tabs":[{"title":"T","rows":[[{"day":"2026-01-31"}]]}]})", "nonsense"}) {
    CHECK(simulated.put("/_simulator/sheet", wrong).status == 400);
  }
  CHECK(simulated.get("/_simulator/sheet").json().at("tabs")[0].at("title") == "New");
}

}  // namespace
}  // namespace engagement::simulator::sheets
