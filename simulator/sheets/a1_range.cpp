#include "simulator/sheets/a1_range.hpp"

#include <algorithm>
#include <cctype>

namespace engagement::simulator::sheets {

namespace {

constexpr std::size_t kMostLetters = 3;
constexpr std::size_t kMostDigits = 7;

struct Corner {
  std::optional<std::size_t> row, column;
};

// "B2", "B" or "2", in any case.
std::optional<Corner> parse_corner(std::string_view text) {
  Corner corner;
  std::size_t at = 0, column = 0;
  while (at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0) {
    column = column * 26 + static_cast<std::size_t>(std::toupper(static_cast<unsigned char>(text[at++])) - 'A') + 1;
  }
  if (at > kMostLetters) return std::nullopt;
  if (at > 0) corner.column = column - 1;
  const std::string_view digits = text.substr(at);
  if (digits.size() > kMostDigits || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  if (!digits.empty()) {
    const std::size_t row = std::stoul(std::string(digits));
    if (row == 0) return std::nullopt;
    corner.row = row - 1;
  }
  if (text.empty()) return std::nullopt;
  return corner;
}

// `'It''s'` -> `It's`; a title without quotes stays. nullopt for a quote that does not fit.
std::optional<std::string> unquoted(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.front() != '\'') return std::string(text);
  if (text.size() < 3 || text.back() != '\'') return std::nullopt;
  std::string title;
  text = text.substr(1, text.size() - 2);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'' && (++at == text.size() || text[at] != '\'')) return std::nullopt;
    title += text[at];
  }
  return title;
}

}  // namespace

std::optional<A1Range> parse_cells(std::string_view text) {
  const auto colon = text.find(':');
  const auto first = parse_corner(text.substr(0, colon));
  if (!first) return std::nullopt;
  A1Range range;
  range.first_row = first->row;
  range.first_column = first->column;
  if (colon == std::string_view::npos) {
    if (!first->row || !first->column) return std::nullopt;  // "A" alone is no cell
    range.last_row = first->row;
    range.last_column = first->column;
    range.is_cell = true;
    return range;
  }
  const auto last = parse_corner(text.substr(colon + 1));
  if (!last) return std::nullopt;
  range.last_row = last->row;
  range.last_column = last->column;
  // "A5:A" and "A5:5" are open at one end; "A:5" says nothing.
  const bool by_columns = first->column && last->column, by_rows = first->row && last->row;
  if (!by_columns && !by_rows) return std::nullopt;
  if (by_columns && *range.first_column > *range.last_column) std::swap(range.first_column, range.last_column);
  if (by_rows && *range.first_row > *range.last_row) std::swap(range.first_row, range.last_row);
  return range;
}

std::optional<A1Range> parse_range(std::string_view text) {
  const auto mark = text.rfind('!');
  // In `'Hot! offers'` the mark belongs to the title.
  const bool is_title = mark == std::string_view::npos || (text.front() == '\'' && text.back() == '\'');
  const auto title = unquoted(is_title ? text : text.substr(0, mark));
  if (!title) return std::nullopt;
  std::optional<A1Range> range = is_title ? A1Range{} : parse_cells(text.substr(mark + 1));
  if (range) range->tab = *title;
  return range;
}

std::string column_name(std::size_t column) {
  std::string name;
  for (++column; column > 0; column = (column - 1) / 26)
    name.insert(name.begin(), static_cast<char>('A' + (column - 1) % 26));
  return name;
}

std::string quoted_title(const std::string& title) {
  const bool is_plain = std::all_of(
      title.begin(), title.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
  if (is_plain && !parse_cells(title) && std::isdigit(static_cast<unsigned char>(title[0])) == 0) return title;
  std::string quoted = "'";
  for (const char c : title) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + '\'';
}

}  // namespace engagement::simulator::sheets
