#include "simulator/kustomer/sla_versions.hpp"

#include <fmt/format.h>

namespace engagement::simulator::kustomer {

using nlohmann::ordered_json;

ordered_json sla_versions(const Organisation& organisation, const std::vector<Row>& slas) {
  ordered_json versions = ordered_json::array();
  for (const Row& sla : slas) {
    const ordered_json attributes = small_resource(organisation, Kind::kSla, sla).at("attributes");
    for (std::uint64_t version = 1; version <= attributes.at("currentVersion").get<std::uint64_t>(); ++version) {
      std::string id;
      put_hex(id, mix(organisation.key(Kind::kSla, sla.number), version));
      put_hex(id, version, 8);
      const ordered_json metric = {{"enabled", true}, {"times", {{"1", 60}, {"2", 60}, {"3", 30}}}};
      versions.push_back(
          {{"type", "sla_version"},
           {"id", id},
           {"attributes",
            {{"name", attributes.at("name")},
             {"description", fmt::format("Version {}", version)},
             {"version", version},
             {"metrics", {{"firstResponse", metric}, {"nextReply", metric}}},
             {"criteria", {{"and", ordered_json::array()}}},
             {"createdAt", time_text(sla.created)}}},
           {"relationships", {{"sla", {{"data", {{"type", "sla"}, {"id", organisation.id(Kind::kSla, sla)}}}}}}}});
    }
  }
  return versions;
}

}  // namespace engagement::simulator::kustomer
