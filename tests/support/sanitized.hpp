#pragma once

#include <cstdlib>

// Defined where a sanitizer is compiled in: tests of memory and speed are left out there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ENGAGEMENT_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ENGAGEMENT_SANITIZED
#endif
#endif

namespace engagement::test {

// Tests that run the real executable are not sanitized themselves: scripts/check names a sanitized executable in the
// environment, which they run instead of their own build's. nullptr: none.
inline const char* sanitized_executable() { return std::getenv("ENGAGEMENT_SANITIZED_SOURCE"); }

}  // namespace engagement::test
