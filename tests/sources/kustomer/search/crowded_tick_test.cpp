// Reading one crowded millisecond: totals that are capped, rows that leave it, small pages.

#include "sources/kustomer/search/search_reader.hpp"
#include "sources/kustomer/search/search_reading.hpp"

namespace engagement::kustomer {
namespace {

void cap_total(FakeSearch::Answer& answer) { answer.total = std::min<std::size_t>(*answer.total, kCappedTotal); }

bool is_of_tick(const FakeSearch::Answer& answer) {
  const auto& changed = answer.query.at("and");
  return changed.size() > 1 && changed[0].begin().value()["gte"] == to_query_time(kTick) &&
         changed[1].begin().value()["lt"] == to_query_time(kTick + milliseconds(1));
}

TEST_CASE("a tick whose total is capped is parted, though a capped total is reached by pages") {
  for (const bool shuffled : {false, true}) {
    for (const bool next_is_capped : {false, true}) {
      INFO(shuffled << next_is_capped);
      Reading f;
      f.search.shuffled_ties = shuffled;
      f.search.add("import", 11'000, kTick, milliseconds(0), kTick - hours(5), milliseconds(1));
      f.search.add("after", 300, kTick + milliseconds(1), seconds(1));
      f.search.spoil = [=](FakeSearch::Answer& answer) {
        cap_total(answer);
        if (next_is_capped) answer.next = answer.page * answer.page_size < *answer.total;
      };
      CHECK(f.succeeds());
      f.check_all_once();
      CHECK(f.search.queries.size() < 200);
    }
  }
}

TEST_CASE("as many rows of one creation as a capped total says are all, where the last page says that it is") {
  for (const bool shuffled : {false, true}) {
    Reading f;
    f.search.shuffled_ties = shuffled;
    f.search.add("import", kCappedTotal, kTick, milliseconds(0), kTick);
    CHECK(f.succeeds());
    f.check_all_once();
  }
}

TEST_CASE("a tick whose every page has a link to another and no total takes few searches a page") {
  for (const bool same_creation : {false, true}) {
    for (const std::size_t count : {12U, 24U, 64U}) {
      INFO(same_creation << count);
      Reading f;
      f.search.shuffled_ties = false;
      f.search.largest_page = 10;
      f.search.row_limit = (count / 10 + 1) * 10;
      f.search.add("import", count, kTick, milliseconds(0), kTick - hours(1), milliseconds(same_creation ? 0 : 7));
      f.search.spoil = [](FakeSearch::Answer& answer) {
        answer.total.reset();
        answer.next = true;
      };
      CHECK(f.succeeds());
      f.check_all_once();
      CHECK(f.search.queries.size() < 80);
    }
  }
}

TEST_CASE("a tick without totals that its pages do not hold is parted, too") {
  Reading f;
  f.search.shuffled_ties = false;
  f.search.row_limit = 2000;
  f.search.add("import", 3000, kTick, milliseconds(0), kTick - hours(5), milliseconds(1));
  f.search.spoil = [](FakeSearch::Answer& answer) { answer.total.reset(); };
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("a tick whose total is capped and that cannot be parted fails and is named") {
  for (const bool has_total : {true, false}) {
    Reading f;
    f.search.shuffled_ties = false;
    f.search.row_limit = has_total ? 10'000 : 1000;
    f.search.add("import", has_total ? 10'500 : 1500, kTick, milliseconds(0), kTick);
    f.search.spoil = [=](FakeSearch::Answer& answer) {
      cap_total(answer);
      if (!has_total) answer.total.reset();
    };
    CHECK_FALSE(f.succeeds());
    REQUIRE(f.errors().size() == 1);
    CHECK(f.errors()[0]["failure_type"] == "system_error");
    CHECK(has(f.errors()[0]["message"], has_total ? "At least 10000 rows" : "At least 1000 rows"));
    CHECK(has(f.errors()[0]["message"], "2026-02-01T10:00:00.123Z"));
  }
}

TEST_CASE(
    "more rows than are served at once, which cannot be parted, come where their order is another one each time") {
  Reading f;
  f.search.row_limit = 1000;
  f.search.add("import", 1300, kTick, milliseconds(0), kTick);
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("rows that leave a tick one after the other, whatever its order, do not make it unreadable") {
  for (const bool shuffled : {false, true}) {
    for (const bool same_creation : {false, true}) {
      INFO(shuffled << same_creation);
      Reading f;
      f.search.shuffled_ties = shuffled;
      f.search.add("import", 900, kTick, milliseconds(0), kTick - hours(1), milliseconds(same_creation ? 0 : 1));
      f.search.before_search = [](FakeSearch& search, int number) {
        if (number % 3 == 0) search.rows[static_cast<std::size_t>(number) * 7 % 900].updated = kTick + hours(24 * 60);
      };
      CHECK(f.succeeds());
      const auto came = f.ids();
      const std::set<std::string> different(came.begin(), came.end());
      for (const auto& row : f.search.rows) {
        if (row.updated == kTick) CHECK(different.contains(row.id));
      }
    }
  }
}

TEST_CASE("a tick that cannot be proven while rows leave it is a transient failure behind a checkpoint") {
  Reading f;
  f.search.shuffled_ties = false;
  f.search.add("before", 30, time_of("2026-01-03T00:00:00Z"), seconds(1));
  f.search.add("import", 900, kTick, milliseconds(0), kTick);
  f.search.before_search = [](FakeSearch& search, int number) {
    if (number == 12) search.rows[200].updated = kTick + hours(24 * 60);
  };
  f.search.spoil = [](FakeSearch::Answer& answer) {
    if (!is_of_tick(answer)) return;
    std::erase_if(answer.rows, [](const auto& row) { return row.id == "import7"; });
  };
  CHECK_FALSE(f.succeeds());
  REQUIRE(f.errors().size() == 1);
  CHECK(f.errors()[0]["failure_type"] == "transient_error");
  CHECK(has(f.errors()[0]["message"], "kept changing"));
  REQUIRE_FALSE(f.states().empty());
  CHECK(f.states().back()["cursor"] == "2026-02-01T10:00:00.123Z");
}

TEST_CASE("a tick is read with the largest pages, however small those of the configuration are") {
  Reading f;
  f.search.add("import", 1500, kTick, milliseconds(0), kTick);
  CHECK(f.succeeds("conversations", {{"page_size_limit", 5}}));
  f.check_all_once();
  CHECK(f.search.queries.size() < 120);
}

TEST_CASE("what was seen since a sweep began is all, where it is as much as was there then") {
  const auto id = [](std::uint64_t number) { return json::Hash128{number, 1}; };
  Sightings rows;
  rows.begin_sweep();
  rows.told(3);
  rows.saw(id(1));
  rows.saw(id(2));
  CHECK_FALSE(rows.all());
  rows.begin_sweep();  // 3 has left unseen, and so has 2
  rows.told(1);
  CHECK_FALSE(rows.all());
  rows.saw(id(1));
  CHECK(rows.all());
  CHECK(rows.size() == 2);
  CHECK(rows.totals_fell());
  CHECK_FALSE(rows.more_than_told());
  rows.begin_sweep();
  rows.told_no_end();
  rows.saw(id(1));
  CHECK_FALSE(rows.all());
}

}  // namespace
}  // namespace engagement::kustomer
