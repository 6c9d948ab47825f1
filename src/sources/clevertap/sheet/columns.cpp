#include "sources/clevertap/sheet/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "core/suggestion.hpp"

namespace engagement::clevertap {

namespace {

struct KnownColumn {
  std::string_view header;
  ColumnUse use;
};
constexpr std::array kKnownColumns = {
    KnownColumn{"name", ColumnUse::name},
    KnownColumn{"kind", ColumnUse::kind},
    KnownColumn{"event", ColumnUse::event},
    KnownColumn{"from", ColumnUse::from},
    KnownColumn{"to", ColumnUse::to},
    KnownColumn{"did", ColumnUse::did},
    KnownColumn{"did any", ColumnUse::did_any},
    KnownColumn{"did not", ColumnUse::did_not},
    KnownColumn{"first time", ColumnUse::first_time},
    KnownColumn{"query", ColumnUse::query},
    KnownColumn{"granularity", ColumnUse::granularity},
    KnownColumn{"enabled", ColumnUse::enabled},
};

struct KnownPrefix {
  std::string_view prefix;
  FilterPlace place;
};
constexpr std::array kKnownPrefixes = {
    KnownPrefix{"event", FilterPlace::event},
    KnownPrefix{"session", FilterPlace::session},
    KnownPrefix{"profile", FilterPlace::profile_fields},
    KnownPrefix{"app", FilterPlace::app_fields},
    KnownPrefix{"demographics", FilterPlace::demographics},
    KnownPrefix{"technographics", FilterPlace::technographics},
    KnownPrefix{"reachability", FilterPlace::reachability},
};

// For comparison with a known name: lower case, one blank between words.
std::string plain_header(std::string_view text) {
  std::string plain;
  for (std::string_view rest = without_blanks(text); !rest.empty();) {
    const auto trimmed_rest = without_blanks(rest);
    if (trimmed_rest.size() != rest.size()) plain.push_back(' ');
    plain.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(trimmed_rest.front()))));
    rest = trimmed_rest.substr(1);
  }
  return plain;
}

// Letters alone: "Did_Not" and "did-not" are "didnot".
std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char letter : plain_header(text)) {
    if (letter != ' ' && letter != '_' && letter != '-') letters.push_back(letter);
  }
  return letters;
}

template <typename Row, std::size_t size>
const Row* row_called(const std::array<Row, size>& rows, std::string_view Row::*name, std::string_view wanted) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.*name == wanted; });
  return found == rows.end() ? nullptr : &*found;
}

std::string unknown_prefix(std::string_view prefix, const std::string& plain) {
  std::vector<std::string> known;
  for (const auto& one : kKnownPrefixes) known.emplace_back(one.prefix);
  const auto hint = did_you_mean(plain, known);
  return fmt::format(
      "No column begins with \"{}:\"{} Filters begin with {}:. For a note, leave the colon out: the column is then "
      "carried into the records as context.",
      prefix, hint.empty() ? "." : "; " + hint, fmt::join(known, ":, "));
}

Column filter_column(std::string header) {
  Column column{ColumnUse::filter, std::move(header), FilterPlace::event, {}, {}};
  const std::string_view text = column.header;
  const auto colon = text.find(':');
  const auto prefix = without_blanks(text.substr(0, colon));
  const auto plain = plain_header(prefix);
  const auto* known = row_called(kKnownPrefixes, &KnownPrefix::prefix, plain);
  column.property = std::string(without_blanks(text.substr(colon + 1)));
  if (known == nullptr) {
    column.use = ColumnUse::not_understood;
    column.problem = unknown_prefix(prefix, plain);
  } else if (column.property.empty()) {
    column.use = ColumnUse::not_understood;
    column.problem =
        fmt::format("Nothing follows the colon. Write the property's name behind it, as in {}:Amount.", plain);
  } else {
    column.place = known->place;
  }
  return column;
}

Column column_of(std::string header) {
  if (header.empty()) return {};
  if (header.find(':') != std::string::npos) return filter_column(std::move(header));
  const auto* known = row_called(kKnownColumns, &KnownColumn::header, plain_header(header));
  return {known == nullptr ? ColumnUse::context : known->use, std::move(header), FilterPlace::event, {}, {}};
}

// Whether both say the same, which one column can say alone.
bool repeats(const Column& earlier, const Column& later) {
  if (later.use == ColumnUse::filter || later.use == ColumnUse::unnamed || later.use == ColumnUse::not_understood) {
    return false;
  }
  return earlier.use == later.use && (later.use != ColumnUse::context || earlier.header == later.header);
}

}  // namespace

std::vector<Column> read_columns(const protocol::Json& first_row) {
  std::vector<Column> columns;
  for (const auto& cell : first_row) {
    Column column = column_of(cell_text(cell));
    if (std::any_of(columns.begin(), columns.end(), [&](const Column& one) { return repeats(one, column); })) {
      column.problem =
          "There is another column of this name before it, and only filters may be there twice. Rename one of them.";
      column.use = ColumnUse::not_understood;
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<std::string> doubtful_columns(const std::vector<Column>& columns) {
  std::vector<std::string> remarks;
  for (const auto& column : columns) {
    if (column.use != ColumnUse::context) continue;
    for (const auto& known : kKnownColumns) {
      if (letters_of(column.header) != letters_of(known.header)) continue;
      remarks.push_back(fmt::format(
          "The column \"{}\" is carried into the records as context. If you mean \"{}\", spell it so, with a blank.",
          column.header, known.header));
    }
  }
  return remarks;
}

}  // namespace engagement::clevertap
