#include "sources/sprinklr/config.hpp"

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

TEST_CASE("an environment is a segment of the path, and prod is none") {
  CHECK(config_with().base_url == "https://api3.sprinklr.com");
  CHECK(config_with({{"environment", "prod"}}).base_url == "https://api3.sprinklr.com");
  CHECK(config_with({{"environment", "prod12"}, {"api_host", "https://api2.sprinklr.com"}}).base_url ==
        "https://api2.sprinklr.com/prod12");
  CHECK(config_with({{"environment", "qa4"}, {"api_base_url", "http://127.0.0.1:1/"}}).base_url ==
        "http://127.0.0.1:1/qa4");
}

TEST_CASE("what was written a little differently is understood") {
  Json json = config_json({{"environment", "{prod2}"},
                           {"start_date", 20260220},
                           {"reports", {{{"name", "r"}, {"payload", payload_json()}}}}});
  migrate_config(json);
  CHECK(json["environment"] == "prod2");
  CHECK(json["start_date"] == "2026-02-20");
  CHECK(read_config(json).reports.at(0).payload["report"] == "POST_INSIGHTS");
}

TEST_CASE("the end of a token may be given in seconds or milliseconds since 1970") {
  for (const Json& given : {Json(1772323200), Json("1772323200"), Json(1772323200000), Json("1772323200000")}) {
    Json json = config_json();
    json["credentials"]["token_expiry_date"] = given;
    migrate_config(json);
    CHECK(json["credentials"]["token_expiry_date"] == "2026-03-01T00:00:00Z");
  }
  for (const Json& given : {Json(17), Json("17723232x0"), Json("2026-03-01T00:00:00Z"), Json(nullptr)}) {
    Json json = config_json();
    json["credentials"]["token_expiry_date"] = given;
    migrate_config(json);
    CHECK(json["credentials"]["token_expiry_date"] == given);
  }
}

TEST_CASE("dates, zones and names that make no sense are named by their title") {
  const auto refused = [](const Json& changes) { return message_of([&] { config_with(changes); }); };
  CHECK(has(refused({{"start_date", "2026-02-31"}}), "Start Date (start_date)"));
  CHECK(has(refused({{"end_date", "2026-02-19"}}), "End Date (end_date): 2026-02-19 is before"));
  CHECK(has(refused({{"timezone", "Europe/Londin"}}), "Europe/London"));
  CHECK(has(refused({{"reports", {report_json(), report_json()}}}), "two reports are called \"insights\""));
  Json credentials = credentials_json();
  credentials["token_expiry_date"] = "tomorrow";
  CHECK(has(refused({{"credentials", credentials}}), "Token Expiry Date"));
}

TEST_CASE("a period ends with its last day or now, and cannot begin in the future") {
  const Config config = config_with({{"end_date", "2026-02-22"}, {"timezone", "Asia/Kolkata"}});
  const auto period = period_at(config, config.zone, moment("2026-03-01T00:00:00Z"));
  CHECK(period.begin == moment("2026-02-19T18:30:00Z"));
  CHECK(period.end == moment("2026-02-22T18:30:00Z"));
  CHECK(period_at(config, config.zone, moment("2026-02-21T00:00:00Z")).end == moment("2026-02-21T00:00:00Z"));
  CHECK(has(message_of([&] { period_at(config, config.zone, moment("2026-02-19T18:29:00Z")); }),
            "Start Date (start_date): 2026-02-20 lies in the future"));
}

TEST_CASE("a backfill reads just its days") {
  const auto period = period_of({day("2026-01-01"), day("2026-01-31")}, zone("UTC"), moment("2026-01-20T10:00:00Z"));
  CHECK(period.begin == moment("2026-01-01T00:00:00Z"));
  CHECK(period.end == moment("2026-01-20T10:00:00Z"));
  CHECK(has(message_of([] {
              period_of({day("2026-01-21"), day("2026-01-31")}, zone("UTC"), moment("2026-01-20T10:00:00Z"));
            }),
            "begins in the future"));
}

}  // namespace
}  // namespace engagement::sprinklr
