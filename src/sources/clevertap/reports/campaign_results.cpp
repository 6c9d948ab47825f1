#include "sources/clevertap/reports/campaign_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/record_batch.hpp"
#include "engine/stream_context.hpp"
#include "json/member_at.hpp"
#include "sources/clevertap/record_maker.hpp"
#include "sources/clevertap/reports/campaigns.hpp"
#include "sources/clevertap/reports/result_book.hpp"
#include "sources/clevertap/reports/window_stream.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;
using protocol::SyncMode;

// A campaign, from the list or from the state.
struct Campaign {
  std::string id;  // JSON, as CleverTap sent it
  std::string key;
  bool has_started = true;
  Day started;
};

// What a slice found out, kept until its records are written.
struct Outcome {
  std::vector<Campaign> with_result;
  std::vector<Campaign> without;
};

// A `result.json` without a result, though with "success", is one of CleverTap's ways to say that there is none yet.
rest::Answer judge_result(const rest::Page& page) {
  auto answer = judge_page(page);
  if (!answer.succeeded || page.value("result")) return answer;
  answer.succeeded = false;
  answer.code = 409;
  return answer;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

class ResultsRead final : public engine::StreamRead {
 public:
  ResultsRead(std::shared_ptr<const Account> account, DayPlan days, std::optional<ResultBook> book, Day today)
      : account_(std::move(account)), days_(std::move(days)), book_(std::move(book)), today_(today) {
    if (book_) asked_again_ = book_->campaigns();
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
      const bool there = campaign.has_started && read_result(campaign, batch, context, stop);
      (there ? outcomes_[slice].with_result : outcomes_[slice].without).push_back(campaign);
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
    for (const Campaign& campaign : outcome.without) book_->has_none_yet(campaign.key);
    for (const Campaign& campaign : outcome.with_result) {
      // One that was open has ended since the last sync; of another all we know is when it started.
      book_->has_result(campaign.key, book_->is_open(campaign.key) ? today_ : campaign.started);
    }
  }

  std::vector<Campaign> campaigns_of(std::size_t slice, engine::StreamContext& context,
                                     const std::stop_token& stop) const {
    std::vector<Campaign> campaigns;
    if (slice < first_window()) {
      for (const auto& key : asked_again_) {
        campaigns.push_back({is_number(key) ? key : Json(key).dump(), key, true, today_});
      }
      return campaigns;
    }
    const DaySpan& span = days_.slices()[slice - first_window()];
    rest::Page page;
    read_list(*account_, campaigns_request(*account_, span), "POST /1/targets/list.json", list_shape("targets"), page,
              context, stop);
    context.repaired(page.repairs());
    for (const auto& record : page.records()) {
      auto campaign = campaign_in(record, span);
      if (campaign && !known_.contains(campaign->key)) campaigns.push_back(std::move(*campaign));
    }
    return campaigns;
  }

  static std::optional<Campaign> campaign_in(const json::RecordSlice& record, const DaySpan& span) {
    const auto text_at = [&](std::string_view name) {
      const auto value = json::member_at(record.walker, name).value_or("");
      return json::is_string(value) ? json::decode_string(json::string_content(value)) : std::string(value);
    };
    const auto id = json::member_at(record.walker, "id");
    if (!id || *id == "null") return std::nullopt;
    const std::string status = text_at("status");
    // "scheduled_on" begins with the day, as far as that has been seen; else the window is all we know.
    const std::string scheduled = text_at("scheduled_on").substr(0, 8);
    const auto day = is_number(scheduled) ? day_from_number(std::stoll(scheduled)) : std::nullopt;
    const bool plausible = day && *day >= span.first && *day <= span.last;
    return Campaign{std::string(*id), text_at("id"), status != "scheduled" && status != "pending",
                    plausible ? *day : span.last};
  }

  // Whether there is a result.
  bool read_result(const Campaign& campaign, engine::RecordBatch& batch, engine::StreamContext& context,
                   const std::stop_token& stop) const {
    static const rest::PageShape shape{{}, {"result", "status", "error", "code"}};
    rest::Page page;
    rest::Answer answer;
    const auto action = rest::call_page(
        account_->result_caller(), account_->post("/1/targets/result.json", fmt::format(R"({{"id":{}}})", campaign.id)),
        fmt::format("POST /1/targets/result.json ({})", campaign.key), shape, judge_result, page, answer, context,
        stop);
    if (action == rest::Action::skip) {
      context.log(engine::LogLevel::debug,
                  fmt::format("campaign {} has no result yet (\"{}\")", campaign.key, answer.text));
      return false;
    }
    if (action != rest::Action::ok) {
      throw system_error(fmt::format("CleverTap refused the result of campaign {}: \"{}\".", campaign.key, answer.text),
                         "POST /1/targets/result.json");
    }
    context.repaired(page.repairs());
    std::string& out = batch.begin_record();
    out += R"({"campaign_id":)";
    append_as_text(out, campaign.id);
    fmt::format_to(std::back_inserter(out), R"(,"fetched_at":"{}","result":{}}})",
                   to_rfc3339(context.environment().clock.now()), *page.value("result"));
    batch.end_record();
    return true;
  }

  std::shared_ptr<const Account> account_;
  DayPlan days_;
  std::optional<ResultBook> book_;  // of an incremental sync
  Day today_;
  std::vector<std::string> asked_again_;
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
    DayPlan days(request, {period, kCampaignWindow, config_.lookback});
    std::optional<ResultBook> book;
    if (request.mode == SyncMode::incremental && !request.backfill) {
      // Without progress the state is not gone on from, and everything is asked for again anyway.
      const bool resumed = days.state().contains("through");
      book =
          ResultBook::read(resumed && request.state ? *request.state : Json::object(), period.today, config_.lookback);
    }
    return std::make_unique<ResultsRead>(account_, std::move(days), std::move(book), period.today);
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
                                                      std::shared_ptr<const Account> account) {
  return std::make_unique<CampaignResults>(std::move(description), config, std::move(account));
}

}  // namespace engagement::clevertap
