#include "core/time_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>

#include "support/catch.hpp"

using namespace engagement;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

const std::vector<std::string> kZones{"UTC",           "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe",
                                      "Asia/Calcutta", "US/Pacific",   "Europe/Berlin",    "Pacific/Apia",
                                      "Asia/Tehran",   "America/Nuuk", "Africa/Casablanca"};

std::chrono::sys_days date(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
}

LocalSeconds local(int year, unsigned month, unsigned day, seconds time) {
  return LocalSeconds{date(year, month, day).time_since_epoch() + time};
}

std::chrono::sys_seconds utc(int year, unsigned month, unsigned day, seconds time) {
  return date(year, month, day) + time;
}

Day day_of(int year, unsigned month, unsigned day) { return Day{date(year, month, day).time_since_epoch()}; }

TimeZone zone(const std::string& name) {
  const auto found = TimeZone::find(name);
  INFO(name);
  REQUIRE(found);
  return *found;
}

// Local times all over 1970 to the end of `last_year`.
std::vector<LocalSeconds> random_local_times(std::size_t count, int last_year) {
  std::mt19937_64 engine(20260301);
  std::uniform_int_distribution<std::int64_t> anywhere(0, seconds(date(last_year, 12, 31).time_since_epoch()).count());
  std::vector<LocalSeconds> times;
  for (std::size_t i = 0; i < count; ++i) times.emplace_back(seconds{anywhere(engine)});
  return times;
}

}  // namespace

TEST_CASE("a zone is found by its name, legacy names too, and keeps that name") {
  for (const auto& name : kZones) CHECK(zone(name).name() == name);
}

TEST_CASE("a name that the tz data does not have, or in another case, is no zone") {
  for (const std::string name : {"", "Asia/Atlantis", "asia/kolkata", "utc", "UTC ", "../UTC", "/etc/passwd", "Asia",
                                 "Asia/", "tzdata.zi", "zone.tab", "+01:00"}) {
    CAPTURE(name);
    CHECK_FALSE(TimeZone::find(name).has_value());
  }
}

TEST_CASE("the list of names has the current and the legacy ones, each of which can be found") {
  const auto names = TimeZone::names();
  for (const auto& name : kZones) CHECK(std::count(names.begin(), names.end(), name) == 1);
  CHECK(names.size() > 400);
  for (const auto& name : names) {
    if (!TimeZone::find(name)) FAIL(name);
  }
}

TEST_CASE("a legacy name is the same zone as its new one") {
  const TimeZone kolkata = zone("Asia/Kolkata"), calcutta = zone("Asia/Calcutta");
  const TimeZone los_angeles = zone("America/Los_Angeles"), us_pacific = zone("US/Pacific");
  for (const auto time : random_local_times(2000, 2040)) {
    REQUIRE(kolkata.to_utc(time) == calcutta.to_utc(time));
    REQUIRE(los_angeles.to_utc(time) == us_pacific.to_utc(time));
  }
}

TEST_CASE("Kolkata is five and a half hours ahead in summer and in winter") {
  CHECK(zone("Asia/Kolkata").to_utc(local(2026, 1, 31, 10h)) == utc(2026, 1, 31, 4h + 30min));
  CHECK(zone("Asia/Kolkata").to_utc(local(2026, 7, 31, 10h)) == utc(2026, 7, 31, 4h + 30min));
  CHECK(zone("Asia/Calcutta").to_utc(local(2026, 7, 31, 10h)) == utc(2026, 7, 31, 4h + 30min));
}

TEST_CASE("New York: the hour skipped in spring moves on, the hour repeated in autumn is its first") {
  const TimeZone new_york = zone("America/New_York");
  CHECK(new_york.to_utc(local(2026, 3, 8, 1h + 59min + 59s)) == utc(2026, 3, 8, 6h + 59min + 59s));
  CHECK(new_york.to_utc(local(2026, 3, 8, 2h)) == utc(2026, 3, 8, 7h));                  // is 03:00 EDT
  CHECK(new_york.to_utc(local(2026, 3, 8, 2h + 30min)) == utc(2026, 3, 8, 7h + 30min));  // is 03:30 EDT
  CHECK(new_york.to_utc(local(2026, 3, 8, 3h)) == utc(2026, 3, 8, 7h));
  CHECK(new_york.to_utc(local(2026, 11, 1, 59min + 59s)) == utc(2026, 11, 1, 4h + 59min + 59s));
  CHECK(new_york.to_utc(local(2026, 11, 1, 1h)) == utc(2026, 11, 1, 5h));  // EDT, not 06:00 (EST)
  CHECK(new_york.to_utc(local(2026, 11, 1, 1h + 59min + 59s)) == utc(2026, 11, 1, 5h + 59min + 59s));
  CHECK(new_york.to_utc(local(2026, 11, 1, 2h)) == utc(2026, 11, 1, 7h));
}

TEST_CASE("US/Pacific: the hour skipped in spring moves on, the hour repeated in autumn is its first") {
  const TimeZone pacific = zone("US/Pacific");
  CHECK(pacific.to_utc(local(2026, 3, 8, 2h + 30min)) == utc(2026, 3, 8, 10h + 30min));
  CHECK(pacific.to_utc(local(2026, 11, 1, 1h + 30min)) == utc(2026, 11, 1, 8h + 30min));
  CHECK(pacific.to_utc(local(2026, 11, 1, 2h)) == utc(2026, 11, 1, 10h));
}

TEST_CASE("Lord Howe: its changes of half an hour are resolved the same way") {
  const TimeZone lord_howe = zone("Australia/Lord_Howe");  // +10:30, in (southern) summer +11
  CHECK(lord_howe.to_utc(local(2026, 10, 4, 1h + 59min)) == utc(2026, 10, 3, 15h + 29min));
  CHECK(lord_howe.to_utc(local(2026, 10, 4, 2h + 10min)) == utc(2026, 10, 3, 15h + 40min));  // skipped: is 02:40 +11
  CHECK(lord_howe.to_utc(local(2026, 10, 4, 2h + 40min)) == utc(2026, 10, 3, 15h + 40min));
  CHECK(lord_howe.to_utc(local(2026, 4, 5, 1h + 29min)) == utc(2026, 4, 4, 14h + 29min));
  CHECK(lord_howe.to_utc(local(2026, 4, 5, 1h + 45min)) == utc(2026, 4, 4, 14h + 45min));  // first: +11, not +10:30
  CHECK(lord_howe.to_utc(local(2026, 4, 5, 2h)) == utc(2026, 4, 4, 15h + 30min));
}

TEST_CASE("a day that a zone skipped altogether moves on by that day") {
  // Samoa went from 29 to 31 December 2011: -10 became +14.
  CHECK(zone("Pacific/Apia").to_utc(local(2011, 12, 30, 12h)) == utc(2011, 12, 30, 22h));
  CHECK(zone("Pacific/Apia").to_utc(local(2011, 12, 31, 12h)) == utc(2011, 12, 30, 22h));
}

TEST_CASE("the day it is depends on the zone and on the season") {
  CHECK(zone("UTC").day_at(utc(2026, 1, 31, 23h + 59min + 59s) + 999ms) == day_of(2026, 1, 31));
  CHECK(zone("Asia/Kolkata").day_at(utc(2026, 1, 31, 18h + 29min + 59s) + 999ms) == day_of(2026, 1, 31));
  CHECK(zone("Asia/Kolkata").day_at(utc(2026, 1, 31, 18h + 30min)) == day_of(2026, 2, 1));
  CHECK(zone("America/New_York").day_at(utc(2026, 1, 31, 4h + 59min)) == day_of(2026, 1, 30));
  CHECK(zone("America/New_York").day_at(utc(2026, 1, 31, 5h)) == day_of(2026, 1, 31));
  CHECK(zone("America/New_York").day_at(utc(2026, 7, 31, 4h)) == day_of(2026, 7, 31));
  CHECK(zone("UTC").day_at(SystemTime{} - 1ms) == day_of(1969, 12, 31));
}

TEST_CASE("to_utc() agrees with the C library, and day_at() with the local day, at random times") {
  const char* before = std::getenv("TZ");
  const std::string restore = before == nullptr ? "" : before;
  for (const auto& name : kZones) {
    const TimeZone checked = zone(name);
    ::setenv("TZ", name.c_str(), 1);
    ::tzset();
    for (const auto time : random_local_times(3000, 2037)) {
      const auto moment = static_cast<std::time_t>(time.time_since_epoch().count());  // any moment will do
      std::tm parts{};
      ::localtime_r(&moment, &parts);
      const LocalSeconds there =
          local(parts.tm_year + 1900, static_cast<unsigned>(parts.tm_mon + 1), static_cast<unsigned>(parts.tm_mday),
                std::chrono::hours{parts.tm_hour} + std::chrono::minutes{parts.tm_min} + seconds{parts.tm_sec});
      const auto back = checked.to_utc(there).time_since_epoch().count();
      const auto day = checked.day_at(SystemTime{seconds{moment}});
      CAPTURE(name, moment, back);
      // A repeated hour is its first occurrence: earlier, by no more than a change of three hours (Casablanca, Nuuk).
      if (back != moment) REQUIRE((back < moment && moment - back <= 3 * 3600));
      REQUIRE(day == std::chrono::floor<std::chrono::days>(there));
    }
  }
  if (before == nullptr) {
    ::unsetenv("TZ");
  } else {
    ::setenv("TZ", restore.c_str(), 1);
  }
  ::tzset();
}

TEST_CASE("a steady span never gives an offset that to_utc() would not use") {
  std::mt19937_64 engine(7);
  for (const auto& name : kZones) {
    const TimeZone checked = zone(name);
    std::size_t spans = 0;
    for (auto time : random_local_times(3000, 2040)) {
      const auto span = checked.steady_span(time);
      if (!span) continue;
      ++spans;
      REQUIRE((span->begin <= time && time < span->end));
      const auto first = std::max(span->begin, local(1950, 1, 1, 0s)),
                 last = std::min(span->end, local(2060, 1, 1, 0s));
      std::uniform_int_distribution<std::int64_t> inside(first.time_since_epoch().count(),
                                                         last.time_since_epoch().count() - 1);
      for (const auto each : {time, first, last - 1s, LocalSeconds{seconds{inside(engine)}}}) {
        CAPTURE(name, each.time_since_epoch().count());
        REQUIRE(checked.to_utc(each).time_since_epoch() == each.time_since_epoch() - span->offset);
      }
    }
    CAPTURE(name);
    CHECK(spans > 2900);  // or readers would look up far too often
  }
}

TEST_CASE("a steady span ends a day before a change of the clock and begins a day after it") {
  const TimeZone new_york = zone("America/New_York");
  const auto winter = new_york.steady_span(local(2026, 3, 7, 1h + 59min + 59s));
  REQUIRE(winter);
  CHECK(winter->offset == -5h);
  CHECK(winter->begin == local(2025, 11, 3, 1h));  // the clock went back to 01:00
  CHECK(winter->end == local(2026, 3, 7, 2h));
  CHECK_FALSE(new_york.steady_span(local(2026, 3, 7, 2h)));
  CHECK_FALSE(new_york.steady_span(local(2026, 3, 8, 2h + 30min)));
  CHECK_FALSE(new_york.steady_span(local(2026, 3, 9, 2h + 59min + 59s)));
  const auto summer = new_york.steady_span(local(2026, 3, 9, 3h));
  REQUIRE(summer);
  CHECK(summer->offset == -4h);
  CHECK(summer->begin == local(2026, 3, 9, 3h));
  CHECK(summer->end == local(2026, 10, 31, 2h));
  CHECK_FALSE(new_york.steady_span(local(2026, 11, 1, 1h + 30min)));
}

TEST_CASE("UTC is steady for as long as anyone will ask") {
  const auto span = zone("UTC").steady_span(local(2026, 3, 1, 0s));
  REQUIRE(span);
  CHECK(span->offset == 0s);
  CHECK(span->begin < local(1900, 1, 1, 0s));
  CHECK(span->end > local(3000, 1, 1, 0s));
}

TEST_CASE("the rules of today hold up to the end of 2037") {
  CHECK(zone("America/New_York").to_utc(local(2037, 7, 1, 12h)) == utc(2037, 7, 1, 16h));
  CHECK(zone("America/New_York").to_utc(local(2037, 12, 1, 12h)) == utc(2037, 12, 1, 17h));
}
