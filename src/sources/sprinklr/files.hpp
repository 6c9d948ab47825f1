#pragma once

#include <string_view>

namespace engagement::sprinklr {

// A file of spec/ that is compiled in: "sprinklr.json", "schemas/sprinklr/cases.json". Empty for any other path.
std::string_view embedded_file(std::string_view path);

}  // namespace engagement::sprinklr
