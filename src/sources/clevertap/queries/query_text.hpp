#pragma once

#include <string>
#include <string_view>

namespace engagement::clevertap {

// JSON that somebody wrote, on one line: the blanks between its parts are gone, texts are in ASCII, so that nothing in
// them ends a line for any reader, and numbers stay as they are written, however many digits they have.
// REQUIRES: `text` is valid JSON, a byte order mark before it allowed.
std::string on_one_line(std::string_view text);

// The object that `text` is, as on_one_line() makes it, without its members `from` and `to`.
std::string without_period(const std::string& text);

}  // namespace engagement::clevertap
