// Whatever stands in a state file, a catalog or a configuration: it is understood, or refused by a config error.

#include <cstdio>
#include <cstdlib>

#include "core/error.hpp"
#include "core/time_text.hpp"
#include "protocol/catalog.hpp"
#include "protocol/config.hpp"
#include "protocol/state_input.hpp"
#include "sources/clevertap/exports/event_plan.hpp"

namespace {

using namespace engagement;

// Runs `parse` and lets no other error pass than that of the user.
template <typename Parse>
void only_config_errors(const Parse& parse) {
  try {
    parse();
  } catch (const ConnectorError& error) {
    if (error.type() == FailureType::config) return;
    std::fprintf(stderr, "not the user's error: %s\n", error.what());
    std::abort();
  }
}

// A stream's progress, once read, says the same when it is written and read again.
void check_progress(const engine::SyncRequest& request) {
  const Day start = day_from_number(20260301).value();
  const auto progress = clevertap::EventProgress::resume(request, start).to_json();
  const auto again = clevertap::EventProgress::resume({request.mode, progress}, start).to_json();
  if (progress == again) return;
  std::fprintf(stderr, "%s\n%s\n", progress.dump().c_str(), again.dump().c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  only_config_errors([&] {
    const auto input = protocol::parse_state(text);
    for (const char* stream : {"events", "profiles"}) {
      for (const auto mode : {protocol::SyncMode::full_refresh, protocol::SyncMode::incremental}) {
        only_config_errors([&] { check_progress({mode, input.of({stream, std::nullopt})}); });
      }
    }
  });
  only_config_errors([&] { protocol::parse_configured_catalog(text); });
  only_config_errors([&] { protocol::parse_config(text); });
  return 0;
}
