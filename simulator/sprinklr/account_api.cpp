#include "simulator/sprinklr/call.hpp"

namespace engagement::simulator::sprinklr {

namespace {

Reply me(const Call& call) {
  return data_reply({{"name", "Simulated User"},
                     {"customerId", 1},
                     {"id", 551},
                     {"type", "PARTNER_USER"},
                     {"email", "user@example.com"},
                     {"properties", nlohmann::ordered_json::object()},
                     {"workspaceId", 123}},
                    call.gzip);
}

}  // namespace

std::optional<Reply> account_api(const Call& call) {
  if (call.is("GET", {"api", "v2", "me"})) return me(call);
  return std::nullopt;
}

}  // namespace engagement::simulator::sprinklr
