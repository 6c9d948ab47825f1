#pragma once

#include <string>

namespace engagement::cli {

// "engagement-source 0.1.0", and the libraries that decide how it behaves: libcurl with its TLS, simdjson.
std::string version_text();

}  // namespace engagement::cli
