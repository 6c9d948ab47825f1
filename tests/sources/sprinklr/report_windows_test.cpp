#include "sources/sprinklr/reports/report_windows.hpp"

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;

std::vector<ReportWindow> windows(const std::string& from, const std::string& last, const std::string& name,
                                  std::chrono::hours width, const std::string& now) {
  const TimeZone days = zone(name);
  const Day first = day(from.substr(0, 10));
  const SystemTime end = std::min(moment(now), start_of(day(last) + std::chrono::days(1), days));
  return report_windows(start_of(first, days), {start_of(first, days), end, first, day(last)}, days, width, first,
                        moment(now));
}

void check_seamless(const std::vector<ReportWindow>& all) {
  for (std::size_t at = 0; at + 1 < all.size(); ++at) {
    CHECK(all[at].end == all[at + 1].begin);
    CHECK(all[at].begin < all[at].end);
    CHECK(all[at].read_end == all[at].end);
  }
}

TEST_CASE("a window of 24 hours is a day of the zone, of 23 or 25 hours where the clocks change") {
  const auto spring = windows("2026-03-28", "2026-03-30", "Europe/London", 24h, "2026-06-01T00:00:00Z");
  REQUIRE(spring.size() == 3);
  check_seamless(spring);
  CHECK(spring[1].begin == moment("2026-03-29T00:00:00Z"));
  CHECK(spring[1].end - spring[1].begin == 23h);
  const auto autumn = windows("2026-10-25", "2026-10-25", "Europe/London", 24h, "2026-12-01T00:00:00Z");
  REQUIRE(autumn.size() == 1);
  CHECK(autumn[0].end - autumn[0].begin == 25h);
}

TEST_CASE("windows of hours begin at each day's midnight and leave no hour out or twice") {
  const auto spring = windows("2026-03-28", "2026-03-30", "Europe/London", 1h, "2026-06-01T00:00:00Z");
  check_seamless(spring);
  CHECK(spring.size() == 24 + 23 + 24);
  const auto autumn = windows("2026-10-24", "2026-10-26", "Europe/London", 1h, "2026-12-01T00:00:00Z");
  check_seamless(autumn);
  CHECK(autumn.size() == 3 * 24);  // the repeated hour belongs to one of two hours
  CHECK(autumn.back().end - autumn.front().begin == 73h);
  const auto uneven = windows("2026-03-01", "2026-03-02", "UTC", 7h, "2026-06-01T00:00:00Z");
  check_seamless(uneven);
  REQUIRE(uneven.size() == 8);
  CHECK(uneven[3].end - uneven[3].begin == 3h);
  CHECK(uneven[4].begin == moment("2026-03-02T00:00:00Z"));
}

TEST_CASE("windows of several days count from the start date and are cut at the last day") {
  const auto weeks = windows("2026-03-01", "2026-03-10", "Asia/Kolkata", 168h, "2026-06-01T00:00:00Z");
  check_seamless(weeks);
  REQUIRE(weeks.size() == 2);
  CHECK(weeks[1].begin == moment("2026-03-07T18:30:00Z"));
  CHECK(weeks[1].end == moment("2026-03-10T18:30:00Z"));
}

TEST_CASE("the running window has its nominal end and is read up to now") {
  const auto all = windows("2026-03-01", "2026-03-03", "UTC", 24h, "2026-03-02T10:20:30Z");
  REQUIRE(all.size() == 2);
  CHECK(all[1].end == moment("2026-03-03T00:00:00Z"));
  CHECK(all[1].read_end == moment("2026-03-02T10:20:30Z"));
}

TEST_CASE("no window begins at or after now") {
  CHECK(windows("2026-03-01", "2026-03-05", "UTC", 24h, "2026-03-02T00:00:00Z").size() == 1);
}

TEST_CASE("a zone whose midnight is skipped has a day that begins later") {
  // Clocks in Beirut go forward from 00:00 to 01:00.
  const auto all = windows("2026-03-28", "2026-03-30", "Asia/Beirut", 24h, "2026-06-01T00:00:00Z");
  check_seamless(all);
  REQUIRE(all.size() == 3);
  CHECK(all[1].end - all[1].begin == 23h);
}

}  // namespace
}  // namespace engagement::sprinklr
