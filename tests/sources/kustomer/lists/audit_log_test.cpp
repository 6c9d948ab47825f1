#include "sources/kustomer/lists/list_streams.hpp"
#include "sources/kustomer/lists/lists_fixture.hpp"

namespace engagement::kustomer {
namespace {

std::string entry(int number, const std::string& created) {
  return R"({"type":"audit_log","id":")" + std::to_string(number) + R"(","attributes":{"createdAt":")" + created +
         "\"}}";
}

TEST_CASE("the audit log is read back to the start, and then back to what is known") {
  Lists f;
  f.vendor.others = {
      {"/v1/audit-logs?count=1000", page({entry(9, "2026-02-20T00:00:00.000Z"), entry(8, "2026-02-10T00:00:00.000Z")},
                                         "/v1/audit-logs?count=1000&before=8")},
      {"/v1/audit-logs?count=1000&before=8",
       page({entry(7, "2026-01-20T00:00:00.000Z"), entry(6, "2025-12-10T00:00:00.000Z")},
            "/v1/audit-logs?count=1000&before=6")}};
  CHECK(f.read("audit_logs", Json::object(), SyncMode::incremental) == engine::RunResult::complete);
  CHECK(f.ids() == std::vector<std::string>{"9", "8", "7"});
  CHECK(f.client.requests().size() == 2);
  const auto state = f.states().back();
  CHECK(state["cursor"] == "2026-02-20T00:00:00Z");
  f.vendor.others["/v1/audit-logs?count=1000"] =
      page({entry(10, "2026-02-21T00:00:00.000Z"), entry(9, "2026-02-20T00:00:00.000Z"),
            entry(8, "2026-02-10T00:00:00.000Z")},
           "/v1/audit-logs?count=1000&before=8");
  Lists g;
  g.vendor.others = f.vendor.others;
  CHECK(g.read("audit_logs", Json::object(), SyncMode::incremental, state) == engine::RunResult::complete);
  CHECK(g.ids() == std::vector<std::string>{"10", "9"});
  CHECK(g.client.requests().size() == 1);
  CHECK(g.states().back()["cursor"] == "2026-02-21T00:00:00Z");
}

TEST_CASE("a full page of the audit log without links is gone on from by its last entry") {
  Lists f;
  std::vector<std::string> entries;
  for (int number = 2000; number > 1000; --number) entries.push_back(entry(number, "2026-02-20T00:00:00.000Z"));
  f.vendor.others = {{"/v1/audit-logs?count=1000", page(entries, "-")},
                     {"/v1/audit-logs?count=1000&before=1001", page({entry(7, "2026-02-19T00:00:00.000Z")}, "-")}};
  CHECK(f.read("audit_logs", Json::object(), SyncMode::incremental) == engine::RunResult::complete);
  CHECK(f.ids().size() == 1001);
}

TEST_CASE("a full page of the audit log that cannot be gone on from fails") {
  Lists f;
  const std::vector<std::string> entries(1000, R"({"type":"audit_log","attributes":{}})");
  f.vendor.others = {{"/v1/audit-logs?count=1000", page(entries, "-")}};
  CHECK(f.read("audit_logs", Json::object(), SyncMode::incremental) == engine::RunResult::failed);
}

TEST_CASE("an entry of the audit log that is dated in the future does not move the cursor there") {
  Lists f;
  f.vendor.others = {{"/v1/audit-logs?count=1000", page({entry(9, "2026-04-20T00:00:00.000Z")}, "")}};
  CHECK(f.read("audit_logs", Json::object(), SyncMode::incremental) == engine::RunResult::complete);
  CHECK(f.states().back()["cursor"] == "2026-03-01T00:00:00Z");
}

TEST_CASE("the audit log goes on by its oldest entry where a link is missing and there seems to be more") {
  const auto newest = entry(9, "2026-02-20T00:00:00.000Z");
  for (const auto& first : {page({newest}, "-", R"({"count":1})"), page({newest}, "", R"({"cursorCount":2})")}) {
    Lists f;
    f.vendor.others = {{"/v1/audit-logs?count=1000", first},
                       {"/v1/audit-logs?count=1000&before=9", page({entry(8, "2026-02-10T00:00:00.000Z")}, "")}};
    CHECK(f.read("audit_logs", Json::object(), SyncMode::incremental) == engine::RunResult::complete);
    CHECK(f.ids() == std::vector<std::string>{"9", "8"});
  }
}

}  // namespace
}  // namespace engagement::kustomer
