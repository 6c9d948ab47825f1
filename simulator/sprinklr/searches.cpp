#include "simulator/sprinklr/searches.hpp"

#include <algorithm>

#include "simulator/common/draw.hpp"
#include "simulator/sprinklr/report_objects.hpp"

namespace engagement::simulator::sprinklr {

namespace {
constexpr std::size_t kCursorsKept = 10'000;
// The vendor's own words for a cursor that has expired are not known.
const Failure kInvalidCursor{400, "Invalid request: the cursor is invalid or has expired"};
}  // namespace

SearchPage Searches::serve(const Place& place) {
  SearchPage page;
  page.number = place.number;
  const std::uint64_t total = place.found->size();
  const std::uint64_t begin = std::min(place.at, total), end = std::min(begin + place.size, total);
  page.entities.assign(place.found->begin() + static_cast<std::ptrdiff_t>(begin),
                       place.found->begin() + static_cast<std::ptrdiff_t>(end));
  if (end == total) return page;
  const std::lock_guard lock(mutex_);
  page.cursor = hex_id(mix(options_.seed ^ 0xC5, ++made_));
  Place next = place;
  next.at = end;
  ++next.number;
  next.made = clock_.steady_now();
  next.reads = 0;
  places_[page.cursor] = std::move(next);
  order_.push_back(page.cursor);
  if (order_.size() > 2 * kCursorsKept) {
    for (std::size_t at = 0; at < kCursorsKept; ++at) places_.erase(order_[at]);
    order_.erase(order_.begin(), order_.begin() + kCursorsKept);
  }
  return page;
}

SearchPage Searches::begin(const SearchQuery& query) {
  Place place;
  place.type = query.type;
  place.found = std::make_shared<const std::vector<Entity>>(run_search(query, entities_));
  place.size = query.size;
  place.number = 0;
  place.at = std::min<std::uint64_t>(query.start, place.found->size()) * query.size;
  SearchPage page = serve(place);
  if (query.count) page.count = place.found->size();
  return page;
}

std::variant<SearchPage, Failure> Searches::next(EntityType type, const std::string& cursor) {
  Place place;
  {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(cursor);
    if (found == places_.end() || found->second.type != type) return kInvalidCursor;
    if (clock_.steady_now() - found->second.made > options_.cursor_life) return kInvalidCursor;
    if (options_.cursor_reads != 0 && found->second.reads >= options_.cursor_reads) return kInvalidCursor;
    ++found->second.reads;
    place = found->second;
  }
  return serve(place);
}

std::optional<std::uint64_t> Searches::page_of(const std::string& cursor) const {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(cursor);
  return found == places_.end() ? std::nullopt : std::optional(found->second.number);
}

void Searches::expire() {
  const std::lock_guard lock(mutex_);
  places_.clear();
  order_.clear();
}

}  // namespace engagement::simulator::sprinklr
