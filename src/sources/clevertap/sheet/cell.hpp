#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages.hpp"

namespace engagement::clevertap {

// A cell as Google sends it: null or "" where it is empty, text, a number (dates and times too) or a boolean.
using Cell = protocol::Json;

// Why a cell cannot be understood, and what would be right, in whole sentences. Whoever knows where the cell stands
// turns it into the row's error; it does not leave this folder.
class CellProblem final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Without the blanks around it, no-break spaces included.
std::string_view without_blanks(std::string_view text);

// Nothing in it, or blanks alone.
bool is_empty_cell(const Cell& cell);

// What a person sees in the cell, without the blanks around it: `TRUE`, `5`, `Gold`.
std::string cell_text(const Cell& cell);

// The number that the text is in JSON's grammar; nullopt for what is none. Whole numbers become integers. Throws
// CellProblem where the number would not be sent as it is written: too many digits, too large, too small.
std::optional<protocol::Json> json_number(std::string_view text);

// A cell's number, a whole one as an integer.
protocol::Json plain_number(const Cell& cell);

// A part of a cell's text: what stands between two bars.
struct CellItem {
  std::string text;     // without the blanks around it, and without its double quotes
  bool quoted = false;  // text, whatever it looks like
};

// Cuts a text at its bars. A part that begins with a double quote ends with one, and bars between them are its own.
// Throws CellProblem for a part without anything in it, for a double quote that is never closed, and where double
// quotes leave open whether a bar separates.
std::vector<CellItem> cut_at_bars(std::string_view text);

}  // namespace engagement::clevertap
