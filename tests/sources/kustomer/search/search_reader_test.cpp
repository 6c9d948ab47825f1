// Reading without loss or loop: crowded ticks, rows that move, the archive, checkpoints.

#include "sources/kustomer/search/search_reader.hpp"

#include <atomic>

#include "sources/kustomer/search/search_plan.hpp"
#include "sources/kustomer/search/search_reading.hpp"

namespace engagement::kustomer {
namespace {

TEST_CASE("rows come once each, with pages that move by time and no page number") {
  Reading f;
  f.search.add("a", 2345, time_of("2026-01-02T00:00:00Z"), seconds(60));
  CHECK(f.succeeds());
  f.check_all_once();
  CHECK(f.search.queries.size() == 5);
  CHECK(f.search.queries[0].dump() ==
        R"({"queryContext":"conversation","and":[{"conversation_updated_at":{"gte":"2026-01-01T00:00:00.000Z"}},)"
        R"({"conversation_updated_at":{"lt":"2026-03-01T00:00:00.000Z"}}],"sort":[{"conversation_updated_at":"asc"}],)"
        R"("includeDeleted":true})");
  for (const auto& url : f.client.urls()) CHECK(has(url, "/v1/customers/search?page=1&pageSize=500"));
}

TEST_CASE("neighbours that share ticks at the edges of pages come once each") {
  Reading f;
  for (int group = 0; group < 200; ++group) {
    f.search.add("g" + std::to_string(group) + "-", static_cast<std::size_t>(1 + group % 13), kTick + seconds(group),
                 milliseconds(0));
  }
  CHECK(f.succeeds("conversations", {{"page_size_limit", 20}}));
  f.check_all_once();
}

TEST_CASE("a bulk import in one tick is read although its rows come in another order each time") {
  Reading f;
  f.search.add("before", 700, kTick - seconds(700), seconds(1));
  f.search.add("import", 3000, kTick, milliseconds(0), kTick - hours(5), milliseconds(7));
  f.search.add("after", 700, kTick + milliseconds(1), seconds(1));
  CHECK(f.succeeds());
  f.check_all_once();
  CHECK(f.search.queries.size() < 60);
}

TEST_CASE("rows that even share their creation are asked for until each has come") {
  Reading f;
  f.search.add("import", 1300, kTick, milliseconds(0), kTick);
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("rows without a time of creation are asked for until each has come") {
  Reading f;
  f.search.add("import", 900, kTick, milliseconds(0), kTick - hours(1), milliseconds(1));
  f.search.add("odd", 300, kTick, milliseconds(0));
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("a tick in a stable order takes one request a page") {
  Reading f;
  f.search.shuffled_ties = false;
  f.search.add("import", 4000, kTick, milliseconds(0), kTick);
  CHECK(f.succeeds());
  f.check_all_once();
  CHECK(f.search.queries.size() <= 11);
}

TEST_CASE("a tick of more rows than are served is parted by the time of creation") {
  Reading f;
  f.search.row_limit = 2000;
  f.search.add("import", 9000, kTick, milliseconds(0), kTick - hours(5), milliseconds(1));
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("a total that goes no further than the rows that are served proves nothing") {
  Reading f;
  f.search.shuffled_ties = false;
  f.search.spoil = [](FakeSearch::Answer& answer) { answer.total = std::min<std::size_t>(*answer.total, 10'000); };
  f.search.add("import", 12'000, kTick, milliseconds(0), kTick - hours(5), milliseconds(1));
  f.search.add("later", 300, kTick + hours(1), seconds(1));
  CHECK(f.succeeds());
  f.check_all_once();
}

TEST_CASE("an open search that always times out is read with an end") {
  Reading f;
  f.search.add("row", 300, kTick, seconds(1));
  f.search.spoil = [](FakeSearch::Answer& answer) {
    answer.timed_out = answer.query.at("and").size() == 1;  // without an upper bound
  };
  CHECK(f.succeeds("conversations", Json::object(), SyncMode::full_refresh));
  f.check_all_once();
}

TEST_CASE("creations that crowd in a few ticks are parted down to them") {
  Reading f;
  f.search.row_limit = 1000;
  for (int part = 0; part < 6; ++part) {
    f.search.add("p" + std::to_string(part) + "-", 900, kTick, milliseconds(0),
                 kTick - hours(part % 3 == 0 ? 9 : part));
  }
  f.search.shuffled_ties = false;
  f.search.rows.resize(4500);
  const bool complete = f.succeeds("conversations", {{"page_size_limit", 300}});
  // Two of the parts share a creation: 1800 rows, of which 900 are served in a stable order.
  CHECK_FALSE(complete);
  f.search.row_limit = 10'000;
  Reading g;
  g.search.rows = f.search.rows;
  g.search.row_limit = 2000;
  CHECK(g.succeeds("conversations", {{"page_size_limit", 300}}));
  g.check_all_once();
}

TEST_CASE("custom objects that share tick and creation are parted by klass") {
  Reading f;
  f.search.row_limit = 1000;
  f.search.shuffled_ties = false;
  f.search.add("order", 900, kTick, milliseconds(0), kTick);
  f.search.add("claim", 800, kTick, milliseconds(0), kTick);
  for (auto& row : f.search.rows) row.klass = row.id.substr(0, 5);
  const auto klass = [](const std::string& name) {
    return R"({"data":[{"type":"klass","id":")" + name + R"(","attributes":{"name":")" + name +
           R"("}}],"links":{"next":null}})";
  };
  f.search.others = {{"/v1/klasses?status=enabled&pageSize=100", klass("order")},
                     {"/v1/klasses?status=existing_only&pageSize=100", klass("claim")},
                     {"/v1/klasses?status=disabled&pageSize=100", R"({"data":[],"links":{"next":null}})"}};
  CHECK(f.succeeds("kobjects", {{"page_size_limit", 250}}));
  f.check_all_once();
}

TEST_CASE("a tick that cannot be read whole fails and is named, and no state passes it") {
  Reading f;
  f.search.row_limit = 1000;
  f.search.shuffled_ties = false;
  f.search.add("before", 30, time_of("2026-01-03T00:00:00Z"), seconds(1));
  f.search.add("import", 1500, kTick, milliseconds(0), kTick);
  f.search.add("after", 30, time_of("2026-02-20T00:00:00Z"), seconds(1));
  CHECK_FALSE(f.succeeds("conversations", {{"date_window_size", 7}}));
  REQUIRE(f.errors().size() == 1);
  const auto message = f.errors()[0]["message"].get<std::string>();
  CHECK(has(message, "2026-02-01T10:00:00.123Z"));
  CHECK(has(message, "1500"));
  for (const auto& state : f.states()) CHECK(state.value("cursor", "") <= "2026-02-01T10:00:00.123Z");
  CHECK(f.kinds().back() == "ERROR");
}

TEST_CASE("a row that leaves a tick while it is read hides no other") {
  for (const bool shuffled : {true, false}) {
    Reading f;
    f.search.shuffled_ties = shuffled;
    f.search.add("import", 2000, kTick, milliseconds(0), kTick);
    f.search.before_search = [](FakeSearch& search, int number) {
      // As many of the first rows leave as make a page's worth of others slip past an offset.
      if (number < 2 || number > 6) return;
      for (std::size_t at = 0; at < 100; ++at) {
        search.rows[static_cast<std::size_t>(number) * 100 + at].updated = time_of("2026-03-05T00:00:00Z");
      }
    };
    CHECK(f.succeeds());
    const auto came = f.ids();
    const std::set<std::string> different(came.begin(), came.end());
    for (const auto& row : f.search.rows) {
      if (row.updated == kTick) CHECK(different.contains(row.id));
    }
  }
}

TEST_CASE("rows that are updated while a full refresh runs are read at its end, though they move again and again") {
  Reading f;
  f.search.add("a", 3000, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.before_search = [&](FakeSearch& search, int number) {
    f.clock.advance(seconds(1));
    for (std::size_t at = 0; at < 40; ++at) {
      auto& row = search.rows[(static_cast<std::size_t>(number) * 977 + at * 71) % search.rows.size()];
      row.updated = f.clock.now();
    }
    search.rows[2999].updated = f.clock.now();  // this one with each search
  };
  CHECK(f.succeeds("conversations", {{"page_size_limit", 100}}, SyncMode::full_refresh));
  f.check_all();
}

TEST_CASE("a full refresh ends although rows change faster than they are read") {
  Reading f;
  f.search.add("a", 500, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.before_search = [&](FakeSearch& search, int number) {
    f.clock.advance(seconds(1));
    for (auto& row : search.rows) row.updated = f.clock.now();
    search.add("n" + std::to_string(number) + "-", 20, f.clock.now(), milliseconds(1));
  };
  CHECK(f.succeeds("conversations", {{"page_size_limit", 10}}, SyncMode::full_refresh));
  CHECK(f.search.queries.size() < 1000);
}

TEST_CASE("an incremental sync leaves what is updated meanwhile to the next one") {
  Reading f;
  f.search.add("a", 2000, time_of("2026-01-02T00:00:00Z"), seconds(600));
  f.search.before_search = [&](FakeSearch& search, int number) {
    if (number == 2) {
      for (std::size_t at = 1500; at < 1600; ++at) search.rows[at].updated = f.clock.now() + seconds(5);
    }
  };
  CHECK(f.succeeds());
  CHECK(f.ids().size() == 1900);
  f.clock.advance(hours(1));
  CHECK(f.succeeds("conversations", Json::object(), SyncMode::incremental, f.states().back()));
  f.check_all();
}

TEST_CASE("rows in the archive and on both sides of the line come once each") {
  Reading f;
  f.search.add("old", 900, time_of("2022-05-01T00:00:00Z"), hours(12));
  for (auto& row : f.search.rows) row.archived = true;
  const auto line = f.search.rows.size();
  f.search.add("both", 40, time_of("2024-02-27T00:00:00Z"), hours(1));
  for (std::size_t at = line; at < line + 40; ++at) {
    auto copy = f.search.rows[at];
    copy.archived = true;
    f.search.rows.push_back(copy);
  }
  f.search.add("new", 500, time_of("2024-03-02T00:00:00Z"), hours(24));
  for (const auto mode : {SyncMode::incremental, SyncMode::full_refresh}) {
    Reading g;
    g.search.rows = f.search.rows;
    CHECK(g.succeeds("customers", {{"start_date", "2022-01-01T00:00:00Z"}}, mode));
    g.check_all_once();
  }
  Reading without;
  without.search.rows = f.search.rows;
  CHECK(without.succeeds("customers", {{"start_date", "2022-01-01T00:00:00Z"}, {"include_archived", false}}));
  CHECK(without.ids().size() == 540);
  for (const auto& url : without.client.urls()) CHECK_FALSE(has(url, "archive"));
}

TEST_CASE("rows that cross the line between the searches while a sync runs come") {
  for (const int workers : {1, 2}) {
    for (const auto mode : {SyncMode::incremental, SyncMode::full_refresh}) {
      Reading f;
      f.search.add("row", 400, archive_horizon(f.clock.now()) - seconds(50), milliseconds(500));
      for (std::size_t at = 0; at < 100; ++at) f.search.rows[at].archived = true;
      f.search.spoil = [&](FakeSearch::Answer& answer) {
        if (!answer.archive) return;
        for (std::size_t at = 100; at < 220; ++at) f.search.rows[at].archived = true;
      };
      CHECK(f.succeeds("conversations", {{"start_date", "2023-09-01T00:00:00Z"}, {"num_workers", workers}}, mode));
      f.check_all_once();
    }
  }
}

TEST_CASE("rows that both searches have far from the line come once") {
  Reading f;
  f.search.add("row", 200, archive_horizon(f.clock.now()) - hours(24 * 60), hours(12));
  auto copies = f.search.rows;
  for (auto& row : copies) row.archived = true;
  f.search.rows.insert(f.search.rows.end(), copies.begin(), copies.end());
  CHECK(f.succeeds("conversations", {{"start_date", "2023-09-01T00:00:00Z"}}));
  f.check_all_once();
}

TEST_CASE("notes have no archive, which is said once") {
  Reading f;
  f.search.add("n", 10, time_of("2026-01-02T00:00:00Z"), hours(1));
  CHECK(f.succeeds("notes", {{"start_date", "2022-01-01T00:00:00Z"}}));
  f.check_all_once();
  REQUIRE(f.logs("WARN").size() == 1);
  CHECK(has(f.logs("WARN")[0], "archive"));
  for (const auto& url : f.client.urls()) CHECK_FALSE(has(url, "archive"));
}

TEST_CASE("from whatever checkpoint a sync is resumed after a failure, nothing is missing") {
  for (const auto mode : {SyncMode::incremental, SyncMode::full_refresh}) {
    for (const int fails_at : {1, 2, 5, 12, 23, 31, 44, 60}) {
      INFO(fails_at);
      Reading f;
      f.environment.retry_limit = seconds(0);
      f.search.add("old", 800, time_of("2023-05-01T00:00:00Z"), hours(6));
      for (auto& row : f.search.rows) row.archived = true;
      f.search.add("a", 3000, time_of("2025-03-02T00:00:00Z"), hours(2));
      f.search.add("import", 300, time_of("2025-06-02T00:00:00Z"), milliseconds(0), kTick);
      f.search.spoil = [=](FakeSearch::Answer& answer) {
        if (answer.number == fails_at) answer.timed_out = true;
      };
      std::atomic<int> searches = 0;
      f.client.answer_with([&](const http::Request& r, const std::stop_token& s) {
        if (++searches == fails_at) return test::answer("down", 503);
        return f.search(r, s);
      });
      const Json changes{{"start_date", "2023-01-01T00:00:00Z"},
                         {"page_size_limit", 50},
                         {"num_workers", 3},
                         {"date_window_size", 366}};
      const bool first = f.succeeds("conversations", changes, mode);
      std::optional<Json> state;
      if (!f.states().empty()) state = f.states().back();
      if (!first) CHECK(f.succeeds("conversations", changes, mode, state));
      f.check_all();
    }
  }
}

TEST_CASE("within a long window checkpoints are written, and resuming from each brings the rest") {
  Reading f;
  f.search.add("a", 5000, time_of("2026-01-02T00:00:00Z"), seconds(900));
  const Json changes{{"page_size_limit", 50}};
  CHECK(f.succeeds("conversations", changes));
  const auto states = f.states();
  REQUIRE(states.size() >= 4);
  std::vector<std::string> before;
  std::size_t resumed = 0;
  for (const auto& message : f.sink.messages()) {
    if (message["type"] == "RECORD") before.push_back(message["record"]["data"]["id"]);
    if (message["type"] != "STATE" || ++resumed == states.size()) continue;
    Reading g;
    g.search.rows = f.search.rows;
    CHECK(g.succeeds("conversations", changes, SyncMode::incremental, message["state"]["stream"]["stream_state"]));
    auto all = g.ids();
    CHECK(all.size() < 5000);
    all.insert(all.end(), before.begin(), before.end());
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == 5000);
  }
}

TEST_CASE("a backfill reads its days and hands the state back") {
  Reading f;
  f.search.add("a", 500, time_of("2026-01-02T00:00:00Z"), hours(2));
  const Json state{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2026-02-20T00:00:00Z"}};
  const engine::Backfill days{day_from_text("2026-01-10").value(), day_from_text("2026-01-11").value()};
  CHECK(f.read("conversations", Json::object(), SyncMode::incremental, state, days) == engine::RunResult::complete);
  CHECK(f.ids().size() == 24);
  CHECK(f.states() == std::vector<Json>{state});
}

TEST_CASE("rows outside of what was asked for end the stream instead of going in a circle") {
  Reading f;
  f.search.add("a", 2000, time_of("2026-01-02T00:00:00Z"), seconds(1));
  f.search.spoil = [](FakeSearch::Answer& answer) {
    for (auto& row : answer.rows) row.updated = time_of("2020-01-01T00:00:00Z");
  };
  CHECK_FALSE(f.succeeds());
  REQUIRE(f.errors().size() == 1);
  CHECK(f.search.queries.size() == 1);
}

TEST_CASE(
    "rows without a readable time of change come with their neighbours, and a page of nothing else ends the stream") {
  Reading f;
  f.search.add("a", 1700, time_of("2026-01-02T00:00:00Z"), seconds(600));
  std::set<std::string> undated;
  for (std::size_t at = 0; at < 1700; ++at) {
    if (at % 3 == 0 || (at > 495 && at < 505)) undated.insert("a" + std::to_string(at));
  }
  f.client.answer_with([&](const http::Request& request, const std::stop_token& stop) {
    auto answer = f.search(request, stop);
    auto body = Json::parse(answer.body);
    for (auto& row : body["data"]) {
      if (undated.contains(row["id"])) row["attributes"]["updatedAt"] = "soon";
    }
    answer.body = body.dump();
    return answer;
  });
  CHECK(f.succeeds());
  f.check_all_once();
  for (const auto& id : f.search.ids()) undated.insert(id);
  CHECK_FALSE(f.succeeds());
  CHECK(has(f.errors().at(0)["message"], "no time of change"));
}

TEST_CASE("a 403 costs the stream alone and names the role, and it does not look like an empty one") {
  Reading f;
  f.client.answer_with([](const http::Request&, const std::stop_token&) {
    return test::answer(R"({"errors":[{"code":"forbidden","message":"Missing role"}]})", 403);
  });
  CHECK_FALSE(f.succeeds("notes"));
  REQUIRE(f.errors().size() == 1);
  CHECK(f.errors()[0]["failure_type"] == "config_error");
  CHECK(has(f.errors()[0]["message"], "org.permission.note.read"));
  CHECK(f.kinds("notes") == std::vector<std::string>{"STARTED", "INCOMPLETE", "ERROR"});
}

}  // namespace
}  // namespace engagement::kustomer
