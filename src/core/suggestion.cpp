#include "core/suggestion.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/utf8_points.hpp"

namespace engagement {
namespace {

// Characters with the ASCII letters in lower case: names of events and fields differ in case more than in anything.
std::u32string folded(std::string_view text) {
  std::u32string result;
  for (const auto& point : utf8_points(text)) {
    const bool upper = point.value >= U'A' && point.value <= U'Z';
    result += upper ? point.value + (U'a' - U'A') : point.value;
  }
  return result;
}

// Damerau's distance (optimal string alignment): inserted, removed, changed characters and swapped neighbours.
std::size_t edit_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> before_last, last(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::exchange(last, current);
  }
  return last[b.size()];
}

}  // namespace

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates, std::size_t most) {
  const std::u32string wanted = folded(word);
  const std::size_t limit = std::max<std::size_t>(2, wanted.size() / 3);

  std::vector<std::tuple<std::size_t, std::size_t>> ranked;  // distance, index: equally near ones keep their order
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::u32string candidate = folded(candidates[i]);
    // A text more than `limit` longer or shorter cannot be near; most candidates end here.
    const std::size_t shorter = std::min(candidate.size(), wanted.size());
    const std::size_t longer = std::max(candidate.size(), wanted.size());
    if (longer - shorter > limit) continue;
    const std::size_t distance = edit_distance(wanted, candidate);
    if (distance <= limit && (distance < longer || longer == 0)) ranked.emplace_back(distance, i);
  }
  std::sort(ranked.begin(), ranked.end());

  std::vector<std::string> result;
  for (const auto& [distance, index] : ranked) {
    if (result.size() == most) break;
    if (std::find(result.begin(), result.end(), candidates[index]) == result.end()) result.push_back(candidates[index]);
  }
  return result;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = nearest(word, candidates);
  std::string result;
  for (std::size_t i = 0; i < near.size(); ++i) {
    result += i == 0 ? "did you mean \"" : i + 1 == near.size() ? " or \"" : ", \"";
    result += near[i] + '"';
  }
  return result.empty() ? result : result + '?';
}

}  // namespace engagement
