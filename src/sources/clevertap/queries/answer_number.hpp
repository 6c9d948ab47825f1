#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engagement::clevertap {

// CleverTap writes numbers as numbers or as text. `value` is a JSON value as written.

// The number as JSON writes it, its leading zeros gone ("007" is 7); nullopt for anything else ("NaN", ".5", null).
std::optional<std::string> number_in(std::string_view value);

// The digits of a number of things: 12, "012", 12.0 and 1.2e1 are 12; nullopt for what is negative or not whole.
std::optional<std::string> count_in(std::string_view value);

// The same as an integer, negative or not; nullopt for one that has more than 18 digits, too.
std::optional<std::int64_t> integer_in(std::string_view value);

}  // namespace engagement::clevertap
