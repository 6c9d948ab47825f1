#pragma once

#include <string_view>

namespace engagement::kustomer {

// The text of a file below spec/ ("schemas/kustomer/users.json"); empty where there is none. The build makes it.
std::string_view embedded_file(std::string_view path);

}  // namespace engagement::kustomer
