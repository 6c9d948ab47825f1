#pragma once

#include <string>
#include <vector>

namespace engagement::cli {

// The whole program behind main(): returns the exit code. `arguments` begins with argv[0].
int run(const std::vector<std::string>& arguments);

}  // namespace engagement::cli
