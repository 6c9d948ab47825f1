#include "sources/clevertap/queries/count_stream.hpp"

#include <fmt/format.h>

#include "engine/record_batch.hpp"
#include "engine/stream_context.hpp"
#include "json/member_at.hpp"
#include "sources/clevertap/day_plan.hpp"
#include "sources/clevertap/queries/answer_number.hpp"
#include "sources/clevertap/queries/count_question.hpp"
#include "sources/clevertap/queries/query_stream.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;
using std::chrono::days;

// CleverTap computes while we wait, so there may be many more questions than requests in flight.
constexpr std::size_t kQuestionsForEachRequest = 12;

std::string count_of(const rest::Page& page) {
  const auto value = json::member_at(page.records().front().walker, "count");
  if (auto count = count_in(value.value_or(""))) return *count;
  throw system_error(fmt::format("CleverTap answered a count with {}, which is no number of things. Please report this "
                                 "with the log of this sync.",
                                 value ? shortened(*value) : "nothing"),
                     "\"count\" is no number");
}

class CountRead final : public engine::StreamRead {
 public:
  CountRead(const Query& query, std::shared_ptr<const Account> account, DayPlan plan)
      : query_(query), account_(std::move(account)), plan_(std::move(plan)), questions_(plan_.slices().size()) {}

  std::size_t slice_count() const override { return plan_.slices().size(); }

  std::string slice_name(std::size_t slice) const override {
    const DaySpan& span = plan_.slices()[slice];
    return fmt::format("{} of {} to {}", query_.name, day_to_text(span.first), day_to_text(span.last));
  }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    rest::Page page;
    question(slice).ask(page, context, stop);
    write(slice, page, context);
  }

  std::optional<SteadyTime> step_slice(std::size_t slice, engine::StreamContext& context,
                                       const std::stop_token& stop) override {
    rest::Page page;
    const auto due = question(slice).advance(page, context, stop);
    if (!due) write(slice, page, context);
    return due;
  }

  std::size_t most_under_way() const override { return kQuestionsForEachRequest * account_->concurrency(); }

  std::optional<Json> slice_done(std::size_t slice) override {
    if (!plan_.done(slice)) return std::nullopt;
    return with_query_hash(plan_.state(), query_);
  }
  Json initial_state() const override { return with_query_hash(plan_.state(), query_); }
  Json final_state() override {
    plan_.finish();
    return initial_state();
  }

 private:
  // A slice is in one call at a time, and its question lives as long as it is under way.
  CountQuestion& question(std::size_t slice) {
    auto& question = questions_[slice];
    if (!question) {
      const DaySpan& span = plan_.slices()[slice];
      question = std::make_unique<CountQuestion>(*account_, std::string(counts_path(query_.kind)),
                                                 query_body(query_, span.first, span.last), slice_name(slice));
    }
    return *question;
  }

  void write(std::size_t slice, const rest::Page& page, engine::StreamContext& context) {
    const DaySpan& span = plan_.slices()[slice];
    engine::RecordBatch batch(context);
    std::string& out = batch.begin_record();
    out += record_beginning(query_);
    fmt::format_to(std::back_inserter(out), R"(,"from":"{}","to":"{}","count":{},"counted_at":"{}"}})",
                   day_to_text(span.first), day_to_text(span.last), count_of(page),
                   to_rfc3339(context.environment().clock.now()));
    batch.end_record();
    batch.flush();
    questions_[slice].reset();
  }

  const Query& query_;
  std::shared_ptr<const Account> account_;
  DayPlan plan_;
  std::vector<std::unique_ptr<CountQuestion>> questions_;  // by slice
};

class CountStream final : public engine::Stream {
 public:
  CountStream(const Query& query, const Config& config, std::shared_ptr<const Account> account)
      : query_(query), config_(config), account_(std::move(account)), description_(describe(query)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    const SystemTime now = context.environment().clock.now();
    engine::SyncRequest own = request;
    forget_other_query(own, query_, context);
    DayPlan::Cut cut{.period = period_for(request, now), .window = days(1), .lookback = config_.lookback};
    if (query_.granularity == Granularity::range) cut.window = cut.period.last - cut.period.first + days(1);
    return std::make_unique<CountRead>(query_, account_, DayPlan(own, cut));
  }

 private:
  // A backfill of days that the query does not ask for has nothing to read.
  Period period_for(const engine::SyncRequest& request, SystemTime now) const {
    if (!request.backfill) return narrowed(period_at(config_, now), query_);
    return within(period_of(*request.backfill, config_, now), query_);
  }

  const Query query_;
  const Config config_;
  std::shared_ptr<const Account> account_;
  const engine::StreamDescription description_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_count_stream(const Query& query, const Config& config,
                                                  std::shared_ptr<const Account> account) {
  return std::make_unique<CountStream>(query, config, std::move(account));
}

}  // namespace engagement::clevertap
