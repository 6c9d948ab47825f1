#include "sources/clevertap/queries/group_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/record_batch.hpp"
#include "engine/stream_context.hpp"
#include "engine/stream_state.hpp"
#include "json/string_text.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/queries/count_question.hpp"
#include "sources/clevertap/queries/group_results.hpp"
#include "sources/clevertap/queries/query_stream.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;

constexpr std::chrono::months kMonthsInATrend{12};

std::chrono::year_month month_of(Day day) {
  const std::chrono::year_month_day date(std::chrono::sys_days(day.time_since_epoch()));
  return {date.year(), date.month()};
}

// The day before a month's first.
Day day_before(std::chrono::year_month month) {
  const std::chrono::sys_days first = month / std::chrono::day(1);
  return Day(first.time_since_epoch()) - std::chrono::days(1);
}

// One slice, whose requests come one after the other: only together do they tell a shared week's number.
class GroupRead final : public engine::StreamRead {
 public:
  GroupRead(const Query& query, std::shared_ptr<const Account> account, std::vector<DaySpan> requests)
      : query_(query), account_(std::move(account)), requests_(std::move(requests)), results_(query) {}

  std::size_t slice_count() const override { return 1; }
  std::string slice_name(std::size_t /*slice*/) const override { return query_.name; }

  void read_slice(std::size_t /*slice*/, engine::StreamContext& context, const std::stop_token& stop) override {
    for (; next_ < requests_.size(); ++next_) {
      rest::Page page;
      question().ask(page, context, stop);
      take(page, context);
    }
    write(context);
  }

  std::optional<SteadyTime> step_slice(std::size_t /*slice*/, engine::StreamContext& context,
                                       const std::stop_token& stop) override {
    rest::Page page;
    if (const auto due = question().advance(page, context, stop)) return due;
    take(page, context);
    if (++next_ < requests_.size()) return context.environment().clock.steady_now();
    write(context);
    return std::nullopt;
  }

  std::optional<Json> slice_done(std::size_t /*slice*/) override { return std::nullopt; }
  Json initial_state() const override { return state(false); }
  Json final_state() override { return state(true); }

 private:
  static Json state(bool finished) {
    Json state = engine::new_state(protocol::SyncMode::full_refresh);
    state["finished"] = finished;
    return state;
  }

  CountQuestion& question() {
    if (!question_) {
      const DaySpan& span = requests_[next_];
      question_.emplace(*account_, std::string(counts_path(query_.kind)), query_body(query_, span.first, span.last),
                        fmt::format("{} of {} to {}", query_.name, day_to_text(span.first), day_to_text(span.last)));
    }
    return *question_;
  }

  void take(const rest::Page& page, engine::StreamContext& context) {
    context.repaired(page.repairs());
    results_.add(page);
    question_.reset();
  }

  void write(engine::StreamContext& context) {
    warn_of_shared_weeks(context);
    for (const auto& label : results_.absent()) {
      context.log(engine::LogLevel::warn,
                  fmt::format("CleverTap's answer has no group \"{}\", so there are no records of it", label));
    }
    const bool trend = query_.kind == QueryKind::trends;
    const std::string beginning = record_beginning(query_);
    const std::string counted_at = to_rfc3339(context.environment().clock.now());
    engine::RecordBatch batch(context);
    for (const GroupResult& result : results_.all()) {
      std::string& out = batch.begin_record();
      out += beginning;
      fmt::format_to(std::back_inserter(out), R"(,"group":"{}","{}":"{}","{}":"{}","count":{},"counted_at":"{}"}})",
                     result.group, trend ? "trend_type" : "value_type", result.type, trend ? "bucket" : "value",
                     result.label, result.count, counted_at);
      batch.end_record();
    }
    batch.flush();
  }

  void warn_of_shared_weeks(engine::StreamContext& context) const {
    const Json* unique = protocol::find_member(query_.body, "unique");
    if (results_.shared() == 0 || unique == nullptr || *unique != true) return;
    context.warn_once("shared weeks",
                      fmt::format("{} weeks lie in two requests, because CleverTap serves a year at a time; people who "
                                  "did it in both parts of such a week are counted twice in it",
                                  results_.shared()));
  }

  const Query& query_;
  std::shared_ptr<const Account> account_;
  std::vector<DaySpan> requests_;
  std::size_t next_ = 0;
  std::optional<CountQuestion> question_;
  GroupResults results_;
};

class GroupStream final : public engine::Stream {
 public:
  GroupStream(const Query& query, const Config& config, std::shared_ptr<const Account> account)
      : query_(query), config_(config), account_(std::move(account)), description_(describe(query)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& /*request*/, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    const Period period = narrowed(period_at(config_, context.environment().clock.now()), query_);
    auto requests = query_.kind == QueryKind::trends ? trend_requests(period.first, period.last)
                                                     : std::vector<DaySpan>{{period.first, period.last}};
    return std::make_unique<GroupRead>(query_, account_, std::move(requests));
  }

 private:
  const Query query_;
  const Config config_;
  std::shared_ptr<const Account> account_;
  const engine::StreamDescription description_;
};

}  // namespace

std::vector<DaySpan> trend_requests(Day first, Day last) {
  std::vector<DaySpan> requests;
  while (first <= last) {
    const Day end = std::min(last, day_before(month_of(first) + kMonthsInATrend));
    requests.push_back({first, end});
    first = end + std::chrono::days(1);
  }
  return requests;
}

std::unique_ptr<engine::Stream> make_group_stream(const Query& query, const Config& config,
                                                  std::shared_ptr<const Account> account) {
  return std::make_unique<GroupStream>(query, config, std::move(account));
}

}  // namespace engagement::clevertap
