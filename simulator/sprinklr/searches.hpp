#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "core/clock.hpp"
#include "simulator/sprinklr/search_query.hpp"

namespace engagement::simulator::sprinklr {

// One page of results.
struct SearchPage {
  std::vector<Entity> entities;
  std::string cursor;        // 24 hex digits; empty on the last page
  std::uint64_t number = 0;  // of the page in its search
  std::optional<std::uint64_t> count;
};

// The searches' cursors. What a search found is fixed when it begins; a cursor lives for `cursor_life` from when it was
// handed out and for `cursor_reads` reads. Thread safe.
class Searches {
 public:
  Searches(const Options& options, const Entities& entities, const Clock& clock)
      : options_(options), entities_(entities), clock_(clock) {}

  SearchPage begin(const SearchQuery& query);
  std::variant<SearchPage, Failure> next(EntityType type, const std::string& cursor);
  // The page that a cursor leads to, if it is known; for the log.
  std::optional<std::uint64_t> page_of(const std::string& cursor) const;
  // Every cursor is void from now on.
  void expire();

 private:
  struct Place {
    EntityType type{};
    std::shared_ptr<const std::vector<Entity>> found;
    std::uint64_t at = 0, size = 0, number = 0;
    SteadyTime made;
    std::uint64_t reads = 0;
  };
  SearchPage serve(const Place& place);

  const Options& options_;
  const Entities& entities_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::uint64_t made_ = 0;
  std::map<std::string, Place> places_;
  std::vector<std::string> order_;
};

}  // namespace engagement::simulator::sprinklr
