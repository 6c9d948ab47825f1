#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/stream_context.hpp"
#include "rest/record_writer.hpp"

namespace engagement::clevertap {

// A record as CleverTap sent it, behind fields that are added; what CleverTap calls the same gives way.
struct AddedFields {
  // A key as text, which CleverTap sends as a number, and the member that it takes the place of; where that is missing,
  // what CleverTap calls as the key is called.
  std::string_view key;
  std::string_view key_from;
  std::string_view time;    // when it was fetched, RFC 3339; empty: not added
  std::string_view filled;  // a member to fill, where it is missing, from another one; empty: none
  std::string_view filled_from;
};

std::unique_ptr<rest::RecordMaker> make_records_with(const AddedFields& fields, engine::StreamContext& context);

}  // namespace engagement::clevertap
