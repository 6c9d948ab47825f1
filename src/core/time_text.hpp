#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"

namespace engagement {

using Day = std::chrono::local_days;  // a calendar day in some zone that the context names

// 20260131 <-> a day; nullopt for what is no date (20260231, 0, negative, a fifth digit of the year).
std::optional<Day> day_from_number(std::int64_t yyyymmdd);
int day_to_number(Day day);

// "2026-01-31" <-> a day; nullopt for anything else.
std::optional<Day> day_from_text(std::string_view text);
std::string day_to_text(Day day);

// "2026-01-31T10:20:30Z", with ".123" only where there are milliseconds.
std::string to_rfc3339(SystemTime time);

// A moment as RFC 3339 writes it, "2026-01-31T10:20:30.123456+02:00", or a day alone, which is its first moment in UTC.
// A blank may stand for the T; without an offset it is UTC. Digits beyond milliseconds are cut off, so the result is
// never later than the text. nullopt for anything else.
std::optional<SystemTime> time_from_rfc3339(std::string_view text);

}  // namespace engagement
