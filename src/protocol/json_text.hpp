#pragma once

#include <string_view>

#include "protocol/messages.hpp"

namespace engagement::protocol {

// A text that a person or the platform gave us, as JSON. `what` names it in messages ("configuration (--config)"),
// `advice` says what to do about it.
// Throws a config ConnectorError with line and column, and never a word of the text itself, which may be a secret, for
// what is not JSON or is nested more than 500 deep.
Json parse_json_text(std::string_view text, std::string_view what,
                     std::string_view advice = "Correct the file and try again.");

// The same, for JSON that is handed on: throws, too, for a number that would not come out as the number that it is,
// 12345678901234567890123 for example. 1.10 may become 1.1.
Json parse_exact_json_text(std::string_view text, std::string_view what, std::string_view advice);

// True where the text has nothing in it but blanks, line ends and a byte order mark.
bool is_blank(std::string_view text);

// "nothing", "an object", "an array", "text", "a number", "true", "false": what stands where something else should.
std::string_view kind_of(const Json& value);

// The member, or nullptr where it is absent or null (which clients write for "absent") or `object` is no object.
const Json* find_member(const Json& object, std::string_view key);

}  // namespace engagement::protocol
