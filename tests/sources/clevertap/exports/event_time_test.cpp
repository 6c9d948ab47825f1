#include "sources/clevertap/exports/event_time.hpp"

#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

std::string time_in(const char* zone, std::string_view ts) {
  EventTime time(TimeZone::find(zone).value());
  std::string out;
  return time.append(out, ts) ? out : "none";
}

TEST_CASE("a ts is a moment in the project's zone") {
  CHECK(time_in("UTC", "20260830010145") == R"("2026-08-30T01:01:45Z")");
  CHECK(time_in("Asia/Kolkata", "20260830013145") == R"("2026-08-29T20:01:45Z")");
  CHECK(time_in("America/New_York", "20260101000000") == R"("2026-01-01T05:00:00Z")");
  CHECK(time_in("Asia/Kolkata", "20260101000000") == R"("2025-12-31T18:30:00Z")");
}

TEST_CASE("a ts may be a number or a string") {
  CHECK(time_in("UTC", R"("20260830010145")") == R"("2026-08-30T01:01:45Z")");
}

TEST_CASE("a repeated hour is its first occurrence, even where the clock turns by half an hour") {
  // Lord Howe: on 2026-04-05 at 02:00 (+11) the clock goes back to 01:30 (+10:30).
  CHECK(time_in("Australia/Lord_Howe", "20260405012959") == R"("2026-04-04T14:29:59Z")");
  CHECK(time_in("Australia/Lord_Howe", "20260405013000") == R"("2026-04-04T14:30:00Z")");
  CHECK(time_in("Australia/Lord_Howe", "20260405015959") == R"("2026-04-04T14:59:59Z")");
  CHECK(time_in("Australia/Lord_Howe", "20260405020000") == R"("2026-04-04T15:30:00Z")");
  CHECK(time_in("Europe/Berlin", "20261025023000") == R"("2026-10-25T00:30:00Z")");
}

TEST_CASE("a skipped hour moves forward by the gap") {
  // Lord Howe: on 2026-10-04 at 02:00 (+10:30) the clock goes forward to 02:30 (+11).
  CHECK(time_in("Australia/Lord_Howe", "20261004015959") == R"("2026-10-03T15:29:59Z")");
  CHECK(time_in("Australia/Lord_Howe", "20261004020000") == R"("2026-10-03T15:30:00Z")");
  CHECK(time_in("Australia/Lord_Howe", "20261004021500") == R"("2026-10-03T15:45:00Z")");
  CHECK(time_in("Australia/Lord_Howe", "20261004023000") == R"("2026-10-03T15:30:00Z")");
  CHECK(time_in("Europe/Berlin", "20260329023000") == R"("2026-03-29T01:30:00Z")");
}

TEST_CASE("neighbouring times across days and changes of the clock are right in any order") {
  EventTime time(TimeZone::find("Europe/Berlin").value());
  std::string out;
  for (const char* ts : {"20260328120000", "20260329015959", "20260329030000", "20260329120000", "20260701120000",
                         "20260101120000", "20260328120000", "20261025120000"}) {
    REQUIRE(time.append(out, ts));
  }
  CHECK(out == R"("2026-03-28T11:00:00Z""2026-03-29T00:59:59Z""2026-03-29T01:00:00Z""2026-03-29T10:00:00Z")"
               R"("2026-07-01T10:00:00Z""2026-01-01T11:00:00Z""2026-03-28T11:00:00Z""2026-10-25T11:00:00Z")");
}

TEST_CASE("a reused reader says the same as a fresh one for every hour of two years") {
  const auto zone = TimeZone::find("Australia/Lord_Howe").value();
  EventTime reused(zone);
  const LocalSeconds begin{day_from_number(20250101).value()};
  for (int hour = 0; hour < 2 * 365 * 24; ++hour) {
    const LocalSeconds local = begin + std::chrono::hours(hour) + std::chrono::minutes(hour % 60);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto second = (local - day).count();
    const auto ts =
        static_cast<std::int64_t>(day_to_number(day)) * 1000000 + second / 3600 * 10000 + second / 60 % 60 * 100;
    std::string out;
    REQUIRE(reused.append(out, std::to_string(ts)));
    const auto expected = to_rfc3339(zone.to_utc(local));
    if (out != "\"" + expected + "\"") FAIL_CHECK(ts << " is " << out << ", not " << expected);
  }
}

TEST_CASE("what is no moment of the calendar is none and appends nothing") {
  for (const char* ts : {"",
                         "0",
                         "null",
                         "true",
                         "{}",
                         "[]",
                         "\"\"",
                         "2026083001014",
                         "202608300101455",
                         "-2026083001014",
                         "20260230010145",
                         "20261301010145",
                         "20260800010145",
                         "20260830240000",
                         "20260830006000",
                         "20260830000060",
                         "2026083001014x",
                         "\"2026-08-30 01:01\"",
                         "1693350000",
                         "20260830010145.5",
                         "2.0260830010145e13",
                         "00000101000000",
                         "\" 20260830010145\"",
                         "\"20260830010145"}) {
    INFO(ts);
    EventTime time(TimeZone::find("UTC").value());
    std::string out = "before";
    CHECK_FALSE(time.append(out, ts));
    CHECK(out == "before");
  }
}

TEST_CASE("leap days and far years are moments") {
  CHECK(time_in("UTC", "20240229235959") == R"("2024-02-29T23:59:59Z")");
  CHECK(time_in("UTC", "19700101000000") == R"("1970-01-01T00:00:00Z")");
  CHECK(time_in("UTC", "99991231235959") == R"("9999-12-31T23:59:59Z")");
  CHECK(time_in("Europe/Berlin", "20400701120000").size() == 22);
}

}  // namespace
}  // namespace engagement::clevertap
