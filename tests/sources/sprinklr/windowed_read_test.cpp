#include "sources/sprinklr/entities/windowed_read.hpp"

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using protocol::SyncMode;

struct PlanFixture : SprinklrFixture {
  WindowPlan plan(SyncMode mode, const Json& changes, const std::optional<engine::Backfill>& days = std::nullopt) {
    engine::CommandContext context(environment, logger);
    const Config config = read_config(config_json(changes));
    return plan_windows({mode, std::nullopt, days}, config, std::chrono::days(30), context);
  }
};

std::vector<bool> waiting_slices(WindowPlan plan) {
  const WindowedRead read("cases", std::move(plan), {});
  std::vector<bool> waiting;
  for (std::size_t slice = 0; slice < read.slice_count(); ++slice) waiting.push_back(read.waits_for_earlier(slice));
  return waiting;
}

TEST_CASE("only a full refresh up to now ends with a search for what changed meanwhile, which waits for all others") {
  PlanFixture f;  // on 2026-03-01
  const Json since_january{{"start_date", "2026-01-25"}};
  CHECK(waiting_slices(f.plan(SyncMode::full_refresh, since_january)) == std::vector<bool>{false, false, true});
  CHECK(waiting_slices(f.plan(SyncMode::incremental, since_january)) == std::vector<bool>{false, false});
  const Json ended{{"start_date", "2026-01-25"}, {"end_date", "2026-02-20"}};
  CHECK(waiting_slices(f.plan(SyncMode::full_refresh, ended)) == std::vector<bool>{false});
  const engine::Backfill days{day("2026-02-01"), day("2026-02-02")};
  CHECK(waiting_slices(f.plan(SyncMode::full_refresh, since_january, days)) == std::vector<bool>{false});
  WindowPlan joined = f.plan(SyncMode::full_refresh, since_january);
  joined.join(false);
  CHECK(waiting_slices(std::move(joined)) == std::vector<bool>{false});
}

}  // namespace
}  // namespace engagement::sprinklr
