#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"

namespace engagement::clevertap {

// A row of the source's table: a stream that every project has.
struct BuiltInStream {
  std::string_view name;
  std::string_view endpoint;  // for messages: "POST /1/now.json"
  std::vector<std::string> primary_key;
  std::string_view cursor;  // empty: no incremental sync
  bool resumable;
  bool time_bound;
  std::unique_ptr<engine::Stream> (*make)(engine::StreamDescription, const Config&,
                                          const std::shared_ptr<const Account>&);
  // The smallest request that tells whether the passcode may use the endpoint; nullptr: the stream is always listed.
  http::Request (*probe)(const Account&, Day day);
  // The request names nobody and nothing, so that 404 may say that there is no such thing, rather than no endpoint.
  bool probe_may_miss = false;
};

// In the order in which `discover` lists them.
std::span<const BuiltInStream> built_in_streams();
std::vector<std::string> built_in_names();

engine::StreamDescription describe(const BuiltInStream& row);
// What it throws for want of a permission names the stream and its endpoint.
std::unique_ptr<engine::Stream> make_stream(const BuiltInStream& row, const Config& config,
                                            const std::shared_ptr<const Account>& account);

}  // namespace engagement::clevertap
