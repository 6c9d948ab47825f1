#include "sources/kustomer/lists/list_streams.hpp"

#include "sources/kustomer/lists/lists_fixture.hpp"

namespace engagement::kustomer {
namespace {

TEST_CASE("a list is followed from page to page, and an empty page is not its end") {
  Lists f;
  f.vendor.others = {
      {"/v1/teams?pageSize=500", page({row("1", "2026-01-05T00:00:00.000Z")}, "/v1/teams?page=2")},
      {"/v1/teams?page=2", page({}, "/v1/teams?page=3")},
      {"/v1/teams?page=3", page({row("2", "2026-01-06T00:00:00.000Z"), row("1", "2026-01-05T00:00:00.000Z")}, "")}};
  CHECK(f.read("teams", Json::object(), SyncMode::incremental) == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"1", "2"});
  CHECK(f.states().back()["cursor"] == "2026-01-06T00:00:00Z");
}

TEST_CASE("a full page without links is followed by its number until that page is not there") {
  Lists f;
  const auto full = R"({"pageSize":2})";
  f.vendor.others = {{"/v1/brands?pageSize=100", page({row("1", "x"), row("2", "x")}, "-", full)},
                     {"/v1/brands?pageSize=100&page=2", page({row("3", "x"), row("4", "x")}, "-", full)}};
  CHECK(f.read("brands") == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"1", "2", "3", "4"});
}

TEST_CASE("links that do not say what comes next end no list that has more") {
  Lists f;
  f.vendor.others = {
      {"/v1/brands?pageSize=100",
       R"({"data":[{"id":"1"},{"id":"2"}],"links":{"self":"/v1/brands"},"meta":{"pageSize":2,"total":3}})"},
      {"/v1/brands?pageSize=100&page=2",
       R"({"data":[{"id":"3"}],"links":{"self":"x"},"meta":{"pageSize":2,"total":3}})"}};
  CHECK(f.read("brands") == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("a list that is not there fails, it is not empty") {
  Lists f;
  CHECK(f.read("brands") == engine::RunResult::failed);
  REQUIRE(f.errors().size() == 1);
  CHECK(f.errors()[0]["failure_type"] == "config_error");
  CHECK(f.kinds("brands").at(1) == "INCOMPLETE");
}

TEST_CASE("a list that ends before all of its rows came is a failure, never a success") {
  const auto first = row("1", "2026-01-05T00:00:00.000Z");
  const std::string links = R"({"data":[)" + first + R"(],"meta":{"total":450,"pageSize":1},"links":{"self":"/x"}})";
  struct Cut {
    std::string page;
    std::string type;
  };
  std::vector<std::string> many;
  for (int at = 0; at < 10'000; ++at) many.push_back(row(std::to_string(at), "2026-01-05T00:00:00.000Z"));
  const std::vector<Cut> cuts = {{page({first}, "/v1/shortcuts?page=2", R"({"total":12000})"), "transient_error"},
                                 {links, "transient_error"},
                                 {page({first}, "", R"({"total":2})"), "transient_error"},
                                 {page(many, "/v1/shortcuts?page=101"), "system_error"},
                                 {page(many, "-"), "system_error"},
                                 {page(many, "/v1/shortcuts?page=101", R"({"total":10000})"), "system_error"}};
  for (const auto& cut : cuts) {
    INFO(cut.page.substr(0, 300));
    Lists f;
    f.vendor.others = {{"/v1/shortcuts?pageSize=100", cut.page}};
    CHECK(f.read("shortcuts") == engine::RunResult::failed);
    REQUIRE(f.errors().size() == 1);
    CHECK(f.errors()[0]["failure_type"] == cut.type);
    CHECK(has(f.errors()[0]["message"], "10,000"));
    CHECK(f.kinds("shortcuts").back() == "ERROR");
  }
}

TEST_CASE("an answer that Kustomer gave up on ends no list, no log and no row's children") {
  const std::string given_up = R"({"data":[],"meta":{"timed_out":true},"links":{"next":null}})";
  const std::vector<std::pair<const char*, const char*>> streams = {
      {"brands", "/v1/brands?pageSize=100"},
      {"audit_logs", "/v1/audit-logs?count=1000"},
      {"conversation_events", "/v1/conversations/c0/events?pageSize=100"}};
  for (const auto& [stream, path] : streams) {
    INFO(stream);
    Lists f;
    f.vendor.add("c", 1, time_of("2026-02-01T00:00:00Z"), std::chrono::hours(1));
    f.vendor.others = {{path, given_up}};
    CHECK(f.read(stream) == engine::RunResult::failed);
    REQUIRE(f.errors().size() == 1);
    CHECK(f.errors()[0]["failure_type"] == "transient_error");
  }
}

TEST_CASE("a list may promise a page that is not there, or empty ones, after its last row") {
  const auto last = row("1", "2026-01-05T00:00:00.000Z");
  Lists f;
  f.vendor.others = {{"/v1/shortcuts?pageSize=100", page({last}, "/v1/shortcuts?page=2")}};
  CHECK(f.read("shortcuts") == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"1"});
  Lists g;
  g.vendor.others["/v1/shortcuts?pageSize=100"] = page({last}, "/v1/shortcuts?page=2");
  for (int number = 2; number < 9; ++number) {
    g.vendor.others["/v1/shortcuts?page=" + std::to_string(number)] =
        page({}, "/v1/shortcuts?page=" + std::to_string(number + 1));
  }
  CHECK(g.read("shortcuts") == engine::RunResult::complete);
  CHECK(g.client.requests().size() == 5);
}

TEST_CASE("a list whose links lead on for ever with the same rows ends") {
  for (const bool counted : {false, true}) {
    Lists f;
    const auto vendor = [&](const http::Request& request, const std::stop_token&) {
      const auto at = request.url.find("page=");
      const auto number = at == std::string::npos ? 1 : std::stoi(request.url.substr(at + 5));
      return test::answer(page({row("1", "2026-01-05T00:00:00.000Z"), row("2", "2026-01-05T00:00:00.000Z")},
                               "/v1/brands?page=" + std::to_string(number + 1), counted ? R"({"total":2})" : "{}"));
    };
    f.client.answer_with(vendor);
    CHECK(f.read("brands") == engine::RunResult::complete);
    CHECK(f.ids() == std::vector<std::string>{"1", "2"});
    CHECK(f.client.requests().size() < 10);
  }
}

TEST_CASE("a promise that is broken after a full page is a failure, unless a total says that everything came") {
  std::vector<std::string> rows;
  for (int at = 0; at < 100; ++at) rows.push_back(row(std::to_string(at), "2026-01-05T00:00:00.000Z"));
  for (const bool empty : {false, true}) {
    for (const bool counted : {false, true}) {
      INFO(empty << counted);
      Lists f;
      f.vendor.others["/v1/shortcuts?pageSize=100"] =
          page(rows, "/v1/shortcuts?page=2", counted ? R"({"total":100})" : "{}");
      for (int number = 2; empty && number < 9; ++number) {
        f.vendor.others["/v1/shortcuts?page=" + std::to_string(number)] =
            page({}, "/v1/shortcuts?page=" + std::to_string(number + 1));
      }
      CHECK((f.read("shortcuts") == engine::RunResult::complete) == counted);
    }
  }
}

TEST_CASE("a page that is cut to the default size without a word ends no list and no audit log") {
  std::vector<std::string> rows, entries;
  for (int at = 0; at < 100; ++at) {
    rows.push_back(row(std::to_string(at), "2026-01-05T00:00:00.000Z"));
    entries.push_back(R"({"type":"audit_log","id":")" + std::to_string(900 - at) +
                      R"(","attributes":{"createdAt":"2026-02-20T00:00:00.000Z"}})");
  }
  for (const char* meta : {"{}", R"({"pageSize":500})", R"({"total":101})"}) {
    INFO(meta);
    Lists f;
    f.vendor.others = {{"/v1/teams?pageSize=500", page(rows, "-", meta)},
                       {"/v1/teams?pageSize=500&page=2", page({row("x", "2026-01-05T00:00:00.000Z")}, "-", meta)}};
    CHECK(f.read("teams") == engine::RunResult::complete);
    CHECK(f.ids().size() == 101);
  }
  Lists g;
  g.vendor.others = {{"/v1/audit-logs?count=1000", page(entries, "-")},
                     {"/v1/audit-logs?count=1000&before=801", page({}, "-")}};
  CHECK(g.read("audit_logs") == engine::RunResult::complete);
  CHECK(g.ids().size() == 100);
  CHECK(g.client.requests().size() == 2);
}

TEST_CASE("a list of exactly 10,000 rows is whole where it says so") {
  std::vector<std::string> many;
  for (int at = 0; at < 10'000; ++at) many.push_back(row(std::to_string(at), "2026-01-05T00:00:00.000Z"));
  Lists f;
  f.vendor.others = {{"/v1/shortcuts?pageSize=100", page(many, "", R"({"total":10000})")}};
  CHECK(f.read("shortcuts") == engine::RunResult::complete);
  CHECK(f.ids().size() == 10'000);
}

TEST_CASE(
    "a list goes on by page numbers where its links do not say that it ends, or its total says that it does not") {
  const std::string first = row("1", "2026-01-05T00:00:00.000Z");
  const std::string second = R"({"data":[)" + row("2", "2026-01-05T00:00:00.000Z") + R"(],"links":{"next":null}})";
  for (const char* rest :
       {R"("meta":{"pageSize":1,"total":2},"links":{"self":"/x"}})", R"("meta":{"pageSize":1},"links":{"self":"/x"}})",
        R"("meta":{"pageSize":1,"total":2},"links":{"next":null}})"}) {
    INFO(rest);
    Lists f;
    f.vendor.others = {{"/v1/shortcuts?pageSize=100", R"({"data":[)" + first + "]," + rest},
                       {"/v1/shortcuts?pageSize=100&page=2", second}};
    CHECK(f.read("shortcuts") == engine::RunResult::complete);
    CHECK(f.ids() == std::vector<std::string>{"1", "2"});
  }
}

TEST_CASE("rows that are deleted from or added to a list while it is read do not make it too short") {
  for (const auto& [before, after] :
       {std::pair(R"({"total":9})", R"({"total":2})"), {R"({"total":2})", R"({"total":3})"}}) {
    Lists f;
    f.vendor.others = {
        {"/v1/shortcuts?pageSize=100", page({row("1", "2026-01-05T00:00:00.000Z")}, "?page=2&pageSize=a b", before)},
        {"/v1/shortcuts?page=2&pageSize=a%20b", page({row("2", "2026-01-05T00:00:00.000Z")}, "", after)}};
    CHECK(f.read("shortcuts") == engine::RunResult::complete);
    CHECK(f.ids() == std::vector<std::string>{"1", "2"});
  }
}

TEST_CASE("rows that a list marks as deleted are left out if they are not wanted") {
  Lists f;
  f.vendor.others = {{"/v1/teams?pageSize=500", page({row("1", "2026-01-05T00:00:00.000Z", R"(,"deleted":true)"),
                                                      row("2", "2026-01-05T00:00:00.000Z", R"(,"deleted":false)")},
                                                     "")}};
  CHECK(f.read("teams") == engine::RunResult::complete);
  CHECK(f.ids().size() == 2);
  Lists g;
  g.vendor.others = f.vendor.others;
  CHECK(g.read("teams", {{"include_deleted", false}}) == engine::RunResult::complete);
  CHECK(g.ids() == std::vector<std::string>{"2"});
}

TEST_CASE("a list's state of a later start date is not gone on from") {
  Lists f;
  f.vendor.others = {{"/v1/teams?pageSize=500",
                      page({row("old", "2025-12-01T00:00:00.000Z"), row("new", "2026-02-05T00:00:00.000Z")}, "")}};
  CHECK(f.read("teams", Json::object(), SyncMode::incremental) == engine::RunResult::complete);
  const auto state = f.states().back();
  CHECK(state["start_date"] == "2026-01-01T00:00:00Z");
  Lists g;
  g.vendor.others = f.vendor.others;
  CHECK(g.read("teams", {{"start_date", "2025-01-01T00:00:00Z"}}, SyncMode::incremental, state) ==
        engine::RunResult::complete);
  CHECK(g.ids() == std::vector<std::string>{"old", "new"});
}

TEST_CASE("a list delivers what was updated since its state, and nothing from before the start") {
  Lists f;
  f.vendor.others = {{"/v1/shortcuts?pageSize=100",
                      page({row("old", "2025-12-01T00:00:00.000Z"), row("seen", "2026-01-05T00:00:00.000Z"),
                            row("new", "2026-02-05T00:00:00.000Z")},
                           "")}};
  CHECK(f.read("shortcuts", Json::object(), SyncMode::incremental) == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"seen", "new"});
  const Json state{{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2026-02-01T00:00:00Z"}};
  Lists g;
  g.vendor.others = f.vendor.others;
  CHECK(g.read("shortcuts", Json::object(), SyncMode::incremental, state) == engine::RunResult::complete);
  CHECK(g.ids() == std::vector<std::string>{"new"});
}

TEST_CASE("users and tags that were deleted are asked for, once each, or left out") {
  Lists f;
  f.vendor.others = {{"/v1/users?pageSize=500",
                      page({row("1", "2026-01-05T00:00:00.000Z"), row("2", "2026-01-05T00:00:00.000Z")}, "")},
                     {"/v1/users?deleted=true&pageSize=500",
                      page({row("2", "2026-01-05T00:00:00.000Z"), row("3", "2026-01-05T00:00:00.000Z")}, "")},
                     {"/v1/users?deleted=false&pageSize=500", page({row("1", "2026-01-05T00:00:00.000Z")}, "")}};
  CHECK(f.read("users") == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"1", "2", "3"});
  Lists g;
  g.vendor.others = f.vendor.others;
  CHECK(g.read("users", {{"include_deleted", false}}) == engine::RunResult::complete);
  CHECK(g.ids() == std::vector<std::string>{"1"});
}

TEST_CASE("klasses of every status are read") {
  Lists f;
  f.vendor.others = {{"/v1/klasses?status=enabled&pageSize=100", page({row("1", "x")}, "")},
                     {"/v1/klasses?status=existing_only&pageSize=100", page({row("2", "x")}, "")},
                     {"/v1/klasses?status=disabled&pageSize=100", page({row("3", "x")}, "")}};
  CHECK(f.read("klasses") == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("versions of SLAs are what the list includes, also where it includes none") {
  Lists f;
  f.vendor.others = {
      {"/v1/slas?versions=all&pageSize=100",
       R"({"data":[{"type":"sla","id":"s"}],"included":[{"type":"sla_version","id":"v","attributes":{"version":4}}],"links":{"next":"/v1/slas?page=2"}})"},
      {"/v1/slas?page=2", R"({"data":[],"links":{"next":null}})"}};
  CHECK(f.read("sla_versions") == engine::RunResult::complete);
  CHECK(f.records() == std::vector<Json>{Json{{"type", "sla_version"}, {"id", "v"}, {"version", 4}}});
}

TEST_CASE("each business schedule is read alone, with its holidays") {
  Lists f;
  f.vendor.others = {
      {"/v1/schedules?pageSize=100", page({row("a", "x"), row("b", "x"), row("gone", "x")}, "")},
      {"/v1/schedules/a?include=holidays",
       R"({"included":[{"type":"holiday","id":"h","attributes":{"startDate":"2026-01-01"}}],"data":{"type":"schedule","id":"a","attributes":{"timeZone":"UTC"}}})"},
      {"/v1/schedules/b?include=holidays", R"({"data":{"type":"schedule","id":"b","attributes":{}}})"}};
  // "gone" is not there any more when it is read.
  CHECK(f.read("business_schedules") == engine::RunResult::complete);
  REQUIRE(f.records().size() == 2);
  CHECK(
      f.records()[0].dump() ==
      R"({"type":"schedule","id":"a","time_zone":"UTC","holidays":[{"type":"holiday","id":"h","start_date":"2026-01-01"}]})");
  CHECK(f.records()[1].dump() == R"({"type":"schedule","id":"b","holidays":[]})");
}

TEST_CASE("custom attributes are records of their own") {
  Lists f;
  const std::string none = R"({"data":{"type":"metadata","id":"m","attributes":{"properties":{}}}})";
  f.vendor.others = {
      {"/v1/metadata/customer",
       R"({"data":{"type":"metadata","id":"m","attributes":{"properties":{"tierStr":{"type":"string","displayName":"Tier"},"x":{}}}}})"},
      {"/v1/metadata/conversation", none},
      {"/v1/metadata/company", none},
      {"/v1/metadata/message", none}};
  CHECK(f.read("custom_attributes") == engine::RunResult::complete);
  REQUIRE(f.records().size() == 2);
  CHECK(
      f.records()[0].dump() ==
      R"({"id":"customer.tierStr","resource":"customer","name":"tierStr","properties":{"type":"string","display_name":"Tier"}})");
  CHECK(f.records()[1]["properties"] == Json::object());
}

TEST_CASE("children are read below each row that was updated, and know to which they belong") {
  Lists f;
  f.vendor.add("c", 3, time_of("2026-02-01T00:00:00Z"), std::chrono::hours(1));
  f.vendor.others = {
      {"/v1/conversations/c0/events?pageSize=100",
       page({R"({"type":"event","id":"e1","attributes":{"createdAt":"x"}})"}, "/v1/conversations/c0/events?page=2")},
      {"/v1/conversations/c0/events?page=2", page({R"({"type":"event","id":"e2","attributes":{}})"}, "")},
      {"/v1/conversations/c2/events?pageSize=100", page({R"({"type":"event","id":"e3","attributes":{}})"}, "")}};
  // c1 answers 404: it has been deleted.
  CHECK(f.read("conversation_events", Json::object(), SyncMode::incremental) == engine::RunResult::complete);
  REQUIRE(f.records().size() == 3);
  CHECK(
      f.records()[0].dump() ==
      R"({"conversation_id":"c0","conversation_updated_at":"2026-02-01T00:00:00.000Z","type":"event","id":"e1","created_at":"x"})");
  CHECK(f.records()[1]["conversation_id"] == "c0");
  CHECK(f.records()[2]["conversation_updated_at"] == "2026-02-01T02:00:00.000Z");
  CHECK(f.states().back()["cursor"] == "2026-03-01T00:00:00Z");
}

}  // namespace
}  // namespace engagement::kustomer
