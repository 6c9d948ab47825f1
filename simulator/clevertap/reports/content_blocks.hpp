#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "simulator/clevertap/reports/list.hpp"

namespace engagement::simulator::clevertap {

// /v1/contentBlock/list: the one resource that can be read by its time of change. One block in five was never changed
// and has no `updatedAt`; its `createdAt` counts. Thread safe.
class ContentBlocks {
 public:
  ContentBlocks(const Project& project, const Options& options) : project_(project), options_(options) {}

  std::variant<ListAnswer, Failure> list(const QueryFields& fields) const;

  // `updatedAt` of one block, from now on. False where there is no such id.
  bool update(std::uint64_t id, const std::string& time);
  std::vector<nlohmann::ordered_json> truth() const;

  // "2026-01-31T10:20:30.000Z", the milliseconds and all.
  static bool is_time(const std::string& text);

 private:
  nlohmann::ordered_json at(std::uint64_t number) const;

  const Project& project_;
  const Options& options_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, std::string> updates_;
};

}  // namespace engagement::simulator::clevertap
