#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"

namespace engagement::clevertap {

// GET /v1/contentBlock/list: the one list of CleverTap's that can be asked for what changed since a moment.
std::unique_ptr<engine::Stream> make_content_blocks(engine::StreamDescription description, const Config& config,
                                                    const std::shared_ptr<const Account>& account);
// `page` counts from 1. `since` and `until`, both inclusive, bound the time of change.
http::Request content_blocks_request(const Account& account, std::size_t page, std::size_t page_size,
                                     std::optional<SystemTime> since, std::optional<SystemTime> until);

}  // namespace engagement::clevertap
