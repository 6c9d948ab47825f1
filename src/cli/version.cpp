#include "cli/version.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "http/curl_client.hpp"

namespace engagement::cli {

std::string version_text() {
  return fmt::format("engagement-source {}\n{}\nsimdjson/{}.{}.{}", ENGAGEMENT_VERSION, http::curl_version_text(),
                     static_cast<int>(simdjson::SIMDJSON_VERSION_MAJOR),
                     static_cast<int>(simdjson::SIMDJSON_VERSION_MINOR),
                     static_cast<int>(simdjson::SIMDJSON_VERSION_REVISION));
}

}  // namespace engagement::cli
