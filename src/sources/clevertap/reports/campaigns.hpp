#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/day_plan.hpp"

namespace engagement::clevertap {

// https://developer.clevertap.com/docs/get-campaigns-api: campaigns by the day they are scheduled to start, those to
// come included, whatever the configured end.
std::unique_ptr<engine::Stream> make_campaigns(engine::StreamDescription description, const Config& config,
                                               const std::shared_ptr<const Account>& account);
http::Request campaigns_request(const Account& account, const DaySpan& days);
constexpr std::chrono::days kCampaignWindow{31};  // CleverTap: "optimized for ranges of at most 31 days"

// https://developer.clevertap.com/docs/get-message-reports-api: messages by the day they started.
std::unique_ptr<engine::Stream> make_message_reports(engine::StreamDescription description, const Config& config,
                                                     const std::shared_ptr<const Account>& account);
http::Request message_reports_request(const Account& account, const Config& config, const DaySpan& days);

}  // namespace engagement::clevertap
