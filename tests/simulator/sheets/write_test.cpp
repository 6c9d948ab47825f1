#include "client.hpp"

namespace engagement::simulator::sheets {
namespace {

using nlohmann::json;

TEST_CASE("Rows are appended below the last one, as they are or as if they were typed") {
  const Simulated simulated;
  const std::string token = simulated.token("spreadsheets");
  const auto append = [&](const std::string& option, const json& rows) {
    const std::string target = simulated.values_path("'Anna''s asks / EU'") + ":append" + option;
    return simulated.post(target, json{{"values", rows}}.dump(), token);
  };
  const json raw = append("?valueInputOption=RAW", {{"5", 6, true}, {nullptr, "z"}}).json();
  CHECK(raw.at("tableRange") == "'Anna''s asks / EU'!A1:A2");
  CHECK(raw.at("updates").at("updatedRange") == "'Anna''s asks / EU'!A3:C4");
  CHECK(raw.at("updates").at("updatedCells") == 4);
  append("?valueInputOption=USER_ENTERED", {{"5", "TRUE", "2026-01-31", "five"}});
  CHECK(simulated.values("'Anna''s asks / EU'", token).json().at("values") ==
        json::parse(R"([["x"],["y"],["5",6,true],["","z"],[5,true,46053,"five"]])"));
  CHECK(append("", {{1}}).error_message() == "'valueInputOption' is required but not specified");
}

TEST_CASE("A range is written and cleared, and not beyond its end") {
  const Simulated simulated;
  const std::string token = simulated.token("spreadsheets");
  const auto update = [&](const std::string& range, const json& rows) {
    return simulated.put(simulated.values_path(range) + "?valueInputOption=RAW", json{{"values", rows}}.dump(), token);
  };
  CHECK(update("Empty!B2", {{1, 2}, {3, 4}}).json().at("updatedRange") == "Empty!B2:C3");
  CHECK(simulated.values("Empty", token).json().at("values") == json::parse(R"([[],["",1,2],["",3,4]])"));
  CHECK(update("Empty!A1:B2", {{1, 2, 3}}).error_message() ==
        "Requested writing within range [Empty!A1:B2], but tried writing to column [C]");
  CHECK(update("Empty!A1:B1", {{1}, {2}}).error_message() ==
        "Requested writing within range [Empty!A1:B1], but tried writing to row [2]");
  CHECK(update("Empty!A1", {{json::array({1})}}).status == 400);
  CHECK(simulated.post(simulated.values_path("Empty!B2:B3") + ":clear", "{}", token).json().at("clearedRange") ==
        "Empty!B2:B3");
  CHECK(simulated.values("Empty!A2:C3", token).json().at("values") == json::parse(R"([["","",2],["","",4]])"));
}

TEST_CASE("A tab is added and removed by a batch of requests") {
  const Simulated simulated;
  const std::string token = simulated.token("spreadsheets");
  const auto batch = [&](const char* requests) {
    return simulated.post(simulated.path() + ":batchUpdate", std::string(R"({"requests":)") + requests + "}", token);
  };
  const json added =
      batch(R"([{"addSheet":{"properties":{"title":"Results","gridProperties":{"rowCount":5,"columnCount":2}}}}])")
          .json();
  const json properties = added.at("replies")[0].at("addSheet").at("properties");
  CHECK(properties.at("title") == "Results");
  CHECK(properties.at("gridProperties").at("rowCount") == 5);
  CHECK(batch(R"([{"addSheet":{"properties":{"title":"Results"}}}])").error_message().find("already exists") !=
        std::string::npos);
  CHECK(batch((R"([{"deleteSheet":{"sheetId":)" + properties.at("sheetId").dump() + "}}]").c_str()).status == 200);
  CHECK(simulated.values("Results", token).status == 400);
  CHECK(batch(R"([{"repeatCell":{}}])").error_message() == "Invalid requests[0]: No request set.");
}

TEST_CASE("A tab that is made smaller loses what lies outside, and one that is made larger takes more") {
  const Simulated simulated;
  const std::string token = simulated.token("spreadsheets");
  const auto batch = [&](const std::string& requests) {
    return simulated.post(simulated.path() + ":batchUpdate", R"({"requests":)" + requests + "}", token);
  };
  const json added =
      batch(R"([{"addSheet":{"properties":{"title":"Results","gridProperties":{"rowCount":2,"columnCount":2}}}}])")
          .json();
  const std::string gid = added.at("replies")[0].at("addSheet").at("properties").at("sheetId").dump();
  const auto resize = [&](const std::string& size) {
    return batch(R"([{"updateSheetProperties":{"properties":{"sheetId":)" + gid + R"(,"gridProperties":)" + size +
                 R"(},"fields":"gridProperties/rowCount"}}])")
        .status;
  };
  const std::string target = simulated.values_path("Results!A1") + "?valueInputOption=RAW";
  CHECK(simulated.put(target, R"({"values":[[1,2],[3,4],[5,6]]})", token).status == 400);
  CHECK(resize(R"({"rowCount":3})") == 200);
  CHECK(simulated.put(target, R"({"values":[[1,2],[3,4],[5,6]]})", token).status == 200);
  CHECK(resize(R"({"rowCount":1,"columnCount":1})") == 200);
  CHECK(simulated.values("Results", token).json().at("values").dump() == "[[1]]");
  CHECK(batch(R"([{"updateSheetProperties":{"properties":{"sheetId":99}}}])").status == 400);
}

TEST_CASE("Writing wants the right scope and the right to edit") {
  const Simulated simulated;
  const std::string target = simulated.values_path("Empty!A1") + "?valueInputOption=RAW";
  const auto refused = simulated.put(target, R"({"values":[[1]]})", simulated.token());
  CHECK(refused.status == 403);
  CHECK(refused.json().at("error").at("details")[0].at("reason") == "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
  Options options;
  options.view_only = true;
  const Simulated viewed(options);
  const auto denied = viewed.put(target, R"({"values":[[1]]})", viewed.token("spreadsheets"));
  CHECK(denied.error_message() == "The caller does not have permission");
  CHECK(viewed.values("Empty", viewed.token("spreadsheets")).status == 200);
}

}  // namespace
}  // namespace engagement::simulator::sheets
