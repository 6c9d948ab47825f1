#pragma once

#include <memory>
#include <string_view>

#include "engine/stream.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"
#include "sources/sprinklr/entities/search_reader.hpp"

namespace engagement::sprinklr {

// A row of the source's table: a stream that the search API serves.
struct SearchRow {
  std::string_view name;
  SearchType type;
  std::string_view permission;
  // Where the cursor stands in what is delivered. One that differs from type.path is added, as UTC in RFC 3339.
  std::string_view cursor;
  // Records without a time are found only where no time is asked for: a sync that begins anew asks for none, and no
  // sync for an end.
  bool may_lack_time = false;
  // Whether the order of the records says how far a search has come.
  bool resumable = true;
};

engine::StreamDescription describe(const SearchRow& row);
std::unique_ptr<engine::Stream> make_search_stream(const SearchRow& row, const Config& config,
                                                   const std::shared_ptr<Account>& account);

// A search's page is no larger than Sprinklr's samples have it.
std::size_t search_page_size(const Config& config);

}  // namespace engagement::sprinklr
