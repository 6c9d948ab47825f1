#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace engagement::simulator::sheets {

// A range in A1 notation, 0-based and inclusive; what is not said is open. `Tab`, `'My tab'!A1:C9`, `Tab!A:C`,
// `Tab!2:5`, `Tab!A5:A`, `B2`.
struct A1Range {
  std::optional<std::string> tab;  // nullopt: the first one
  std::optional<std::size_t> first_row, last_row, first_column, last_column;
  bool is_cell = false;  // one corner alone was given
};

// The two readings of a text without `!`: as cells, or as a tab's title. nullopt for what cannot be read so.
std::optional<A1Range> parse_cells(std::string_view text);
// A whole range; without `!` it is the title of a tab. nullopt for what is no range.
std::optional<A1Range> parse_range(std::string_view text);

std::string column_name(std::size_t column);  // 0: A, 26: AA
// `Tab`, or `'My tab'` where the title needs quotes.
std::string quoted_title(const std::string& title);

}  // namespace engagement::simulator::sheets
