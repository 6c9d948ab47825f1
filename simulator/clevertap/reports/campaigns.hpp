#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/clevertap/reports/list.hpp"

namespace engagement::simulator::clevertap {

// Campaigns created through the API: /1/targets/list.json and result.json. Invented: each a pure function of (seed,
// number), spread from the corpus's first day to two months after its last. Their status is that of today.
class Campaigns {
 public:
  Campaigns(const Project& project, const Options& options) : project_(project), options_(options) {}

  std::variant<ListAnswer, Failure> list(const nlohmann::json& body) const;
  Reply result(const nlohmann::json& body) const;

  // Every campaign as list() shows it, with its `result` where there is one.
  std::vector<nlohmann::ordered_json> truth() const;

 private:
  struct Campaign {
    std::uint64_t number = 0, id = 0;
    Day day{};
  };
  Campaign at(std::uint64_t number) const;
  std::string status(const Campaign& campaign) const;
  nlohmann::ordered_json to_json(const Campaign& campaign) const;
  std::optional<nlohmann::ordered_json> result_of(const Campaign& campaign) const;
  Reply not_ready(const Campaign& campaign) const;

  const Project& project_;
  const Options& options_;
};

}  // namespace engagement::simulator::clevertap
