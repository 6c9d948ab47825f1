#include "simulator/clevertap/counts/groups.hpp"

#include <algorithm>

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const json& groups_in(const json& body) {
  const auto groups = body.find("groups");
  if (groups == body.end() || !groups->is_object() || groups->empty()) throw BadQuery("Invalid group");
  for (const auto& [label, group] : groups->items()) {
    const bool hides = is_one_of(label, {"status", "req_id", "error", "code", "count"});
    if (hides || !group.is_object()) throw BadQuery("Invalid group");
  }
  return *groups;
}

bool is_known_event_property(const std::string& name) {
  return is_one_of(name, {"CT SDK Version", "CT Session Id", "CT OS Version", "CT App Version", "CT Source", "ref",
                          "Items", "Product Name", "ledger", "rate", "first time", "message id", "Amount", "notes"});
}

bool is_known_session_property(const std::string& name) {
  return is_one_of(name, {"session_source", "utm_source", "utm_medium", "utm_campaign"});
}

}  // namespace engagement::simulator::clevertap
