#include "sources/clevertap/reports/campaigns.hpp"

#include "sources/clevertap/reports/window_stream.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;
using std::chrono::days;

constexpr days kCampaignsAhead{62};
constexpr days kReportWindow{14};  // 30 days took 26 s, 90 days 109 s, and longer ranges failed

}  // namespace

http::Request campaigns_request(const Account& account, const DaySpan& span) {
  const Json body{{"from", day_to_number(span.first)}, {"to", day_to_number(span.last)}};
  return account.post("/1/targets/list.json", body.dump());
}

std::unique_ptr<engine::Stream> make_campaigns(engine::StreamDescription description, const Config& config,
                                               const std::shared_ptr<const Account>& account) {
  WindowPlan plan;
  plan.description = std::move(description);
  plan.endpoint = "POST /1/targets/list.json";
  plan.records = "targets";
  plan.window = kCampaignWindow;
  plan.lookback = config.lookback;
  plan.added = {.key = "id", .key_from = "id", .time = "fetched_at", .filled = {}, .filled_from = {}};
  plan.period = [config](const engine::SyncRequest& request, SystemTime now) {
    const Day today = config.zone.day_at(now);
    if (request.backfill) {
      return Period{request.backfill->since, std::min(request.backfill->until, today + kCampaignsAhead), today};
    }
    return Period{period_at(config, now).first, today + kCampaignsAhead, today};
  };
  plan.request = [account](const DaySpan& span) { return campaigns_request(*account, span); };
  return make_window_stream(std::move(plan), account);
}

http::Request message_reports_request(const Account& account, const Config& config, const DaySpan& span) {
  Json body{{"from", std::to_string(day_to_number(span.first))}, {"to", std::to_string(day_to_number(span.last))}};
  body.update(config.message_report_filters);
  return account.post("/1/message/report.json", body.dump());
}

std::unique_ptr<engine::Stream> make_message_reports(engine::StreamDescription description, const Config& config,
                                                     const std::shared_ptr<const Account>& account) {
  WindowPlan plan;
  plan.description = std::move(description);
  plan.endpoint = "POST /1/message/report.json";
  plan.records = "messages";
  plan.total = "total_results";
  plan.window = kReportWindow;
  plan.lookback = config.lookback;
  plan.added = {.key = "message_id", .key_from = "message id", .time = "fetched_at", .filled = {}, .filled_from = {}};
  plan.period = [config](const engine::SyncRequest& request, SystemTime now) {
    return request.backfill ? period_of(*request.backfill, config, now) : period_at(config, now);
  };
  plan.request = [account, config](const DaySpan& span) { return message_reports_request(*account, config, span); };
  return make_window_stream(std::move(plan), account);
}

}  // namespace engagement::clevertap
