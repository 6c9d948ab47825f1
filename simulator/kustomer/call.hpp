#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/kustomer/state.hpp"

namespace engagement::simulator::kustomer {

// One request of the vendor's API on its way.
struct Call {
  const Request& request;
  QueryFields fields;
  std::uint64_t number = 0;  // in the log
  std::string_view path;     // below /v1/
  bool is_search = false;    // or a list, or neither
  const KindInfo* list = nullptr;
  FaultSubject subject;
  std::optional<Fault> fault;
  bool gzip = false;
};

// A true page as its reply: with the call's fault, and logged.
Reply page_reply(const Call& call, State& state, Page page);

// Whether the credentials lack the role for the kind, or for that search context or list.
bool is_forbidden(const Options& options, Kind kind, std::string_view name);

// What the call's fault does to rows of that kind, if anything.
void commit_changes(const Call& call, State& state, Kind kind);

// What makes two pages pages of one query.
std::string query_of(const Call& call);

// The pages that a client may ask for: to the page limit, and to the row limit.
bool is_within_limits(const Options& options, const Paging& paging);

// POST customers/search and customers/archive/search.
Reply search_endpoint(const Call& call, State& state);
// GET of a list (Call::list is set), but for the audit log.
Reply list_endpoint(const Call& call, State& state);
Reply audit_log_endpoint(const Call& call, State& state);
// GET of anything else under /v1/; nullopt if there is no such thing.
std::optional<Reply> single_endpoint(const Call& call, State& state);

}  // namespace engagement::simulator::kustomer
