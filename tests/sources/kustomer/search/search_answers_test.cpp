// Reading without loss or loop: answers that are cut, late, empty, out of order, or say what is not so.

#include <map>
#include <utility>

#include "sources/kustomer/search/search_reader.hpp"
#include "sources/kustomer/search/search_reading.hpp"

namespace engagement::kustomer {
namespace {

TEST_CASE("a search that times out is asked again, and then by halves") {
  Reading f;
  f.search.add("a", 1500, time_of("2026-01-02T00:00:00Z"), seconds(1800));
  f.search.spoil = [](FakeSearch::Answer& answer) {
    const auto bound = [&](std::size_t at) {
      return time_of(answer.query["and"][at].begin().value().begin().value().get<std::string>());
    };
    if (bound(1) - bound(0) < hours(24 * 10)) return;
    answer.timed_out = true;
    answer.rows.resize(answer.rows.size() / 3);
    answer.total = answer.rows.size();
    answer.next = false;
  };
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("a search that times out once costs a wait and nothing else") {
  Reading f;
  f.search.add("a", 1500, time_of("2026-01-02T00:00:00Z"), seconds(1800));
  f.search.spoil = [](FakeSearch::Answer& answer) {
    answer.timed_out = answer.number == 2;
    if (answer.timed_out) answer.rows.clear();
  };
  CHECK(f.succeeds());
  f.check_all_once();
  CHECK(f.search.queries.size() == 5);
  CHECK(f.clock.waits().size() == 1);
}

TEST_CASE("a search that always times out ends as a transient failure") {
  Reading f;
  f.search.add("a", 10, time_of("2026-01-02T00:00:00Z"), seconds(1));
  f.search.spoil = [](FakeSearch::Answer& answer) { answer.timed_out = true; };
  CHECK_FALSE(f.succeeds());
  REQUIRE(f.errors().size() == 1);
  CHECK(f.errors()[0]["failure_type"] == "transient_error");
  CHECK(f.search.queries.size() < 200);
}

TEST_CASE("neither links nor total decide alone that a search is at its end") {
  const std::map<std::string, std::function<void(FakeSearch::Answer&)>> kFaults = {
      {"no links at all", [](auto& answer) { answer.links = false; }},
      {"no next", [](auto& answer) { answer.next = false; }},
      {"always a next", [](auto& answer) { answer.next = true; }},
      {"no total", [](auto& answer) { answer.total.reset(); }},
      {"no total and no links", [](auto& answer) { answer.total.reset(), answer.links = false; }},
      {"a total that is capped", [](auto& answer) { answer.total = std::min<std::size_t>(*answer.total, 1000); }},
      {"a total that is too small", [](auto& answer) { answer.total = *answer.total / 2; }},
      {"a first total that is too large",
       [](auto& answer) {
         if (answer.number == 1) answer.total = 1'782'018;
       }},
      {"a last total that is too large",
       [](auto& answer) {
         if (*answer.total < 500 && answer.number < 8) answer.total = 1'782'018;
       }},
      {"pages that are cut short",
       [](auto& answer) {
         if (answer.number % 2 == 1 && answer.rows.size() > 100) answer.rows.resize(100);
       }},
      {"pages that are cut short and say that they are the last",
       [](auto& answer) {
         if (answer.number % 2 == 0 && answer.rows.size() > 100) answer.rows.resize(100), answer.next = false;
       }},
  };
  for (const auto& [name, fault] : kFaults) {
    INFO(name);
    Reading f;
    f.search.add("a", 2000, time_of("2026-01-02T00:00:00Z"), seconds(600));
    f.search.add("tie", 800, kTick, milliseconds(0), kTick - hours(3), milliseconds(3));
    f.search.add("z", 300, time_of("2026-02-02T00:00:00Z"), seconds(600));
    f.search.spoil = fault;
    CHECK(f.succeeds());
    f.check_all_once();
    CHECK(f.search.queries.size() < 100);
  }
}

TEST_CASE("an empty answer with more to come is not the end") {
  Reading f;
  f.search.add("a", 1200, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.spoil = [](FakeSearch::Answer& answer) {
    if (answer.number != 2) return;
    answer.rows.clear();
    answer.next = true;
  };
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("a search whose first page stays empty is asked by halves") {
  Reading f;
  f.search.add("a", 1200, time_of("2026-01-02T00:00:00Z"), seconds(600));
  std::set<std::string> empty;
  f.search.spoil = [&](FakeSearch::Answer& answer) {
    const auto query = answer.query.dump();
    if (answer.number == 1 || answer.number == 9) empty.insert(query);
    if (empty.contains(query)) answer.rows.clear(), answer.total = 0, answer.next = true;
  };
  // With page 2 of the spoiled query the rows show that there are some.
  f.search.spoil = [&, inner = f.search.spoil](FakeSearch::Answer& answer) {
    if (answer.page == 1) inner(answer);
  };
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("rows that one answer leaves out are found by counting and read again") {
  Reading f;
  f.search.add("a", 3000, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.spoil = [](FakeSearch::Answer& answer) {
    if (answer.number == 3) answer.rows.erase(answer.rows.begin() + 100, answer.rows.begin() + 110);
  };
  CHECK(f.succeeds());
  f.check_all();
  CHECK(f.ids().size() < 3000 + 1100);
}

TEST_CASE("a total that promises more than is ever served ends as a failure, after a bounded number of searches") {
  Reading f;
  f.search.add("a", 700, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.spoil = [](FakeSearch::Answer& answer) { *answer.total += 3; };
  CHECK_FALSE(f.succeeds());
  REQUIRE(f.errors().size() == 1);
  CHECK(f.errors()[0]["failure_type"] == "transient_error");
  CHECK(has(f.errors()[0]["message"], "says that it has"));
  CHECK(f.search.queries.size() < 400);
  // The last tick is what fails; everything before it has come.
  REQUIRE_FALSE(f.states().empty());
  CHECK(f.states().back()["cursor"] == "2026-01-06T20:30:00Z");
  CHECK(f.ids().size() == 700);
}

TEST_CASE("an open search that always times out is given an end, and does not go on for ever") {
  for (const bool bounded_too : {false, true}) {
    Reading f;
    f.search.add("a", 20, time_of("2026-01-02T00:00:00Z"), seconds(600));
    f.search.spoil = [=](FakeSearch::Answer& answer) {
      const auto& bounds = answer.query.at("and");
      const bool open = bounds.size() == 1;
      const bool late = !open && bounds[1].begin().value().begin().value() > "2026-03-01T00:00:00.000Z";
      answer.timed_out = open || (bounded_too && late);
    };
    CHECK(f.succeeds("conversations", Json::object(), SyncMode::full_refresh) == !bounded_too);
    f.check_all();
    CHECK(f.search.queries.size() < 100);
    if (bounded_too) CHECK(f.errors().at(0)["failure_type"] == "transient_error");
  }
}

TEST_CASE("a row that leaves a window costs none of the window's checkpoints") {
  Reading f;
  f.search.add("a", 5000, time_of("2026-01-02T00:00:00Z"), seconds(900));
  f.search.before_search = [](FakeSearch& search, int number) {
    if (number == 3) search.rows[4999].updated = time_of("2026-03-05T00:00:00Z");
  };
  CHECK(f.succeeds("conversations", {{"page_size_limit", 50}}));
  CHECK(f.states().size() >= 4);
  CHECK(f.search.queries.size() < 120);
}

TEST_CASE("totals that are capped hide no loss in a window, and cost none of its checkpoints") {
  for (const bool loses : {false, true}) {
    Reading f;
    f.search.add("a", 11'500, time_of("2026-01-02T00:00:00Z"), seconds(300));
    f.search.spoil = [=](FakeSearch::Answer& answer) {
      if (loses && answer.number == 3) answer.rows.erase(answer.rows.begin() + 100, answer.rows.begin() + 110);
      answer.total = std::min<std::size_t>(*answer.total, kCappedTotal);
    };
    CHECK(f.succeeds());
    f.check_all();
    if (loses) continue;
    f.check_all_once();
    CHECK(f.states().size() >= 2);
  }
}

TEST_CASE("a row that comes late to the index is looked for, where totals are capped, too") {
  Reading f;
  f.search.add("a", 12'500, time_of("2026-01-02T00:00:00Z"), seconds(300));
  f.search.before_search = [](FakeSearch& search, int number) {
    if (number == 8) search.add("late", 1, time_of("2026-01-02T05:00:01Z"), seconds(1));
  };
  f.search.spoil = [](FakeSearch::Answer& answer) {
    answer.total = std::min<std::size_t>(*answer.total, kCappedTotal);
  };
  CHECK(f.succeeds());
  f.check_all();
  CHECK(f.search.queries.size() < 100);
}

TEST_CASE("capped totals that promise a row that never comes are a failure") {
  Reading f;
  f.search.add("a", 12'500, time_of("2026-01-02T00:00:00Z"), seconds(300));
  f.search.spoil = [](FakeSearch::Answer& answer) {
    std::erase_if(answer.rows, [](const auto& row) { return row.id == "a700"; });
    answer.total = std::min<std::size_t>(*answer.total, kCappedTotal);
  };
  CHECK_FALSE(f.succeeds());
  REQUIRE(f.errors().size() == 1);
  CHECK(f.errors()[0]["failure_type"] == "transient_error");
  CHECK(has(f.errors()[0]["message"], "says that it has"));
}

TEST_CASE("a page whose last row shows a change that the search does not know of yet ends no window") {
  for (const int total : {0, 1, 2}) {  // none, capped, real
    for (const auto mode : {SyncMode::incremental, SyncMode::full_refresh}) {
      INFO(total);
      Reading f;
      f.search.add("a", total == 1 ? 12'500 : 3000, time_of("2026-01-02T00:00:00Z"), seconds(300));
      bool refreshed = false;
      f.search.spoil = [&](FakeSearch::Answer& answer) {
        if (total == 0) answer.total.reset();
        if (total == 1) answer.total = std::min<std::size_t>(*answer.total, kCappedTotal);
        if (std::exchange(refreshed, true)) return;
        answer.rows.back().updated = f.clock.now() + seconds(1);
      };
      CHECK(f.succeeds("conversations", Json::object(), mode));
      f.check_all_once();
    }
  }
}

TEST_CASE("a page whose last row shows a later change within the window hides nothing where nothing is counted") {
  Reading f;
  f.search.add("a", 3000, time_of("2026-01-02T00:00:00Z"), seconds(300));
  bool refreshed = false;
  f.search.spoil = [&](FakeSearch::Answer& answer) {
    answer.total.reset();
    if (!std::exchange(refreshed, true)) answer.rows.back().updated = f.clock.now() - seconds(5);
  };
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("rows at the end of a page that show a later change each time are read by halves") {
  Reading f;
  f.search.add("a", 1600, time_of("2026-01-02T00:00:00Z"), seconds(300));
  f.search.spoil = [&](FakeSearch::Answer& answer) {
    for (auto& row : answer.rows) {
      if (row.id >= "a490" && row.id <= "a499") row.updated = f.clock.now() + seconds(1);
    }
  };
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("a total that is none of the query is named where the rows come to their end") {
  Reading f;
  f.search.add("a", 1300, time_of("2026-01-02T00:00:00Z"), seconds(300));
  f.search.spoil = [](FakeSearch::Answer& answer) { answer.total = 1'782'018; };
  CHECK_FALSE(f.succeeds());
  REQUIRE(f.errors().size() == 1);
  CHECK(has(f.errors()[0]["message"], "says that it has 1782018 rows"));
  CHECK_FALSE(has(f.errors()[0]["message"], "millisecond"));
}

TEST_CASE("answers that say nothing of what is left are followed until one brings nothing new") {
  for (const std::size_t served : {100U, 40U, 500U}) {
    Reading f;
    f.search.largest_page = served;
    f.search.add("a", 1510, time_of("2026-01-02T00:00:00Z"), seconds(600));
    f.search.spoil = [](FakeSearch::Answer& answer) { answer.meta = answer.links = false; };
    CHECK(f.succeeds());
    f.check_all_once();
  }
}

TEST_CASE("rows that come late to the index while the window is read are found by the count") {
  Reading f;
  f.search.add("a", 1600, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.before_search = [](FakeSearch& search, int number) {
    if (number == 3) search.add("late", 4, time_of("2026-01-02T05:00:00Z"), seconds(1));
    // One of those to come leaves, so that the window does not hold what it held.
    if (number == 3) search.rows[1590].updated = time_of("2026-03-02T00:00:00Z");
  };
  CHECK(f.succeeds());
  const auto came = f.ids();
  const std::set<std::string> different(came.begin(), came.end());
  CHECK(different.contains("late3"));
}

TEST_CASE("answers out of order are read by halves until one holds a part") {
  Reading f;
  f.search.add("a", 1500, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.spoil = [](FakeSearch::Answer& answer) {
    if (answer.rows.size() > 1) std::swap(answer.rows.front(), answer.rows.back());
  };
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("a server that silently serves smaller pages is noticed") {
  Reading f;
  f.search.largest_page = 100;
  f.search.add("a", 950, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.spoil = [](FakeSearch::Answer& answer) { answer.total.reset(), answer.links = false; };
  CHECK(f.succeeds());
  f.check_all_once();
}

}  // namespace
}  // namespace engagement::kustomer
