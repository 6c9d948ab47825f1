#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"

namespace engagement::clevertap {

// https://developer.clevertap.com/docs/get-user-profiles-api: the profiles of the people that the configuration names
// by identity, e-mail address or object id. Nobody found is a warning.
std::unique_ptr<engine::Stream> make_profile_lookups(engine::StreamDescription description, const Config& config,
                                                     const std::shared_ptr<const Account>& account);

}  // namespace engagement::clevertap
