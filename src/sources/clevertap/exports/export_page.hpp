#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "json/record_slice.hpp"
#include "json/structural_index.hpp"
#include "json/value_walker.hpp"
#include "rest/rules.hpp"

namespace engagement::clevertap {

// Which members of a record are of interest: where they stand is noted in the one walk over it that checks its grammar.
struct WantedMembers {
  static constexpr std::size_t kMost = 4;

  std::vector<std::string_view> names;  // at most kMost
  std::vector<std::string_view> added;  // what the connector adds: a record that has one of them too has a collision
};

// One record of a page, and where its members of interest stand.
struct ExportRecord : json::RecordSlice {
  std::array<json::ValueWalker::Place, WantedMembers::kMost> places{};
  bool collision = false;

  // A walker at the value of the member WantedMembers::names[index]; nullopt where the record does not have it.
  std::optional<json::ValueWalker> member(std::size_t index) const {
    return places[index] == nullptr ? std::nullopt : std::optional(walker.at(places[index]));
  }
  // That value as sent; empty where there is none.
  std::string_view value(std::size_t index) const {
    auto at = member(index);
    return at ? at->skip_value() : std::string_view();
  }
};

// Passes one object, checking its grammar, and notes its members of interest. Of a member that stands twice the last
// counts.
ExportRecord read_record(json::ValueWalker& walker, const WantedMembers& wanted);

// One answer of an export endpoint, held whole and checked whole before any record of it is used. Reused page by page.
struct ExportPage {
  http::Response response;
  json::StructuralIndex index;
  std::vector<ExportRecord> records;       // views into response.body
  std::optional<std::string> next_cursor;  // as sent, escapes of JSON undone
  json::Repairs repairs;

  // Reads `response`. Never throws for what came: the answer says how it went. Records are there only if it succeeded.
  rest::Answer read(const WantedMembers& wanted = {});
};

}  // namespace engagement::clevertap
