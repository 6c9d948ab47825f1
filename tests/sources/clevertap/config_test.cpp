#include "sources/clevertap/config.hpp"

#include "protocol/config.hpp"
#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

TEST_CASE("what is not given has its documented default") {
  const Config config = config_with();
  CHECK(config.account_id == "TEST-123-4567");
  CHECK(config.passcode == "AAA-BBB-CCCC");
  CHECK(config.base_url == "https://api.clevertap.com");
  CHECK(config.event_names.empty());
  CHECK(config.start == day(20260201));
  CHECK_FALSE(config.end.has_value());
  CHECK(config.zone.name() == "UTC");
  CHECK(config.lookback == std::chrono::days(2));
  CHECK(config.window == std::chrono::days(7));
  CHECK(config.batch_size == 4991);
  CHECK(config.workers == 2);
  CHECK(config.profile_properties);
  CHECK(config.event_summary);
  CHECK(config.app_fields);
}

TEST_CASE("every field that is given is taken") {
  const Config config = config_with({{"end_date", 20260210},
                                     {"timezone", "Asia/Kolkata"},
                                     {"lookback_days", 0},
                                     {"window_days", 31},
                                     {"num_workers", 3},
                                     {"include_profile_properties", false},
                                     {"include_event_summary", false},
                                     {"include_app_fields", false}});
  CHECK(config.end == day(20260210));
  CHECK(config.zone.name() == "Asia/Kolkata");
  CHECK(config.lookback == std::chrono::days(0));
  CHECK(config.window == std::chrono::days(31));
  CHECK(config.workers == 3);
  CHECK_FALSE(config.profile_properties);
  CHECK_FALSE(config.event_summary);
  CHECK_FALSE(config.app_fields);
}

TEST_CASE("every region has its host and Europe the one without a prefix") {
  CHECK(config_with({{"region", ""}}).base_url == "https://api.clevertap.com");
  CHECK(config_with({{"region", "eu1"}}).base_url == "https://api.clevertap.com");
  for (const std::string region : {"in1", "sg1", "us1", "sk1", "aps3", "mec1"}) {
    CHECK(config_with({{"region", region}}).base_url == "https://" + region + ".api.clevertap.com");
  }
}

TEST_CASE("an address of one's own replaces the host of the region and loses its slash") {
  CHECK(config_with({{"region", "in1"}, {"api_base_url", "http://127.0.0.1:8080//"}}).base_url ==
        "http://127.0.0.1:8080");
}

TEST_CASE("both ways to name events add up without repetition") {
  CHECK(config_with({{"event_name", "Charged"}, {"event_names", {"App Launched", "Charged", "", "App Launched"}}})
            .event_names == std::vector<std::string>{"Charged", "App Launched"});
  CHECK(config_with({{"event_name", ""}}).event_names.empty());
}

TEST_CASE("the batch size is rounded down to a multiple of 23") {
  CHECK(config_with({{"batch_size", 5000}}).batch_size == 4991);
  CHECK(config_with({{"batch_size", 4991}}).batch_size == 4991);
  CHECK(config_with({{"batch_size", 4990}}).batch_size == 4968);
  CHECK(config_with({{"batch_size", 23}}).batch_size == 23);
  CHECK(config_with({{"batch_size", 45}}).batch_size == 23);
}

TEST_CASE("a date that no calendar has is a config error that names the field and shows a right one") {
  const auto start = message_of([] { config_with({{"start_date", 20260231}}); });
  CHECK(has(start, "config_error: Start Date (start_date): 20260231 is not a day of the calendar"));
  CHECK(has(start, "YYYYMMDD"));
  CHECK(has(message_of([] { config_with({{"end_date", 20261301}}); }), "End Date (end_date): 20261301"));
  CHECK(has(message_of([] { config_with({{"start_date", 20250229}}); }), "not a day"));
  CHECK(message_of([] { config_with({{"start_date", 20240229}}); }).empty());
}

TEST_CASE("an end before the start is a config error and the same day is not") {
  CHECK(has(message_of([] {
              config_with({{"end_date", 20260131}});
            }),
            "config_error: End Date (end_date): 2026-01-31"));
  CHECK(message_of([] { config_with({{"end_date", 20260201}}); }).empty());
}

TEST_CASE("a zone that does not exist is a config error with the nearest names") {
  const auto text = message_of([] { config_with({{"timezone", "Asia/Kolkatta"}}); });
  CHECK(has(text, "config_error: Time Zone (timezone): \"Asia/Kolkatta\""));
  CHECK(has(text, "did you mean \"Asia/Kolkata\""));
  CHECK(has(message_of([] { config_with({{"timezone", "utc"}}); }), "\"UTC\""));
}

TEST_CASE("dates with dashes and regions in another case are migrated") {
  Json json = config_json({{"start_date", "2026-01-31"}, {"end_date", "2026-02-28"}, {"region", "IN1"}});
  migrate_config(json);
  CHECK(json["start_date"] == 20260131);
  CHECK(json["end_date"] == 20260228);
  CHECK(json["region"] == "in1");
  json["region"] = "Global";
  migrate_config(json);
  CHECK(json["region"] == "");
}

TEST_CASE("what needs no migration and what cannot be migrated is left for the validation") {
  Json json = config_json({{"start_date", "soon"}, {"end_date", 20260228}, {"region", 7}});
  const Json before = json;
  migrate_config(json);
  CHECK(json == before);
}

TEST_CASE("a config of the older connector is valid as it is") {
  Json json{{"account_id", "A"},       {"passcode", "P"},        {"region", "in1"},
            {"event_name", "Charged"}, {"start_date", 20220101}, {"end_date", 20260212}};
  const auto source = make_clevertap_source();
  const auto specification = Json::parse(source->connection_specification());
  source->migrate_config(json);
  protocol::coerce_to_spec(json, specification);
  CHECK(protocol::validate_config(json, specification).empty());
  const Config config = read_config(json);
  CHECK(config.event_names == std::vector<std::string>{"Charged"});
  CHECK(config.base_url == "https://in1.api.clevertap.com");
  CHECK(config.end == day(20260212));
}

SystemTime at(int number, std::chrono::milliseconds time = {}) {
  return std::chrono::sys_days(day(number).time_since_epoch()) + time;
}

TEST_CASE("the period ends today unless an earlier end is given") {
  const Period open = period_at(config_with(), at(20260301, 5h));
  CHECK(open.first == day(20260201));
  CHECK(open.last == day(20260301));
  CHECK(open.today == day(20260301));
  CHECK_FALSE(open.end_was_clamped);
  CHECK(period_at(config_with({{"end_date", 20260210}}), at(20260301)).last == day(20260210));
}

TEST_CASE("an end in the future is clamped to today and told") {
  const Period period = period_at(config_with({{"end_date", 20260302}}), at(20260301));
  CHECK(period.last == day(20260301));
  CHECK(period.end_was_clamped);
  CHECK_FALSE(period_at(config_with({{"end_date", 20260301}}), at(20260301)).end_was_clamped);
}

TEST_CASE("today is the day in the project's zone") {
  CHECK(period_at(config_with({{"timezone", "Asia/Kolkata"}}), at(20260301, 18h + 30min)).today == day(20260302));
  CHECK(period_at(config_with({{"timezone", "Asia/Kolkata"}}), at(20260301, 18h + 29min)).today == day(20260301));
  CHECK(period_at(config_with({{"timezone", "America/New_York"}}), at(20260301, 4h)).today == day(20260228));
}

TEST_CASE("a start in the future is a config error") {
  CHECK(has(message_of([] { period_at(config_with(), at(20260131, 23h)); }),
            "config_error: Start Date (start_date): 2026-02-01 lies in the future; today is 2026-01-31 in UTC"));
  CHECK(message_of([] { period_at(config_with(), at(20260201)); }).empty());
}

}  // namespace
}  // namespace engagement::clevertap
