#include "sources/kustomer/config.hpp"

#include "sources/kustomer/kustomer_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::kustomer {
namespace {

TEST_CASE("the host is the region's, the organisation's, or the one given") {
  CHECK(config_with().base_url == "https://api.kustomerapp.com");
  CHECK(config_with({{"region", "eu"}}).base_url == "https://api.prod2.kustomerapp.com");
  CHECK(config_with({{"region", "in"}}).base_url == "https://api.prod4.kustomerapp.com");
  CHECK(config_with({{"region", "eu"}, {"org", "acme"}}).base_url == "https://acme.api.kustomerapp.com");
  CHECK(config_with({{"org", "acme"}, {"api_base_url", "http://127.0.0.1:1/"}}).base_url == "http://127.0.0.1:1");
}

TEST_CASE("what is not said has its default") {
  const Config config = read_config({{"api_token", "t"}, {"start_date", "2026-01-01T00:00:00Z"}});
  CHECK(config.window == std::chrono::days(60));
  CHECK(config.page_size == 500);
  CHECK(config.lookback == std::chrono::minutes(5));
  CHECK(config.include_deleted);
  CHECK(config.include_archived);
  CHECK(config.rate_limit_share == 50);
  CHECK(config.searches_per_minute == 100);
  CHECK(config.layout == Layout::flat);
  CHECK(config.optional_streams.empty());
  CHECK(config.user_agent.empty());
}

TEST_CASE("a configuration of tap-kustomer becomes one of this connector") {
  Json config{{"token", "t"},
              {"start_date", "2019-01-01"},
              {"date_window_size", "0"},
              {"page_size_limit", "1000"},
              {"user_agent", "tap <me@example.com>"}};
  migrate_config(config);
  CHECK(config == Json{{"start_date", "2019-01-01T00:00:00Z"},
                       {"date_window_size", 1},
                       {"page_size_limit", 500},
                       {"user_agent", "tap <me@example.com>"},
                       {"api_token", "t"}});
  Json offset{{"start_date", "2019-01-01T05:30:00+05:30"}, {"page_size_limit", 1000}};
  migrate_config(offset);
  CHECK(offset["start_date"] == "2019-01-01T00:00:00Z");
  CHECK(offset["page_size_limit"] == 1000);  // a number is held to the spec
  Json odd{{"start_date", 7}, {"page_size_limit", "many"}, {"token", "old"}, {"api_token", "new"}};
  migrate_config(odd);
  CHECK(odd == Json{{"start_date", 7}, {"page_size_limit", "many"}, {"api_token", "new"}});
}

TEST_CASE("a start that is no moment or lies in the future is named") {
  CHECK(has(message_of([] { config_with({{"start_date", "2026-02-31T00:00:00Z"}}); }), "Start Date (start_date)"));
  const Config config = config_with({{"start_date", "2026-03-02T00:00:00Z"}});
  CHECK(has(message_of([&] { check_start(config, time_of("2026-03-01T00:00:00Z")); }), "lies in the future"));
  CHECK(message_of([&] { check_start(config, time_of("2026-03-02T00:00:00Z")); }) == "");
}

TEST_CASE("the tap's bookmarks become states of the streams") {
  const Json legacy = Json::parse(
      R"({"currently_syncing":"teams","bookmarks":{"users":"2019-12-26T18:35:41.583Z","tags":null,"odd":5}})");
  const auto states = states_of_bookmarks(legacy);
  REQUIRE(states.size() == 2);
  CHECK(states.at("users") ==
        Json{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2019-12-26T18:35:41.583Z"}});
  CHECK(states_of_bookmarks(Json{{"currently_syncing", "teams"}}).empty());
  CHECK(states_of_bookmarks(Json{{"bookmarks", nullptr}}).empty());
}

}  // namespace
}  // namespace engagement::kustomer
