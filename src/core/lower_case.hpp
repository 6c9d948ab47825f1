#pragma once

#include <string>
#include <string_view>

namespace engagement {

// The text in lower case as Python's str.lower() makes it, but for the Greek sigma at a word's end. Bytes that are no
// UTF-8 stay as they are.
std::string lower_case(std::string_view text);

}  // namespace engagement
