#pragma once

#include <optional>
#include <string_view>

#include "engine/stream_context.hpp"
#include "json/record_slice.hpp"
#include "sources/sprinklr/account.hpp"

namespace engagement::sprinklr {

// How a search is told which time is wanted.
enum class TimeFilter {
  none,         // not at all
  half_open,    // GTE and LT
  closed,       // GTE and LTE
  time_filter,  // the member timeFilter, whose end counts
};

// One type of the search API: https://dev.sprinklr.com/search-by-entity.
struct SearchType {
  std::string_view entity;  // "CASE"
  std::string_view id;      // the member that identifies a record
  std::string_view key;     // what is sorted by and filtered for; empty: nothing
  std::string_view path;    // where its value stands in a record
  TimeFilter filter = TimeFilter::none;
  bool counted = false;  // says how many there are
};

// What is searched for.
struct SearchRequest {
  std::optional<SystemTime> from;                // inclusive
  std::optional<SystemTime> until;               // exclusive
  engine::Json filters = engine::Json::array();  // besides the time
};

// Who gets the records, on the thread that called run_search().
class SearchConsumer {
 public:
  virtual ~SearchConsumer() = default;
  virtual void record(const json::RecordSlice& record) = 0;
  // `through`: every record of an earlier time has been handed out; nullopt where their order does not tell.
  virtual void page_ended(std::optional<SystemTime> through) = 0;
  // How many records there are in all, where Sprinklr says so.
  virtual void counted(std::uint64_t /*records*/) {}
};

// Reads a search to its end. Its cursors live for five minutes: when one has expired, the search begins again at the
// time of the last record, without those of that very time that have been handed out. Where the order of the records
// does not allow that, it begins at its beginning, and records come twice. Throws ConnectorError and Stopped.
void run_search(const StreamCaller& caller, const SearchType& type, const SearchRequest& request, std::size_t page_size,
                SearchConsumer& consumer, engine::StreamContext& context, const std::stop_token& stop);

// The time that a member holds: milliseconds since 1970 as a number or a text, or RFC 3339.
std::optional<SystemTime> time_of_member(const json::RecordSlice& record, std::string_view path);

}  // namespace engagement::sprinklr
