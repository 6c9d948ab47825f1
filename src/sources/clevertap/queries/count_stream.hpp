#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/queries/query.hpp"

namespace engagement::clevertap {

// A query of kind event_count or profile_count: one record for each day, or one for the whole period.
std::unique_ptr<engine::Stream> make_count_stream(const Query& query, const Config& config,
                                                  std::shared_ptr<const Account> account);

}  // namespace engagement::clevertap
