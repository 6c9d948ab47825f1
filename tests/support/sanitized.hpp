#pragma once

// Defined where a sanitizer is compiled in: tests of memory and speed are left out there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ENGAGEMENT_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ENGAGEMENT_SANITIZED
#endif
#endif
