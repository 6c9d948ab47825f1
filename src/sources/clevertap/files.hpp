#pragma once

#include <string_view>

namespace engagement::clevertap {

// A file of spec/ that is compiled in: "clevertap.json", "schemas/clevertap/events.json". Empty for any other path.
std::string_view embedded_file(std::string_view path);

}  // namespace engagement::clevertap
