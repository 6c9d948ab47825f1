#include "sources/clevertap/reports/campaign_results.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "engine/record_batch.hpp"
#include "engine/stream_context.hpp"
#include "json/member_at.hpp"
#include "sources/clevertap/answer_rules.hpp"
#include "sources/clevertap/exports/record_maker.hpp"
#include "sources/clevertap/queries/answer_number.hpp"
#include "sources/clevertap/reports/campaigns.hpp"
#include "sources/clevertap/reports/result_book.hpp"
#include "sources/clevertap/reports/window_stream.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;
using protocol::SyncMode;

// How far a campaign is, by the status that CleverTap lists. Some have a result while they still run, which is not
// their last one.
enum class Stage { unknown, to_come, under_way, over };

// A campaign, from the list or from the state.
struct Campaign {
  std::string id;  // JSON, as CleverTap sent it
  Stage stage = Stage::unknown;
  std::optional<DaySpan> window;  // where it is listed
};

enum class Result { there, none_yet, no_campaign };

// What a slice found out, kept until its records are written.
struct Outcome {
  std::vector<Campaign> ended;
  std::vector<Campaign> open;
  std::vector<Campaign> gone;
};

Stage stage_of(std::string_view status) {
  if (status.empty()) return Stage::unknown;
  if (status == "scheduled" || status == "pending") return Stage::to_come;
  return status == "completed" || status == "stopped" ? Stage::over : Stage::under_way;
}

// A `result.json` without a result, though with "success", is one of CleverTap's ways to say that there is none yet.
rest::Answer judge_result(const rest::Page& page) {
  auto answer = judge_page(page);
  if (!answer.succeeded || page.value("result")) return answer;
  answer.succeeded = false;
  answer.code = 409;
  return answer;
}

class ResultsRead final : public engine::StreamRead {
 public:
  ResultsRead(std::shared_ptr<const Account> account, DayPlan day_plan, std::optional<ResultBook> book, Day today)
      : account_(std::move(account)), days_(std::move(day_plan)), book_(std::move(book)), today_(today) {
    if (book_) {
      asked_again_ = book_->campaigns();
      windows_ = book_->windows();
    }
    known_.insert(asked_again_.begin(), asked_again_.end());
    outcomes_.resize(slice_count());
  }

  // Before the windows, the campaigns that the state names.
  std::size_t slice_count() const override { return days_.slices().size() + first_window(); }

  std::string slice_name(std::size_t slice) const override {
    if (slice < first_window()) return fmt::format("results of {} campaigns of earlier syncs", asked_again_.size());
    const DaySpan& span = days_.slices()[slice - first_window()];
    return fmt::format("results of campaigns of {} to {}", day_to_text(span.first), day_to_text(span.last));
  }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    engine::RecordBatch batch(context);
    for (const Campaign& campaign : campaigns_of(slice, context, stop)) {
      const Result result =
          campaign.stage == Stage::to_come ? Result::none_yet : read_result(campaign, batch, context, stop);
      const bool ended = result == Result::there && campaign.stage != Stage::under_way;
      Outcome& outcome = outcomes_[slice];
      (result == Result::no_campaign ? outcome.gone : ended ? outcome.ended : outcome.open).push_back(campaign);
    }
    batch.flush();
  }

  std::optional<Json> slice_done(std::size_t slice) override {
    if (book_) note(outcomes_[slice]);
    if (slice >= first_window() && days_.done(slice - first_window())) return state();
    return book_ ? std::optional(state()) : std::nullopt;
  }
  Json initial_state() const override { return state(); }
  Json final_state() override {
    days_.finish();
    return state();
  }

 private:
  std::size_t first_window() const { return asked_again_.empty() ? 0 : 1; }

  Json state() const {
    Json state = days_.state();
    if (book_) book_->write(state);
    return state;
  }

  void note(const Outcome& outcome) {
    for (const Campaign& campaign : outcome.open) book_->stays_open(campaign.id, campaign.window);
    for (const Campaign& campaign : outcome.gone) book_->is_gone(campaign.id);
    // The list does not tell when a campaign ended; it may have been today.
    for (const Campaign& campaign : outcome.ended) book_->has_ended(campaign.id, today_);
  }

  std::vector<Campaign> campaigns_of(std::size_t slice, engine::StreamContext& context,
                                     const std::stop_token& stop) const {
    if (slice < first_window()) return campaigns_asked_again(context, stop);
    auto campaigns = listed(days_.slices()[slice - first_window()], context, stop);
    std::erase_if(campaigns, [&](const Campaign& campaign) { return known_.contains(campaign.id); });
    return campaigns;
  }

  std::vector<Campaign> campaigns_asked_again(engine::StreamContext& context, const std::stop_token& stop) const {
    std::map<std::string, Stage> stages;
    for (const DaySpan& window : windows_) {
      for (const Campaign& campaign : listed(window, context, stop)) stages[campaign.id] = campaign.stage;
    }
    std::vector<Campaign> campaigns;
    for (const auto& id : asked_again_) {
      const auto stage = stages.find(id);
      campaigns.push_back({id, stage == stages.end() ? Stage::unknown : stage->second, std::nullopt});
    }
    return campaigns;
  }

  std::vector<Campaign> listed(const DaySpan& span, engine::StreamContext& context, const std::stop_token& stop) const {
    rest::Page page;
    read_list(*account_, campaigns_request(*account_, span), "POST /1/targets/list.json", list_shape("targets"), page,
              context, stop);
    context.repaired(page.repairs());
    std::vector<Campaign> campaigns;
    for (const auto& record : page.records()) {
      const auto id = json::member_at(record.walker, "id").value_or("null");
      if (!json::is_string(id) && !number_in(id)) continue;
      const auto status = json::member_at(record.walker, "status").value_or("");
      const bool told = json::is_string(status);
      campaigns.push_back({std::string(id), stage_of(told ? json::string_content(status) : std::string_view()), span});
    }
    return campaigns;
  }

  Result read_result(const Campaign& campaign, engine::RecordBatch& batch, engine::StreamContext& context,
                     const std::stop_token& stop) const {
    static const rest::PageShape shape{{}, {"result", "status", "error", "code"}};
    rest::Page page;
    rest::Answer answer;
    const auto action = rest::call_page(
        account_->result_caller(), account_->post("/1/targets/result.json", fmt::format(R"({{"id":{}}})", campaign.id)),
        fmt::format("POST /1/targets/result.json ({})", campaign.id), shape, judge_result, page, answer, context, stop);
    if (action == rest::Action::skip && rest::judge(answer, result_rules()).name == kNoSuchCampaign) {
      context.log(engine::LogLevel::warn,
                  fmt::format("campaign {} is passed over: CleverTap answered \"{}\"", campaign.id, answer.text));
      return Result::no_campaign;
    }
    if (action == rest::Action::skip) {
      context.log(engine::LogLevel::debug,
                  fmt::format("campaign {} has no result yet (\"{}\")", campaign.id, answer.text));
      return Result::none_yet;
    }
    if (action != rest::Action::ok) {
      throw system_error(fmt::format("CleverTap refused the result of campaign {}: \"{}\".", campaign.id, answer.text),
                         "POST /1/targets/result.json");
    }
    context.repaired(page.repairs());
    std::string& out = batch.begin_record();
    out += R"({"campaign_id":)";
    append_as_text(out, campaign.id);
    fmt::format_to(std::back_inserter(out), R"(,"fetched_at":"{}","result":{}}})",
                   to_rfc3339(context.environment().clock.now()), *page.value("result"));
    batch.end_record();
    return Result::there;
  }

  std::shared_ptr<const Account> account_;
  DayPlan days_;
  std::optional<ResultBook> book_;  // of an incremental sync
  Day today_;
  std::vector<std::string> asked_again_;
  std::vector<DaySpan> windows_;  // in which the open ones of them are listed
  std::set<std::string> known_;
  std::vector<Outcome> outcomes_;  // by slice
};

class CampaignResults final : public engine::Stream {
 public:
  CampaignResults(engine::StreamDescription description, const Config& config, std::shared_ptr<const Account> account)
      : description_(std::move(description)), config_(config), account_(std::move(account)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    const SystemTime now = context.environment().clock.now();
    const Period period = request.backfill ? period_of(*request.backfill, config_, now) : started_by_now(now);
    DayPlan day_plan(request, {period, kCampaignWindow, config_.lookback});
    std::optional<ResultBook> book;
    if (request.mode == SyncMode::incremental && !request.backfill) {
      // Without progress the state is not gone on from, and everything is asked for again anyway.
      const bool resumed = day_plan.state().contains("through");
      book =
          ResultBook::read(resumed && request.state ? *request.state : Json::object(), period.today, config_.lookback);
    }
    return std::make_unique<ResultsRead>(account_, std::move(day_plan), std::move(book), period.today);
  }

 private:
  // Whatever the configured end: a campaign's result comes after its start.
  Period started_by_now(SystemTime now) const {
    const Period period = period_at(config_, now);
    return {period.first, period.today, period.today};
  }

  const engine::StreamDescription description_;
  const Config config_;
  std::shared_ptr<const Account> account_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_campaign_results(engine::StreamDescription description, const Config& config,
                                                      const std::shared_ptr<const Account>& account) {
  return std::make_unique<CampaignResults>(std::move(description), config, account);
}

}  // namespace engagement::clevertap
