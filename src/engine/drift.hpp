#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "json/value_walker.hpp"
#include "protocol/messages.hpp"

namespace engagement::engine {

// What arrived that the configured catalog does not know: fields outside its schema, which destinations drop without a
// word, and values of another type than it says. Nulls do not count; an object without `properties` is open and not
// looked into. Looks at the first 10 000 records and then at one in 64. Thread safe.
class DriftReport {
 public:
  explicit DriftReport(const protocol::Json& json_schema);
  ~DriftReport();

  // Whether the next record is to be observed. Called once for each record.
  bool wants_next() {
    const std::uint64_t seen = seen_.fetch_add(1, std::memory_order_relaxed);
    return seen < kAllUpTo || seen % kOneIn == 0;
  }
  // `record` stands at the record's value.
  void observe(json::ValueWalker record);

  // Two fields of a record became one, `path`, and the later took the earlier's place.
  void collided(const std::string& path);

  // One sentence for each path, at most fifty, and one on sampling; empty when nothing drifted.
  std::vector<std::string> sentences() const;

 private:
  static constexpr std::uint64_t kAllUpTo = 10'000;
  static constexpr std::uint64_t kOneIn = 64;
  static constexpr std::size_t kMostPaths = 50;

  struct Node;
  enum class Kind { unknown_field, misfit, collision };
  struct Finding {
    Kind kind = Kind::misfit;
    std::uint64_t count = 0;
    std::string type_seen;
    std::string type_wanted;
  };

  void compare(const Node& node, json::ValueWalker& walker, std::string& path);
  void compare_object(const Node& node, json::ValueWalker& walker, std::string& path);
  void compare_array(const Node& node, json::ValueWalker& walker, std::string& path);
  void note(const std::string& path, Kind kind, std::string_view type_seen, std::string_view type_wanted);

  static std::string sentence(const std::string& path, const Finding& finding);

  std::unique_ptr<Node> root_;
  std::atomic<std::uint64_t> seen_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, Finding> findings_;
  std::uint64_t paths_left_out_ = 0;
};

}  // namespace engagement::engine
