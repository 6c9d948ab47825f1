#include "simulator/kustomer/table.hpp"

#include <algorithm>

#include "simulator/kustomer/ordered.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace engagement::simulator::kustomer {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

constexpr SystemTime kNow = test::FakeClock::kStart;

Timeline::Shape shape(std::uint64_t rows = 1'000) {
  Timeline::Shape shape;
  shape.seed = 7;
  shape.rows = rows;
  shape.first = kNow - days(1'000);
  shape.last = kNow;
  shape.one_deleted_in = 8;
  return shape;
}

SystemTime created(std::uint64_t, SystemTime updated) { return updated - days(1); }

std::vector<std::uint64_t> numbers(const std::vector<Row>& rows) {
  std::vector<std::uint64_t> found;
  for (const Row& row : rows) found.push_back(row.number);
  return found;
}

// What ByUpdated computes, by looking at every row.
std::vector<Row> by_looking(const Snapshot& snapshot, TimeRange range, bool include_deleted) {
  std::vector<Row> rows;
  for (std::uint64_t number = 0; number < snapshot.rows; ++number) {
    if (!snapshot.exists(number)) continue;
    const Row row = snapshot.row(number);
    if ((row.deleted && !include_deleted) || row.updated < range.from || row.updated >= range.until) continue;
    rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& one, const Row& other) { return one.updated < other.updated; });
  return rows;
}

TEST_CASE("A timeline never goes back, and finds a time as looking at every row would") {
  Timeline::Shape tied = shape();
  tied.tied_rows = 120;
  tied.tied_at = kNow - days(300);
  const Timeline timeline(tied);
  std::uint64_t most_together = 0, together = 0, deleted = 0;
  for (std::uint64_t number = 0; number < timeline.rows(); ++number) {
    const bool equal = number > 0 && timeline.updated(number) == timeline.updated(number - 1);
    if (number > 0) REQUIRE(timeline.updated(number - 1) <= timeline.updated(number));
    together = equal ? together + 1 : 1;
    most_together = std::max(most_together, together);
    REQUIRE(timeline.live_below(number) == number - deleted);
    if (timeline.is_deleted(number)) {
      ++deleted;
    } else {
      REQUIRE(timeline.live(number - deleted) == number);
    }
  }
  CHECK(most_together == 120);
  CHECK(deleted == 1'000 / 8);
  CHECK(timeline.updated(0) >= tied.first);
  CHECK(timeline.updated(999) <= tied.last);
  CHECK(timeline.before(tied.first) == 0);
  CHECK(timeline.before(tied.last + milliseconds(1)) == 1'000);
}

TEST_CASE("Rows that changed move to the end and everything else keeps its place") {
  Table table(shape(), created);
  const SteadyTime now{};
  for (std::uint64_t number = 5; number < 900; number += 7) {
    CHECK(table.change(number, kNow + milliseconds(number / 3), number % 2 == 0, now));
  }
  for (int row = 0; row < 20; ++row) table.insert(kNow + milliseconds(100), now);
  CHECK_FALSE(table.change(5'000, kNow, false, now));
  const auto snapshot = table.indexed(now);
  for (const bool include_deleted : {true, false}) {
    for (const TimeRange& range : {TimeRange{}, TimeRange{kNow - days(500), kNow - days(10)},
                                   TimeRange{kNow - days(20), kNow + milliseconds(101)}}) {
      const ByUpdated ordered(snapshot, range, include_deleted, false),
          reversed(snapshot, range, include_deleted, true);
      const auto expected = numbers(by_looking(*snapshot, range, include_deleted));
      REQUIRE(ordered.size() == expected.size());
      std::vector<std::uint64_t> found;
      for (std::uint64_t begin = 0; begin < ordered.size(); begin += 37) {
        const auto page = numbers(ordered.rows(begin, std::min(begin + 37, ordered.size())));
        found.insert(found.end(), page.begin(), page.end());
      }
      CHECK(found == expected);
      CHECK(numbers(reversed.rows(0, reversed.size())) == std::vector(expected.rbegin(), expected.rend()));
    }
  }
}

TEST_CASE("A change is shown in its old place, and an insertion not at all, until the index has caught up") {
  Table table(shape(), created);
  const SteadyTime now{};
  table.change(3, kNow, false, now + milliseconds(500));
  const std::uint64_t inserted = table.insert(kNow, now + milliseconds(500));
  CHECK(table.indexed(now)->row(3).updated == table.timeline().updated(3));
  CHECK_FALSE(table.indexed(now)->exists(inserted));
  CHECK(table.present()->row(3).updated == kNow);
  CHECK(table.indexed(now + milliseconds(500))->row(3).updated == kNow);
  CHECK(table.indexed(now + milliseconds(500))->exists(inserted));
}

TEST_CASE("Tied rows come in another order each time, each of them once") {
  Timeline::Shape tied = shape();
  tied.tied_rows = 200;
  tied.tied_at = kNow - days(100);
  Table table(tied, created);
  const ByUpdated ordered(table.present(), {}, true, false);
  const auto whole = [&](std::uint64_t salt) { return numbers(shuffled_ties(ordered, 0, ordered.size(), salt)); };
  CHECK(whole(1) == whole(1));
  CHECK(whole(1) != whole(2));
  auto sorted = whole(2);
  std::sort(sorted.begin(), sorted.end());
  CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
  CHECK(sorted.size() == 1'000);
  // Pages of one order are that order's parts.
  auto pages = numbers(shuffled_ties(ordered, 0, 450, 9));
  const auto rest = numbers(shuffled_ties(ordered, 450, 1'000, 9));
  pages.insert(pages.end(), rest.begin(), rest.end());
  CHECK(pages == whole(9));
}

}  // namespace
}  // namespace engagement::simulator::kustomer
