// Syncs one after the other, as a platform runs them: what a later one has to bring, and what it must not.

#include <chrono>
#include <ctime>

#include "binary/clevertap.hpp"
#include "support/catch.hpp"
#include "support/message_order.hpp"

namespace engagement::test {

namespace {

// A day of UTC, some days from now: YYYYMMDD and YYYY-MM-DD.
struct TestDay {
  int number;
  std::string text;
};
TestDay day_from_today(int days) {
  const std::time_t moment = std::time(nullptr) + days * 86'400;
  std::tm utc{};
  gmtime_r(&moment, &utc);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return {(utc.tm_year + 1900) * 10'000 + (utc.tm_mon + 1) * 100 + utc.tm_mday, text};
}

Json state_days(const Output& output, const std::string& stream) {
  return output.states(stream).back().at("stream").at("stream_state").at("events");
}

Output complete(Output output) {
  for (const auto& error : output.errors()) UNSCOPED_INFO(error);
  CHECK(output.exit_code == 0);
  CHECK(MessageOrder::violation(output).value_or("") == "");
  return output;
}

std::set<std::string> missing_from(const std::set<std::string>& some, const std::set<std::string>& others) {
  std::set<std::string> result;
  for (const auto& value : some) {
    if (!others.contains(value)) result.insert(value);
  }
  return result;
}

}  // namespace

TEST_CASE("Rows that arrive late, within the look-back, come with the next sync, and nothing else is new") {
  Clevertap clevertap;
  clevertap.config["lookback_days"] = 3;
  const Json catalog = clevertap.catalog("incremental", "events");
  const Output first = complete(clevertap.connector.read(clevertap.config, catalog));
  CHECK(state_days(first, "events") == Json{{"App Launched", "2026-03-10"}, {"Charged", "2026-03-10"}});
  clevertap.simulator.put_late("Charged", 20260308, 7);
  clevertap.simulator.put_late("Charged", 20260310, 2);
  const Output second = complete(clevertap.connector.read(clevertap.config, catalog, last_states(first)));
  const auto known = distinct(Clevertap::events_of(first));
  const auto read = distinct(Clevertap::events_of(second));
  CHECK(missing_from(read, known).size() == 9);
  // The look-back's days whole, under the keys they had.
  CHECK(read.size() == clevertap.simulator.truth("from=20260308&to=20260310").at("events"));
  auto all = known;
  all.insert(read.begin(), read.end());
  CHECK(all.size() == clevertap.rows());
  // Without a look-back, nothing is read again.
  clevertap.config["lookback_days"] = 0;
  const Output third = complete(clevertap.connector.read(clevertap.config, catalog, last_states(second)));
  CHECK(third.records("events") == 0);
  CHECK(third.states("events").size() == 1);
}

TEST_CASE("Rows that arrive while the sync is under way are not lost to the next one") {
  Clevertap clevertap;
  const Json catalog = clevertap.catalog("incremental", "events");
  clevertap.simulator.set_faults(
      {{"fault", "late_events"}, {"event", "Charged"}, {"day", 20260309}, {"rows", 5}, {"match", {{"page", 2}}}});
  const Output first = complete(clevertap.connector.read(clevertap.config, catalog));
  CHECK(clevertap.simulator.faults_committed() == 1);
  const Output second = complete(clevertap.connector.read(clevertap.config, catalog, last_states(first)));
  auto all = distinct(Clevertap::events_of(first));
  all.merge(distinct(Clevertap::events_of(second)));
  CHECK(all.size() == clevertap.rows());
}

TEST_CASE("Today is read, and never counted as complete") {
  const TestDay first_day = day_from_today(-3), today = day_from_today(0);
  Clevertap clevertap({"--first-day", std::to_string(first_day.number), "--last-day", std::to_string(today.number)});
  clevertap.config["start_date"] = first_day.number;
  clevertap.config.erase("end_date");
  clevertap.config["lookback_days"] = 0;
  const Json catalog = clevertap.catalog("incremental", "events");
  const Output first = complete(clevertap.connector.read(clevertap.config, catalog));
  const auto everything = "from=" + std::to_string(first_day.number) + "&to=" + std::to_string(today.number);
  CHECK(first.records("events") == clevertap.simulator.truth(everything).at("events"));
  const Json days = state_days(first, "events");
  for (const auto& [event, day] : days.items()) CHECK(day.get<std::string>() < today.text);
  clevertap.simulator.put_late("Charged", today.number, 4);
  const Output second = complete(clevertap.connector.read(clevertap.config, catalog, last_states(first)));
  auto all = distinct(Clevertap::events_of(first));
  all.merge(distinct(Clevertap::events_of(second)));
  CHECK(all.size() == clevertap.simulator.truth(everything).at("events"));
}

TEST_CASE("A person who did several of the events comes once, with every worker and wherever a page ends") {
  Clevertap clevertap({"--profiles", "60", "--latency-ms", "2"});
  for (const int workers : {1, 3}) {
    clevertap.config["num_workers"] = workers;
    const Output output =
        complete(clevertap.connector.read(clevertap.config, clevertap.catalog("full_refresh", "profiles")));
    const auto people = Clevertap::people_of(output);
    CHECK(people.size() == clevertap.people());
    CHECK(distinct(people).size() == people.size());
  }
  const auto both = clevertap.simulator.truth(Clevertap::kDays).at("per_event");
  // Otherwise the test would show nothing.
  CHECK(both.at("App Launched").at("distinct_people").get<std::size_t>() +
            both.at("Charged").at("distinct_people").get<std::size_t>() >
        clevertap.people());
}

TEST_CASE("An event that is added to the configuration later is read from the start date") {
  Clevertap clevertap;
  Json config = clevertap.config;
  config["event_name"] = "Charged";
  const Json catalog = clevertap.connector.catalog(config, "incremental", {"events"});
  const Output first = complete(clevertap.connector.read(config, catalog));
  const Output second = complete(clevertap.connector.read(clevertap.config, catalog, last_states(first)));
  auto all = distinct(Clevertap::events_of(first));
  all.merge(distinct(Clevertap::events_of(second)));
  CHECK(all.size() == clevertap.rows());
}

TEST_CASE("A start date that is moved back is read from there, whatever it was in between") {
  Clevertap clevertap;
  const Json catalog = clevertap.catalog("incremental", "events");
  Json config = clevertap.config;
  config["event_name"] = "Charged";
  Json states = last_states(complete(clevertap.connector.read(config, catalog)));
  // A second event, from a later start.
  config["event_names"] = {"App Launched"};
  config["start_date"] = 20260307;
  const Output later = complete(clevertap.connector.read(config, catalog, states));
  states = last_states(later, states);
  config["start_date"] = 20260301;
  const Output all_of_it = complete(clevertap.connector.read(config, catalog, states));
  std::set<std::string> launched;
  for (const Output* output : {&later, &all_of_it}) {
    for (const auto& event : output->data("events")) {
      if (event.at("event_name") == "App Launched") launched.insert(event.at("event_id").get<std::string>());
    }
  }
  CHECK(launched.size() == clevertap.simulator.truth(Clevertap::kDays).at("per_event").at("App Launched").at("events"));
}

TEST_CASE("The time of an event follows the project's time zone, also one with an old name") {
  for (const std::string zone : {"Asia/Calcutta", "US/Pacific"}) {
    Clevertap clevertap({"--timezone", zone});
    clevertap.config["timezone"] = zone;
    const Output output =
        complete(clevertap.connector.read(clevertap.config, clevertap.catalog("full_refresh", "events")));
    CHECK(output.records("events") == clevertap.rows());
    for (const Json& event : output.data("events")) {
      const auto ts = std::to_string(event.at("ts").get<std::int64_t>());
      std::tm local{};
      REQUIRE(strptime(ts.c_str(), "%Y%m%d%H%M%S", &local) != nullptr);
      // Early March 2026: +05:30 there; -08:00 here until the 8th at 2 o'clock, then -07:00.
      const bool summer = ts >= "20260308030000";
      const int offset = zone == "Asia/Calcutta" ? 330 * 60 : (summer ? -7 : -8) * 3600;
      const bool skipped_hour = zone == "US/Pacific" && ts >= "20260308020000" && ts < "20260308030000";
      const std::time_t utc = timegm(&local) - offset;
      std::tm parts{};
      gmtime_r(&utc, &parts);
      char text[32];
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
      INFO(ts);
      if (!skipped_hour) CHECK(event.at("event_time") == text);
      if (skipped_hour) CHECK_FALSE(event.at("event_time").is_null());
    }
  }
}

TEST_CASE("Proxy variables do not come between the connector and a loopback address") {
  Clevertap clevertap;
  Process::Environment environment;
  for (const char* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    environment[name] = "http://127.0.0.1:1";
  }
  environment["no_proxy"] = environment["NO_PROXY"] = "";
  clevertap.config["retry_seconds"] = 0;
  const Output output = clevertap.connector.read(clevertap.config, clevertap.catalog("full_refresh", "events"),
                                                 std::nullopt, environment);
  for (const auto& error : output.errors()) UNSCOPED_INFO(error);
  CHECK(output.exit_code == 0);
  CHECK(output.records("events") == clevertap.rows());
}

TEST_CASE("Every cursor goes back as it came, and no GET has a Content-Type") {
  Clevertap clevertap;
  clevertap.simulator.forget_requests();
  complete(clevertap.connector.read(clevertap.config, clevertap.full_catalog()));
  std::size_t pages = 0;
  for (const auto& request : clevertap.simulator.requests()) {
    CHECK(request.at("authorized") == true);
    CHECK(request.at("content_type_on_get") == false);
    if (request.value("step", "") != "page") continue;
    ++pages;
    CHECK(request.at("cursor_verbatim") == true);
    CHECK(request.at("method") == "GET");
  }
  CHECK(pages > 10);
}

}  // namespace engagement::test
