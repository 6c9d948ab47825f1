#include "sources/sprinklr/progress.hpp"

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

engine::SyncRequest request(protocol::SyncMode mode, std::optional<Json> state) {
  engine::SyncRequest result;
  result.mode = mode;
  result.state = std::move(state);
  return result;
}

const Period kPeriod{moment("2026-02-20T00:00:00Z"), moment("2026-03-10T12:00:00Z"), day("2026-02-20"),
                     day("2026-03-10")};

TEST_CASE("an incremental sync begins so many whole days before what is complete") {
  const Json state{
      {"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-20"}, {"through", "2026-03-10T00:00:00Z"}};
  const auto progress = Progress::resume(request(protocol::SyncMode::incremental, state), day("2026-02-20"));
  CHECK(progress.resume_at(kPeriod, zone("UTC"), std::chrono::days(3)) == moment("2026-03-07T00:00:00Z"));
  CHECK(progress.resume_at(kPeriod, zone("UTC"), std::chrono::days(0)) == moment("2026-03-10T00:00:00Z"));
  CHECK(progress.resume_at(kPeriod, zone("UTC"), std::chrono::days(300)) == kPeriod.begin);
}

TEST_CASE("progress never goes back while days are read again") {
  const Json state{
      {"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-20"}, {"through", "2026-03-10T00:00:00Z"}};
  auto progress = Progress::resume(request(protocol::SyncMode::incremental, state), day("2026-02-20"));
  CHECK_FALSE(progress.advance(moment("2026-03-08T00:00:00Z")));
  CHECK(progress.to_json() == state);
  CHECK(progress.advance(moment("2026-03-11T00:00:00Z")));
  CHECK(progress.to_json()["through"] == "2026-03-11T00:00:00Z");
}

TEST_CASE("a state of an earlier or later start, of the other mode or of nobody is treated as what it is") {
  Json state{
      {"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-20"}, {"through", "2026-03-10T00:00:00Z"}};
  const auto begin_of = [&](protocol::SyncMode mode, const std::string& start) {
    return Progress::resume(request(mode, state), day(start)).resume_at(kPeriod, zone("UTC"), {});
  };
  CHECK(begin_of(protocol::SyncMode::incremental, "2026-02-19") == kPeriod.begin);
  CHECK(begin_of(protocol::SyncMode::incremental, "2026-02-21") == moment("2026-03-10T00:00:00Z"));
  CHECK(begin_of(protocol::SyncMode::full_refresh, "2026-02-20") == kPeriod.begin);
  state["sync_mode"] = "full_refresh";
  state["finished"] = false;
  CHECK(begin_of(protocol::SyncMode::incremental, "2026-02-20") == kPeriod.begin);
  CHECK(begin_of(protocol::SyncMode::full_refresh, "2026-02-20") == moment("2026-03-10T00:00:00Z"));
  state["finished"] = true;
  CHECK(begin_of(protocol::SyncMode::full_refresh, "2026-02-20") == kPeriod.begin);
  state = {{"version", 7}};
  CHECK(has(message_of([&] { begin_of(protocol::SyncMode::incremental, "2026-02-20"); }), "Reset the stream"));
  state = {{"version", 1}, {"sync_mode", "incremental"}, {"start_date", "2026-02-20"}, {"through", "x"}};
  CHECK(has(message_of([&] { begin_of(protocol::SyncMode::incremental, "2026-02-20"); }), "Reset the stream"));
}

}  // namespace
}  // namespace engagement::sprinklr
