#include "sources/sprinklr/reports/report_stream.hpp"

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/stream_state.hpp"
#include "rest/time_windows.hpp"
#include "sources/sprinklr/progress.hpp"
#include "sources/sprinklr/reports/report_reading.hpp"
#include "sources/sprinklr/reports/report_schema.hpp"
#include "sources/sprinklr/reports/report_windows.hpp"
#include "sources/sprinklr/reports/row_maker.hpp"

namespace engagement::sprinklr {

namespace {

using engine::Json;
using std::chrono::milliseconds;

// Writes the rows of the windows of one slice.
class RowWriter final : public RowConsumer {
 public:
  RowWriter(const ReportReading& reading, engine::StreamContext& context)
      : maker_(reading.report, context, context.drift()), writer_(maker_, context) {}

  void window_began(const ReportWindow& window, milliseconds width) {
    maker_.window_began(window.begin, window.end, width);
    pages_ = 0;
  }
  bool wrote_anything() const { return pages_ > 0; }

  void page(const rest::Page& page, std::size_t skipped) override {
    ++pages_;
    maker_.page_began(page);
    const auto& rows = page.records();
    for (std::size_t row = skipped; row < rows.size(); ++row) writer_.record(rows[row]);
    writer_.flush();
  }

 private:
  RowMaker maker_;
  rest::RecordWriter writer_;
  std::size_t pages_ = 0;
};

class ReportRead final : public engine::StreamRead {
 public:
  ReportRead(ReportReading& reading, std::vector<ReportWindow> windows, Progress progress, SystemTime now)
      : reading_(reading), windows_(std::move(windows)), progress_(progress), done_(windows_.size()), now_(now) {}

  std::size_t slice_count() const override { return windows_.size(); }
  std::string slice_name(std::size_t slice) const override {
    return fmt::format("{} from {} to {}", reading_.report.name, to_rfc3339(windows_[slice].begin),
                       to_rfc3339(windows_[slice].end));
  }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    RowWriter writer(reading_, context);
    auto buffers = take_buffers();
    std::vector<ReportWindow> waiting = {windows_[slice]};
    bool whole = true;
    while (!waiting.empty()) {
      const ReportWindow window = waiting.back();
      waiting.pop_back();
      writer.window_began(window, whole ? reading_.config.window : window.end - window.begin);
      const auto outcome =
          read_report_window(reading_.source(), window.begin, window.read_end, *buffers, writer, context, stop);
      if (outcome == WindowOutcome::read) continue;
      whole = false;
      if (writer.wrote_anything()) {
        context.warn_once(
            "grown window",
            "a window outgrew what Sprinklr serves while it was read; its rows come again, in two halves");
      }
      const auto [first, second] = halves_of(window);
      waiting.push_back(second);
      waiting.push_back(first);
      context.log(engine::LogLevel::info, fmt::format("more than {} rows from {} to {}; reading two halves", kMostRows,
                                                      to_rfc3339(window.begin), to_rfc3339(window.end)));
    }
    const std::lock_guard lock(mutex_);
    spare_.push_back(std::move(buffers));
  }

  std::optional<Json> slice_done(std::size_t slice) override {
    if (!done_.done(slice)) return std::nullopt;
    bool moved = false;
    for (; covered_ < done_.length(); ++covered_) {
      // The running window has been read, but it is not complete.
      if (windows_[covered_].end <= now_) moved = progress_.advance(windows_[covered_].end) || moved;
    }
    return moved ? std::optional(progress_.to_json()) : std::nullopt;
  }

  Json initial_state() const override { return progress_.to_json(); }
  Json final_state() override {
    progress_.finish();
    return progress_.to_json();
  }

 private:
  std::unique_ptr<WindowPages> take_buffers() {
    const std::lock_guard lock(mutex_);
    if (spare_.empty()) return std::make_unique<WindowPages>();
    auto buffers = std::move(spare_.back());
    spare_.pop_back();
    return buffers;
  }

  // Each is a window of its own for its rows: measurements of one half are not those of the whole. Cut where buckets of
  // dates begin, at a midnight or a full hour, as long as there is one inside.
  std::pair<ReportWindow, ReportWindow> halves_of(const ReportWindow& window) const {
    const milliseconds length = window.read_end - window.begin;
    if (length < milliseconds(2)) {
      throw config_error(fmt::format(
          "The report has more than {} rows in one millisecond, {}, and Sprinklr does not serve more. Add filters to "
          "its payload and make several reports of it.",
          kMostRows, to_rfc3339(window.begin)));
    }
    SystemTime middle = window.begin + length / 2;
    if (length >= std::chrono::hours(48)) {
      middle = start_of(reading_.zone.day_at(middle), reading_.zone);
    } else if (length >= std::chrono::hours(2)) {
      middle = window.begin + std::chrono::floor<std::chrono::hours>(length / 2);
    }
    return {{window.begin, middle, middle}, {middle, window.end, window.read_end}};
  }

  ReportReading& reading_;
  const std::vector<ReportWindow> windows_;
  Progress progress_;
  rest::DonePrefix done_;
  std::size_t covered_ = 0;
  const SystemTime now_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<WindowPages>> spare_;  // one for each slice that is under way, at most
};

class ReportStream final : public engine::Stream {
 public:
  ReportStream(const Config& config, const ReportDefinition& definition, const std::shared_ptr<Account>& account)
      : reading_(config, definition, account), description_(describe_report(definition)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    const Config& config = reading_.config;
    const SystemTime now = context.environment().clock.now();
    auto progress = Progress::resume(request, config.start);
    if (progress.through()) engine::warn_of_future(*progress.through(), context);
    const Period period =
        request.backfill ? period_of(*request.backfill, reading_.zone, now) : period_at(config, reading_.zone, now);
    auto windows = report_windows(progress.resume_at(period, reading_.zone, config.lookback), period, reading_.zone,
                                  config.window, config.start, now);
    if (request.backfill && config.window >= std::chrono::hours(48) &&
        key_needs_window(reading_.report, config.window)) {
      context.warn_once("cut windows",
                        "the report's windows are several days wide (window_hours); where the backfill's days are no "
                        "whole windows, its rows have other row_ids than those of a sync");
    }
    return std::make_unique<ReportRead>(reading_, std::move(windows), progress, now);
  }

 private:
  ReportReading reading_;
  const engine::StreamDescription description_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_report_stream(const Config& config, const ReportDefinition& definition,
                                                   const std::shared_ptr<Account>& account) {
  return std::make_unique<ReportStream>(config, definition, account);
}

}  // namespace engagement::sprinklr
