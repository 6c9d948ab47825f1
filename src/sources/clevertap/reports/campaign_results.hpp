#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"

namespace engagement::clevertap {

// https://developer.clevertap.com/docs/get-campaign-report-api: the result of each campaign that has started. CleverTap
// has one only once the campaign has ended; before that it is passed over and asked for again in the next sync.
std::unique_ptr<engine::Stream> make_campaign_results(engine::StreamDescription description, const Config& config,
                                                      const std::shared_ptr<const Account>& account);

}  // namespace engagement::clevertap
