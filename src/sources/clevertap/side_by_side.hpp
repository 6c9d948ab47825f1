#pragma once

#include <cstddef>
#include <functional>

namespace engagement::clevertap {

// Does `task(0)` to `task(count - 1)` at the same time, each on a thread of its own: they wait more than they work, and
// the account's gate limits their requests. Returns when all have ended; then throws what the first of them threw.
void side_by_side(std::size_t count, const std::function<void(std::size_t)>& task);

}  // namespace engagement::clevertap
