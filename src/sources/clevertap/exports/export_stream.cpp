#include "sources/clevertap/exports/export_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>

#include "sources/clevertap/exports/export.hpp"
#include "sources/clevertap/files.hpp"
#include "sources/clevertap/queries/query_stream.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;

// In the order in which `discover` lists them.
constexpr std::array kExportRows = {
    ExportStreamRow{.name = "events",
                    .path = "/1/events.json",
                    .primary_key = "event_id",
                    .cursor = "event_time",
                    .windowed = true,
                    .event_summary = false,
                    .make_records = make_event_records},
    ExportStreamRow{.name = "profiles",
                    .path = "/1/profiles.json",
                    .primary_key = "profile_id",
                    .cursor = "exported_at",
                    .windowed = false,
                    .event_summary = true,
                    .make_records = make_profile_records},
};

const ExportStreamRow& row_of(const Query& query) { return kExportRows[query.kind == QueryKind::events ? 0 : 1]; }

// The event that a query exports; nullopt: whatever people did in the past year.
std::optional<std::string> event_of(const Query& query) {
  const auto event = query.body.find("event_name");
  return event != query.body.end() && event->is_string() ? std::optional(event->get<std::string>()) : std::nullopt;
}

std::string_view yes_or_no(bool flag) { return flag ? "true" : "false"; }

// The query parameters of https://developer.clevertap.com/docs/get-events-api, all of them given: their defaults are
// documented one way and observed another.
std::string parameters_for(const ExportStreamRow& row, const Config& config, int batch_size) {
  return fmt::format("batch_size={}&app={}&events={}&profile={}", batch_size, yes_or_no(config.app_fields),
                     yes_or_no(row.event_summary && config.event_summary), yes_or_no(config.profile_properties));
}

// What is asked for of a slice, built-in or a query.
std::string body_for(const Query* query, const EventSlice& slice) {
  if (query != nullptr) return event_of(*query) ? query_body(*query, slice.first, slice.last) : body_text(*query);
  return Json{{"event_name", slice.event}, {"from", day_to_number(slice.first)}, {"to", day_to_number(slice.last)}}
      .dump();
}

// Writes what an export brings and tells drift.
class SliceWriter final : public ExportConsumer {
 public:
  SliceWriter(std::unique_ptr<RecordMaker> maker, engine::StreamContext& context)
      : maker_(std::move(maker)), context_(context), batch_(context) {}

  void export_began() override { maker_->export_began(context_.environment().clock.now()); }
  WantedMembers wanted() const override { return maker_->wanted(); }

  void page(const ExportPage& page) override {
    engine::DriftReport* drift = context_.drift();
    for (const ExportRecord& record : page.records) {
      if (maker_->append(record, batch_) && drift != nullptr && drift->wants_next()) drift->observe(record.walker);
    }
    batch_.flush();
  }

 private:
  std::unique_ptr<RecordMaker> maker_;
  engine::StreamContext& context_;
  engine::RecordBatch batch_;
};

ConnectorError query_refused(const std::string& words) {
  return config_error(fmt::format("CleverTap does not accept the query: \"{}\".", words));
}

class ExportRead final : public engine::StreamRead {
 public:
  // `query` is nullptr for a built-in stream.
  ExportRead(const ExportStreamRow& row, const Query* query, const Config& config,
             std::shared_ptr<const Account> account, EventPlan plan, bool several_events)
      : row_(row), query_(query), config_(config), account_(std::move(account)), plan_(std::move(plan)) {
    shared_.several_events = several_events;
    if (query_ == nullptr) return;
    shared_.added_members = "," + record_beginning(*query_).substr(1);
    shared_.added_names = {"query_name", "context"};
  }

  std::size_t slice_count() const override { return plan_.slices().size(); }

  std::string slice_name(std::size_t slice) const override {
    const EventSlice& what = plan_.slices()[slice];
    return fmt::format("{} of \"{}\", {} to {}", query_ == nullptr ? row_.name : query_->name, what.event,
                       day_to_text(what.first), day_to_text(what.last));
  }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    const EventSlice& what = plan_.slices()[slice];
    if (is_refused(what.event)) return;
    const ExportQuery query{std::string(row_.path), parameters_for(row_, config_, config_.batch_size),
                            body_for(query_, what), slice_name(slice), query_ != nullptr};
    SliceWriter writer(row_.make_records(config_, what, context, shared_), context);
    if (const auto words = run_export(*account_, query, writer, context, stop)) refuse(what.event, *words, context);
  }

  std::optional<Json> slice_done(std::size_t slice) override {
    // What was never read is not complete: the event may be exportable next time.
    if (is_refused(plan_.slices()[slice].event) || !plan_.done(slice)) return std::nullopt;
    return state();
  }

  Json initial_state() const override { return state(); }

  Json final_state() override {
    plan_.progress().finish();
    return state();
  }

 private:
  Json state() const {
    return query_ == nullptr ? plan_.progress().to_json() : with_query_hash(plan_.progress().to_json(), *query_);
  }

  bool is_refused(const std::string& event) const {
    const std::lock_guard lock(mutex_);
    return refused_.contains(event);
  }
  void refuse(const std::string& event, const std::string& words, engine::StreamContext& context) {
    if (query_ != nullptr) throw query_refused(words);
    {
      const std::lock_guard lock(mutex_);
      if (!refused_.insert(event).second) return;
    }
    context.log(engine::LogLevel::warn,
                fmt::format("the event \"{}\" is skipped: CleverTap answered \"{}\"", event, words));
  }

  const ExportStreamRow& row_;
  const Query* query_;
  const Config& config_;
  std::shared_ptr<const Account> account_;
  EventPlan plan_;
  SharedSweep shared_;
  mutable std::mutex mutex_;
  std::set<std::string> refused_;
};

class ExportStream final : public engine::Stream {
 public:
  ExportStream(const ExportStreamRow& row, std::optional<Query> query, const Config& config,
               std::shared_ptr<const Account> account)
      : row_(row),
        query_(std::move(query)),
        config_(config),
        account_(std::move(account)),
        description_(query_ ? describe_query_export(*query_) : describe(row)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& stop) override {
    engine::SyncRequest own = request;
    if (query_) forget_other_query(own, *query_, context);
    const Period period = period_for(own, context);
    auto progress = EventProgress::resume(own, query_ ? period.first : config_.start);
    const auto events = events_to_read(context, stop);
    const auto window = row_.windowed ? std::optional(config_.window) : std::nullopt;
    EventPlan plan(events, config_, period, window, std::move(progress), own.mode);
    return std::make_unique<ExportRead>(row_, query_ ? &*query_ : nullptr, config_, account_, std::move(plan),
                                        events.size() > 1);
  }

 private:
  Period period_for(const engine::SyncRequest& request, engine::StreamContext& context) const {
    const SystemTime now = context.environment().clock.now();
    Period period = request.backfill ? period_of(*request.backfill, config_, now) : period_at(config_, now);
    if (period.end_was_clamped) {
      context.warn_once("end", fmt::format("the end date lies in the future; reading up to today, {}, instead",
                                           day_to_text(period.today)));
    }
    if (!query_ || !event_of(*query_)) return period;
    return request.backfill ? within(period, *query_) : narrowed(period, *query_);
  }

  std::vector<std::string> events_to_read(engine::StreamContext& context, const std::stop_token& stop) const {
    if (query_) return {event_of(*query_).value_or("")};
    auto events = config_.event_names;
    if (events.empty()) events = account_->event_names(context, stop);
    if (events.empty()) context.warn_once("no events", "the project has no events yet; there is nothing to read");
    return events;
  }

  const ExportStreamRow& row_;
  const std::optional<Query> query_;
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
                                                   const std::shared_ptr<const Account>& account) {
  return std::make_unique<ExportStream>(row, std::nullopt, config, account);
}

std::span<const ExportStreamRow> export_rows() { return kExportRows; }

engine::StreamDescription describe_query_export(const Query& query) {
  auto description = describe(row_of(query));
  description.name = query.name;
  auto& properties = description.json_schema["properties"];
  properties["query_name"] = {{"type", "string"}, {"description", "Added: the query's name."}};
  properties["context"] = {{"type", {"null", "object"}},
                           {"additionalProperties", true},
                           {"description", "Added: the query's context, as configured."}};
  if (query.kind == QueryKind::profiles && !event_of(query)) {
    description.cursor.clear();
    description.resumable = false;
    description.time_bound = false;
  }
  return description;
}

std::unique_ptr<engine::Stream> make_query_export(const Query& query, const Config& config,
                                                  const std::shared_ptr<const Account>& account) {
  return std::make_unique<ExportStream>(row_of(query), query, config, account);
}

void try_query_export(const Query& query, const Config& config, const Account& account, Day day,
                      engine::Context& context, const std::stop_token& stop) {
  constexpr int kSmallestBatch = 23;
  const ExportStreamRow& row = row_of(query);
  const ExportQuery one_day{std::string(row.path), parameters_for(row, config, kSmallestBatch),
                            body_for(&query, {event_of(query).value_or(""), day, day}), query.name, true};
  if (const auto words = try_export(account, one_day, context, stop)) throw query_refused(*words);
}

}  // namespace engagement::clevertap
