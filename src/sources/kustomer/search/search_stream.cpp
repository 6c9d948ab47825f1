#include "sources/kustomer/search/search_stream.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <mutex>

#include "core/time_text.hpp"
#include "engine/stream_state.hpp"
#include "rest/record_writer.hpp"
#include "sources/kustomer/records/record_layout.hpp"
#include "sources/kustomer/search/search_plan.hpp"

namespace engagement::kustomer {

namespace {

using engine::Json;

constexpr std::size_t kMostOverlapping = 65'536;  // rows remembered of a period that two slices read; 2 MB

json::Hash128 version_of(const SearchRow& row) {
  const auto tick = static_cast<std::uint64_t>(row.changed.time_since_epoch().count());
  return {row.id.low ^ (tick * 0x9e3779b97f4a7c15U), row.id.high};
}

class SearchRead final : public engine::StreamRead {
 public:
  SearchRead(const SearchStreamPlan& stream, const Config& config, SearchPlan plan)
      : stream_(stream), config_(config), plan_(std::move(plan)) {}

  std::size_t slice_count() const override { return plan_.slices().size(); }

  std::string slice_name(std::size_t slice) const override {
    const SearchSlice& what = plan_.slices()[slice];
    return fmt::format("{}{}, {} to {}", stream_.description.name, what.archived ? " (archived)" : "",
                       to_rfc3339(what.window.begin), what.open ? "now" : to_rfc3339(what.window.end));
  }

  bool waits_for_earlier(std::size_t slice) const override { return plan_.slices()[slice].waits(); }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    const SearchSlice& what = plan_.slices()[slice];
    const auto window = plan_.window_at(what, context.environment().clock.now());
    const SearchSetup setup = setup_of(what, context);
    const auto consumer = stream_.consumer(context);
    const auto produce = [&](PageRelay<SearchPage>& relay, const std::stop_token& inner_stop) {
      SearchReader reader(setup, relay, context, inner_stop);
      if (what.open) {
        reader.read_to_the_end(window.begin);
      } else {
        reader.read_window({window.begin, window.end});
      }
    };
    PageRelay<SearchPage> pages(produce, stop);
    int pages_since = 0;
    while (const SearchPage* page = pages.next()) {
      ++context.counts().pages;
      context.repaired(page->page.repairs());
      consumer->page(*page, stop);
      ++pages_since;
      // A crowded tick takes long, and may fail.
      if (!page->safe_from || (pages_since < SearchReader::kPagesPerProof && !page->crowded)) continue;
      if (const auto state = state_at(slice, *page->safe_from)) context.checkpoint(*state);
      pages_since = 0;
    }
  }

  std::optional<Json> slice_done(std::size_t slice) override {
    const std::lock_guard lock(mutex_);
    if (!plan_.done(slice)) return std::nullopt;
    return plan_.progress().to_json();
  }

  Json initial_state() const override { return plan_.progress().to_json(); }

  Json final_state() override {
    plan_.finish();
    return plan_.progress().to_json();
  }

 private:
  std::optional<Json> state_at(std::size_t slice, SystemTime moment) {
    const std::lock_guard lock(mutex_);
    if (!plan_.reached(slice, moment)) return std::nullopt;
    return plan_.progress().to_json();
  }

  SearchSetup setup_of(const SearchSlice& what, engine::StreamContext& context) {
    SearchSetup setup{*stream_.caller, stream_.target};
    setup.archived = what.archived;
    setup.page_size = config_.page_size;
    setup.include_deleted = config_.include_deleted;
    if (stream_.narrower_contexts) {
      setup.narrower_contexts = [this, &context](const std::stop_token& stop) {
        return stream_.narrower_contexts(context, stop);
      };
    }
    if (!plan_.overlaps().empty()) setup.claim = [this](const SearchRow& row) { return claim(row); };
    if (!what.open) {
      setup.expect = [this, &context](std::size_t rows) { context.estimate(expected_rows_ += rows); };
    }
    return setup;
  }

  bool claim(const SearchRow& row) {
    const auto& periods = plan_.overlaps();
    for (std::size_t at = 0; at < periods.size(); ++at) {
      if (row.changed >= periods[at].begin && row.changed < periods[at].end)
        return delivered_[at].claim(version_of(row));
    }
    return true;
  }

  const SearchStreamPlan& stream_;
  const Config& config_;
  std::mutex mutex_;
  SearchPlan plan_;
  // Of each of the plan's overlaps.
  std::array<DeliveredOnce, SearchPlan::kMostOverlaps> delivered_{
      DeliveredOnce(kMostOverlapping), DeliveredOnce(kMostOverlapping), DeliveredOnce(kMostOverlapping)};
  std::atomic<std::uint64_t> expected_rows_ = 0;
};

class SearchStream final : public engine::Stream {
 public:
  SearchStream(SearchStreamPlan plan, const Config& config) : plan_(std::move(plan)), config_(config) {}

  const engine::StreamDescription& description() const override { return plan_.description; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    const SystemTime now = context.environment().clock.now();
    check_start(config_, now);
    const SearchPlan::Options options{config_.window, config_.lookback, plan_.has_archive && config_.include_archived,
                                      plan_.has_updates, now};
    const bool looks_back_far = config_.start < archive_horizon(now);
    if (looks_back_far && !plan_.past_note.empty()) context.warn_once("past", plan_.past_note);
    if (request.backfill) {
      return std::make_unique<SearchRead>(plan_, config_, SearchPlan(period_of(*request.backfill, now), options));
    }
    const auto progress = SearchProgress::resume(request, config_.start, now);
    if (progress.cursor) engine::warn_of_future(*progress.cursor, context);
    return std::make_unique<SearchRead>(plan_, config_, SearchPlan(progress, options));
  }

 private:
  static rest::TimeWindow period_of(const engine::Backfill& backfill, SystemTime now) {
    const SystemTime since{backfill.since.time_since_epoch()};
    const SystemTime until{backfill.until.time_since_epoch() + std::chrono::days(1)};
    if (since > now) {
      throw config_error(fmt::format("The backfill begins in the future, {}; it is {} now.",
                                     day_to_text(backfill.since), to_rfc3339(now)));
    }
    return {since, std::min(until, now)};
  }

  const SearchStreamPlan plan_;
  const Config config_;
};

class RowWriter final : public RowConsumer {
 public:
  RowWriter(std::unique_ptr<rest::RecordMaker> maker, engine::StreamContext& context)
      : maker_(std::move(maker)), writer_(*maker_, context) {}

  void page(const SearchPage& page, const std::stop_token& /*stop*/) override {
    for (const auto& row : page.rows) {
      if (row.fresh) writer_.record(row.slice);
    }
    writer_.flush();
  }

 private:
  std::unique_ptr<rest::RecordMaker> maker_;
  rest::RecordWriter writer_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_search_stream(SearchStreamPlan plan, const Config& config) {
  return std::make_unique<SearchStream>(std::move(plan), config);
}

std::unique_ptr<RowConsumer> make_row_writer(Layout layout, const SearchTarget& target, const std::string& cursor,
                                             engine::StreamContext& context) {
  return std::make_unique<RowWriter>(make_records(layout, cursor, target.changed_path, context), context);
}

}  // namespace engagement::kustomer
