#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace engagement {

// The candidates nearest to `word`, best first, at most `most`: same letters in another case first, then by edit
// distance (Damerau, letters of either case alike), at most a third of the word's length (two at least) away and with
// something in common. Empty when nothing is near.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates,
                                 std::size_t most = 3);

// `did you mean "a", "b" or "c"?`, or an empty text.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace engagement
