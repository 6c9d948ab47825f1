#pragma once

#include <memory>
#include <string_view>

#include "engine/stream.hpp"

namespace engagement::clevertap {

// The same stream, whose config errors name it and its endpoint once it is being read: what one passcode may read
// differs from endpoint to endpoint, and it is the reader who has to know which one to ask for.
std::unique_ptr<engine::Stream> naming_endpoint(std::unique_ptr<engine::Stream> stream, std::string_view endpoint);

}  // namespace engagement::clevertap
