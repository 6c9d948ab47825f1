#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "simulator/common/http_text.hpp"
#include "simulator/common/message.hpp"
#include "simulator/sprinklr/state.hpp"

namespace engagement::simulator::sprinklr {

// A request that passed the gateway: credentials, limits, permissions.
struct Call {
  const Request& request;
  State& state;
  QueryFields fields;
  std::vector<std::string> path;  // its segments without the environment's: "api", "v2", "search", "CASE"
  nlohmann::json body;            // discarded where it is no JSON, null where there is none
  std::uint64_t number = 0;       // in the log
  FaultSubject subject;
  std::optional<Fault> fault;
  bool gzip = false;

  // The path's segment, or an empty text.
  std::string segment(std::size_t at) const { return at < path.size() ? path[at] : std::string(); }
  bool is(const char* method, std::initializer_list<std::string_view> segments) const;  // "*": any one
  bool has_fault(const char* kind) const { return fault && fault->kind == kind; }
};

// `text` as a JSON reply, compressed if that is wanted and worth it.
Reply json_reply(std::string text, bool gzip);
Reply json_reply(const nlohmann::ordered_json& value, bool gzip);
// `{"data":…,"errors":[]}`
Reply data_reply(nlohmann::ordered_json data, bool gzip);
Reply page_reply(const PageBody& body, bool gzip);

// The vendor's APIs; nullopt where the path is not theirs.
std::optional<Reply> report_api(const Call& call);
std::optional<Reply> search_api(const Call& call);
std::optional<Reply> case_api(const Call& call);     // cases, messages, comments, audit, streams
std::optional<Reply> account_api(const Call& call);  // me, users, accounts, custom fields, bootstrap, listening

// What the log and the rules of faults call a request.
void name_subject(Call& call);

}  // namespace engagement::simulator::sprinklr
