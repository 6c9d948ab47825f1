#include "sources/clevertap/sheet/google_sheets.hpp"

#include "sources/clevertap/sheet/google_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using test::answer;

std::string header_of(const http::Request& request, std::string_view name) {
  for (const auto& one : request.headers) {
    if (one.name == name) return one.value;
  }
  return {};
}

std::string google_error(int status, const std::string& message, const std::string& reason = {}) {
  Json error{{"code", status}, {"message", message}, {"status", "X"}};
  if (!reason.empty()) error["details"] = Json::array({Json{{"reason", reason}}});
  return Json{{"error", error}}.dump();
}

TEST_CASE("a service account asks for a token, the tabs and the cells, once each") {
  GoogleFixture f;
  const auto table = f.read(sheet_json());
  CHECK(table.title == "Queries");
  CHECK(table.first_row == 1);
  CHECK(table.rows.dump() == R"([["name","event"],["orders","Charged"]])");
  const auto requests = f.client.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].url == "https://oauth2.googleapis.com/token");
  CHECK(header_of(requests[0], "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(requests[0].body.starts_with("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey"));
  CHECK(requests[1].url.starts_with("https://sheets.googleapis.com/v4/spreadsheets/1aB?fields=properties%28title%2C"));
  CHECK(requests[2].url ==
        "https://sheets.googleapis.com/v4/spreadsheets/1aB/values/%27Queries%27?valueRenderOption=UNFORMATTED_VALUE&"
        "dateTimeRenderOption=SERIAL_NUMBER");
  for (const std::size_t one : {1u, 2u}) CHECK(header_of(requests[one], "Authorization") == "Bearer ya29.token");
}

TEST_CASE("the key, the assertion and the token are secrets from the moment they are known") {
  GoogleFixture f;
  f.read(sheet_json());
  const auto body = f.client.requests().at(0).body;
  CHECK(f.secrets.secrets.contains(body.substr(body.find("&assertion=") + 11)));
  CHECK(f.secrets.secrets.contains("ya29.token"));
  CHECK(f.secrets.secrets.contains(test_key_pem()));
}

TEST_CASE("an API key is sent with every request, and no token is asked for") {
  GoogleFixture f;
  f.read(api_key_json());
  const auto requests = f.client.requests();
  REQUIRE(requests.size() == 2);
  for (const auto& request : requests) {
    CHECK(request.url.ends_with("&key=AIza%2F%2B1"));
    CHECK(header_of(request, "Authorization").empty());
  }
}

TEST_CASE("the range is quoted and percent-encoded") {
  struct Case {
    Json changes;
    std::string range;
  };
  const std::vector<Case> cases = {
      {{{"spreadsheet", "https://docs.google.com/spreadsheets/d/1aB/edit#gid=77"}},
       "%27Anna%27%27s%20asks%20%2F%20EU%27"},
      {{{"range", "Anna's asks / EU"}}, "%27Anna%27%27s%20asks%20%2F%20EU%27"},
      {{{"range", "Anna's asks / EU!A3:F"}}, "%27Anna%27%27s%20asks%20%2F%20EU%27%21A3%3AF"},
      {{{"range", "'Anna''s asks / EU'!A3:F"}}, "%27Anna%27%27s%20asks%20%2F%20EU%27%21A3%3AF"},
      {{{"range", "Queries"}}, "%27Queries%27"},
      {{{"range", "A1:F20"}}, "A1%3AF20"},
      {{{"range", "my_named_range"}}, "my_named_range"},
      {{{"range", "Queries"}, {"spreadsheet", "https://docs.google.com/spreadsheets/d/1aB/edit#gid=77"}},
       "%27Queries%27"},
  };
  for (const auto& [changes, range] : cases) {
    GoogleFixture f;
    f.read(api_key_json(changes));
    INFO(changes.dump());
    CHECK(has(f.client.urls().back(), "/values/" + range + "?"));
  }
}

TEST_CASE("the sheet's own rows are counted from where the range begins") {
  GoogleFixture f;
  f.values = answer(R"({"range":"'Anna''s asks / EU'!B7:Z1000","values":[["name"],[]]})");
  const auto table = f.read(api_key_json());
  CHECK(table.title == "Anna's asks / EU");
  CHECK(table.first_row == 7);
  CHECK(table.first_column == 2);
}

TEST_CASE("a tab without anything in it has no rows") {
  GoogleFixture f;
  f.values = answer(R"({"range":"Queries!A1:Z1000","majorDimension":"ROWS"})");
  CHECK(f.read(api_key_json()).rows.empty());
}

TEST_CASE("a tab that the address names and that is not there is a config error") {
  GoogleFixture f;
  const auto text = message_of([&] {
    f.read(api_key_json({{"spreadsheet", "https://docs.google.com/spreadsheets/d/1aB/edit#gid=9"}}));
  });
  CHECK(has(text, "config_error: "));
  CHECK(has(text, "gid=9"));
}

struct RefusalCase {
  test::ScriptedAnswer refusal;
  bool of_account;
  std::string advice;
};

TEST_CASE("every refusal of the sheet says what the user has to mend") {
  const std::vector<RefusalCase> cases = {
      {answer(google_error(400, "API key not valid. Please pass a valid API key.", "API_KEY_INVALID"), 400), false,
       "The API key is wrong"},
      {answer(google_error(400, "Unable to parse range: Querys"), 400), false,
       R"(Its tabs are "Queries", "Anna's asks / EU".)"},
      {answer(google_error(400, "Range (A1:F2000) exceeds grid limits."), 400), false, "Its tabs are"},
      {answer(google_error(400, "This operation is not supported for this document"), 400), true,
       "Save as Google Sheets"},
      {answer(google_error(401, "Request had invalid authentication credentials."), 401), true, "make a new key"},
      {answer(google_error(401, "API keys are not supported by this API."), 401), false, "Use a service account"},
      {answer(google_error(403, "The caller does not have permission"), 403), true,
       "press Share, type reader@project.iam.gserviceaccount.com"},
      {answer(google_error(403, "The caller does not have permission"), 403), false, "anyone with the link"},
      {answer(google_error(403, "Google Sheets API has not been used in project 1 before", "SERVICE_DISABLED"), 403),
       true, "not switched on"},
      {answer(google_error(404, "Requested entity was not found."), 404), true, "no spreadsheet with the id 1aB"},
      {answer("<html><title>Gone</title></html>", 410), true, "Check the sheet's address"},
      {answer(google_error(403, "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
              403),
       true, "does not allow reading sheets"},
      {answer(google_error(403, "Requests from this address are blocked.", "API_KEY_IP_ADDRESS_BLOCKED"), 403), false,
       "Google's reason is API_KEY_IP_ADDRESS_BLOCKED"},
  };
  for (const auto& [refusal, of_account, advice] : cases) {
    GoogleFixture f;
    f.values = refusal;
    const Json changes{{"range", "Querys"}};
    const Json config = of_account ? sheet_json(changes) : api_key_json(changes);
    const auto text = message_of([&] { f.read(config); });
    INFO(text);
    CHECK(text.starts_with("config_error: Query Sheet (query_sheet): Google answered HTTP " +
                           std::to_string(refusal.status)));
    CHECK(has(text, advice));
    CHECK(f.clock.waits().empty());
  }
}

TEST_CASE("a service account that gets no token is told about its key") {
  GoogleFixture f;
  for (const auto& refusal :
       {answer(R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})", 400),
        answer(R"({"error":"invalid_grant","error_description":"Invalid grant: account not found"})", 400),
        answer(R"({"error":"unauthorized_client"})", 401), answer("not found", 404)}) {
    f.token = refusal;
    const auto text = message_of([&] { f.read(sheet_json()); });
    INFO(text);
    CHECK(text.starts_with("config_error: "));
    CHECK(has(text, "reader@project.iam.gserviceaccount.com"));
    CHECK(has(text, "Make a new key"));
  }
}

TEST_CASE("too many reads and a server's error are waited out, and are transient where they stay") {
  const std::vector<test::ScriptedAnswer> passing = {
      answer(google_error(429, "Quota exceeded for quota metric 'Read requests'", "RATE_LIMIT_EXCEEDED"), 429),
      answer(google_error(403, "Quota exceeded for quota metric 'Read requests'"), 403),
      answer(google_error(500, "Internal error encountered."), 500),
      answer(google_error(503, "The service is currently unavailable."), 503),
      answer("", 408),
      answer("<html><title>Error</title></html>", 502),
      answer("cut of", 200),
      test::fault(http::TransportFault::broken),
  };
  for (const auto& trouble : passing) {
    GoogleFixture f;
    int values_asked = 0;
    f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
      return has(request.url, "/values/") && ++values_asked < 3 ? trouble : f.answer_to(request);
    });
    INFO(trouble.status);
    CHECK(f.read(api_key_json()).rows.size() == 2);
    CHECK(values_asked == 3);
    f.client.answer_with([&](const http::Request&, const std::stop_token&) { return trouble; });
    CHECK(message_of([&] { f.read(api_key_json()); }).starts_with("transient_error: "));
  }
}

TEST_CASE("cells in a form that is unknown are no empty sheet") {
  for (const char* body : {R"({"range":"Q!A1:B2","values":{}})", R"({"range":"Q!A1:B2","values":[1]})"}) {
    GoogleFixture f;
    f.values = answer(body);
    CHECK(message_of([&] { f.read(api_key_json()); }).starts_with("system_error: "));
  }
}

TEST_CASE("too many reads that come as 403 are waited out") {
  for (const auto& refusal :
       {google_error(403, "Rate Limit Exceeded"), google_error(403, "x", "RATE_LIMIT_EXCEEDED")}) {
    GoogleFixture f;
    int asked = 0;
    f.client.answer_with([&](const http::Request& request, const std::stop_token&) {
      return asked++ == 0 ? answer(refusal, 403) : f.answer_to(request);
    });
    CHECK(f.read(api_key_json()).rows.size() == 2);
  }
}

TEST_CASE("an answer without a range is no empty sheet but none of Google's") {
  for (const char* body : {"{}", R"({"range":7})", R"({"values":[]})"}) {
    GoogleFixture f;
    f.values = answer(body);
    CHECK(has(message_of([&] { f.read(api_key_json()); }), "transient_error"));
  }
}

TEST_CASE("tabs whose properties are of other types are read as far as they can be") {
  GoogleFixture f;
  f.titles = answer(R"({"properties":7,"sheets":[{"properties":{"title":"Queries","sheetType":5,"sheetId":"x"}},7]})");
  CHECK(f.read(api_key_json()).rows.size() == 2);
}

}  // namespace
}  // namespace engagement::clevertap
