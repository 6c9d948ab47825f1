#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"

namespace engagement::clevertap {

// Streams of one answer, read whole each time.

// https://developer.clevertap.com/docs/get-schema
std::unique_ptr<engine::Stream> make_event_definitions(engine::StreamDescription description, const Config& config,
                                                       const std::shared_ptr<const Account>& account);
std::unique_ptr<engine::Stream> make_user_property_definitions(engine::StreamDescription description,
                                                               const Config& config,
                                                               const std::shared_ptr<const Account>& account);
// https://developer.clevertap.com/docs/settings-api-endpoints
std::unique_ptr<engine::Stream> make_subscription_groups(engine::StreamDescription description, const Config& config,
                                                         const std::shared_ptr<const Account>& account);
// https://developer.clevertap.com/docs/real-time-counts-api: who is active now, with every breakdown.
std::unique_ptr<engine::Stream> make_real_time_counts(engine::StreamDescription description, const Config& config,
                                                      const std::shared_ptr<const Account>& account);

}  // namespace engagement::clevertap
