#include "sources/clevertap/export_stream.hpp"

#include <fmt/format.h>

#include <mutex>
#include <set>

#include "sources/clevertap/export.hpp"
#include "sources/clevertap/files.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;

std::string_view yes_or_no(bool flag) { return flag ? "true" : "false"; }

// The query parameters of https://developer.clevertap.com/docs/get-events-api, all of them given: their defaults are
// documented one way and observed another.
std::string parameters_for(const ExportStreamRow& row, const Config& config) {
  return fmt::format("batch_size={}&app={}&events={}&profile={}", config.batch_size, yes_or_no(config.app_fields),
                     yes_or_no(row.event_summary && config.event_summary), yes_or_no(config.profile_properties));
}

// Writes what an export brings and tells drift.
class SliceWriter final : public ExportConsumer {
 public:
  SliceWriter(std::unique_ptr<RecordMaker> maker, engine::StreamContext& context)
      : maker_(std::move(maker)), context_(context), batch_(context) {}

  void export_began() override { maker_->export_began(context_.environment().clock.now()); }

  void page(const ExportPage& page) override {
    engine::DriftReport* drift = context_.drift();
    for (const RecordSlice& record : page.records) {
      if (maker_->append(record, batch_) && drift != nullptr && drift->wants_next()) drift->observe(record.walker);
    }
    batch_.flush();
  }

 private:
  std::unique_ptr<RecordMaker> maker_;
  engine::StreamContext& context_;
  engine::RecordBatch batch_;
};

class ExportRead final : public engine::StreamRead {
 public:
  ExportRead(const ExportStreamRow& row, const Config& config, std::shared_ptr<const Account> account, EventPlan plan,
             bool several_events)
      : row_(row), config_(config), account_(std::move(account)), plan_(std::move(plan)) {
    shared_.several_events = several_events;
  }

  std::size_t slice_count() const override { return plan_.slices().size(); }

  std::string slice_name(std::size_t slice) const override {
    const EventSlice& what = plan_.slices()[slice];
    return fmt::format("{} of \"{}\", {} to {}", row_.name, what.event, day_to_text(what.first),
                       day_to_text(what.last));
  }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    const EventSlice& what = plan_.slices()[slice];
    if (is_refused(what.event)) return;
    const Json body{{"event_name", what.event}, {"from", day_to_number(what.first)}, {"to", day_to_number(what.last)}};
    const ExportQuery query{std::string(row_.path), parameters_for(row_, config_), body.dump(), slice_name(slice)};
    SliceWriter writer(row_.make_records(config_, what, context, shared_), context);
    if (const auto words = run_export(*account_, query, writer, context, stop)) refuse(what.event, *words, context);
  }

  std::optional<Json> slice_done(std::size_t slice) override {
    // What was never read is not complete: the event may be exportable next time.
    if (is_refused(plan_.slices()[slice].event) || !plan_.done(slice)) return std::nullopt;
    return plan_.progress().to_json();
  }

  Json initial_state() const override { return plan_.progress().to_json(); }

  Json final_state() override {
    plan_.progress().finish();
    return plan_.progress().to_json();
  }

 private:
  bool is_refused(const std::string& event) const {
    const std::lock_guard lock(mutex_);
    return refused_.contains(event);
  }
  void refuse(const std::string& event, const std::string& words, engine::StreamContext& context) {
    {
      const std::lock_guard lock(mutex_);
      if (!refused_.insert(event).second) return;
    }
    context.log(engine::LogLevel::warn,
                fmt::format("the event \"{}\" is skipped: CleverTap answered \"{}\"", event, words));
  }

  const ExportStreamRow& row_;
  const Config& config_;
  std::shared_ptr<const Account> account_;
  EventPlan plan_;
  SharedSweep shared_;
  mutable std::mutex mutex_;
  std::set<std::string> refused_;
};

class ExportStream final : public engine::Stream {
 public:
  ExportStream(const ExportStreamRow& row, const Config& config, std::shared_ptr<const Account> account)
      : row_(row), config_(config), account_(std::move(account)), description_(describe(row)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& stop) override {
    const SystemTime now = context.environment().clock.now();
    const Period period = request.backfill ? period_of(*request.backfill, config_, now) : period_at(config_, now);
    if (period.end_was_clamped) {
      context.warn_once("end", fmt::format("the end date lies in the future; reading up to today, {}, instead",
                                           day_to_text(period.today)));
    }
    auto progress = EventProgress::resume(request, config_.start);
    auto events = config_.event_names;
    if (events.empty()) events = account_->event_names(context, stop);
    if (events.empty()) context.warn_once("no events", "the project has no events yet; there is nothing to read");
    const auto window = row_.windowed ? std::optional(config_.window) : std::nullopt;
    EventPlan plan(events, config_, period, window, std::move(progress), request.mode);
    return std::make_unique<ExportRead>(row_, config_, account_, std::move(plan), events.size() > 1);
  }

 private:
  const ExportStreamRow& row_;
  const Config config_;
  std::shared_ptr<const Account> account_;
  const engine::StreamDescription description_;
};

}  // namespace

engine::StreamDescription describe(const ExportStreamRow& row) {
  return {.name = std::string(row.name),
          .json_schema = Json::parse(embedded_file(fmt::format("schemas/clevertap/{}.json", row.name))),
          .primary_key = {{std::string(row.primary_key)}},
          .cursor = {std::string(row.cursor)},
          .resumable = true,
          .time_bound = true};
}

std::unique_ptr<engine::Stream> make_export_stream(const ExportStreamRow& row, const Config& config,
                                                   std::shared_ptr<const Account> account) {
  return std::make_unique<ExportStream>(row, config, std::move(account));
}

}  // namespace engagement::clevertap
