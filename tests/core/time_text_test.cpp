#include "core/time_text.hpp"

#include "support/catch.hpp"

using namespace engagement;
using namespace std::chrono_literals;

namespace {

Day day(int year, unsigned month, unsigned day_of_month) {
  return Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day_of_month}};
}

SystemTime at(int year, unsigned month, unsigned day_of_month, std::chrono::milliseconds time) {
  return SystemTime{std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} /
                                          std::chrono::day{day_of_month}}} +
         time;
}

TEST_CASE("a moment is read as RFC 3339 writes it, cut to milliseconds") {
  const SystemTime moment = at(2026, 1, 31, 10h + 20min + 30s + 123ms);
  for (const char* text : {"2026-01-31T10:20:30.123Z", "2026-01-31 10:20:30.123", "2026-01-31T12:20:30.123999+02:00",
                           "2026-01-31T06:50:30.123456789-0330", "2026-01-31t10:20:30,123z"}) {
    CAPTURE(text);
    CHECK(time_from_rfc3339(text) == moment);
  }
  CHECK(time_from_rfc3339("2026-01-31") == at(2026, 1, 31, 0ms));
  CHECK(time_from_rfc3339("2026-01-31T10:20Z") == at(2026, 1, 31, 10h + 20min));
  CHECK(time_from_rfc3339("2026-01-31T10:20:30.5Z") == at(2026, 1, 31, 10h + 20min + 30s + 500ms));
}

TEST_CASE("any other text is no moment") {
  for (const char* text : {"", "2026-02-31T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T10:60:00Z", "2026-01-31T10",
                           "2026-01-31T10:20:30.Z", "2026-01-31T10:20:30+2", "2026-01-31T10:20:30Zx",
                           "2026-01-31T-1:20:30Z", "1769854830", "2026-01-31X10:20:30Z"}) {
    CAPTURE(text);
    CHECK(time_from_rfc3339(text) == std::nullopt);
  }
}

}  // namespace

TEST_CASE("eight digits are a day and back") {
  CHECK(day_from_number(20260131) == day(2026, 1, 31));
  CHECK(day_from_number(20240229) == day(2024, 2, 29));
  CHECK(day_from_number(99991231) == day(9999, 12, 31));
  CHECK(day_to_number(day(2026, 1, 31)) == 20260131);
  CHECK(day_to_number(day(2026, 12, 5)) == 20261205);
}

TEST_CASE("a number that is no date is no day") {
  const auto number =
      GENERATE(as<std::int64_t>{}, 20260231, 20250229, 20261301, 20260001, 20260100, 20260132, 0, -1, -20260131,
               2026013, 202601310, 100000101, 120260131, 1231, 9'223'372'036'854'775'807, 4'315'227'427);
  CAPTURE(number);
  CHECK(day_from_number(number) == std::nullopt);
}

TEST_CASE("every day of four centuries survives the way to its number and to its text") {
  for (Day each = day(1900, 1, 1); each < day(2300, 1, 1); each += std::chrono::days{1}) {
    if (day_from_number(day_to_number(each)) != each) FAIL(day_to_number(each));
    if (day_from_text(day_to_text(each)) != each) FAIL(day_to_text(each));
  }
}

TEST_CASE("a date with dashes is a day and back") {
  CHECK(day_from_text("2026-01-31") == day(2026, 1, 31));
  CHECK(day_to_text(day(2026, 1, 31)) == "2026-01-31");
  CHECK(day_to_text(day(812, 3, 4)) == "0812-03-04");
}

TEST_CASE("any other text is no day") {
  const auto text =
      GENERATE(as<std::string>{}, "", "2026-02-31", "2026-1-31", "20260131", "2026/01/31", "2026-01-31 ", " 2026-01-31",
               "2026-01-31T00:00:00Z", "-026-01-31", "+026-01-31", "2026-+1-31", "2026- 1-31", "12026-01-31",
               "0000-01-01", "2026-13-01", "2026-00-10", "2026-01-00", "abcd-ef-gh", "2026-01\0-1");
  CAPTURE(text);
  CHECK(day_from_text(text) == std::nullopt);
}

TEST_CASE("a moment is RFC 3339 text with milliseconds only where there are any") {
  CHECK(to_rfc3339(at(2026, 1, 31, 10h + 20min + 30s)) == "2026-01-31T10:20:30Z");
  CHECK(to_rfc3339(at(2026, 1, 31, 10h + 20min + 30s + 123ms)) == "2026-01-31T10:20:30.123Z");
  CHECK(to_rfc3339(at(2026, 1, 31, 7ms)) == "2026-01-31T00:00:00.007Z");
  CHECK(to_rfc3339(SystemTime{}) == "1970-01-01T00:00:00Z");
}

TEST_CASE("a moment before 1970 is not rounded towards it") {
  CHECK(to_rfc3339(SystemTime{} - 1ms) == "1969-12-31T23:59:59.999Z");
  CHECK(to_rfc3339(SystemTime{} - 1s) == "1969-12-31T23:59:59Z");
}
