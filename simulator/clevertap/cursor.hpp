#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engagement::simulator::clevertap {

struct CursorPlace {
  std::uint32_t export_number = 0;
  std::uint32_t page = 0;
};

// The text of a cursor: base64 of 1 100 to 1 691 bytes, percent-encoded as CleverTap sends it (`%2B %2F %3D`): 1.5 to
// 2.4 KB. Always the same one for a place.
std::string cursor_text(std::uint64_t seed, CursorPlace place);

// The place of a cursor as it came back, decoded once; nullopt for what was never issued: cut, altered or encoded
// again.
std::optional<CursorPlace> place_of(std::uint64_t seed, std::string_view decoded);

}  // namespace engagement::simulator::clevertap
