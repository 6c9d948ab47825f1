#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/time_text.hpp"
#include "protocol/messages.hpp"

namespace engagement::clevertap {

// Which campaigns a later sync asks for again, whatever window they lie in: those without a result yet, and those that
// ended within the look-back. Part of the stream's state.
class ResultBook {
 public:
  // Reads "open" and "recent" of a state; "recent" only so far as it is not older than the look-back. Throws a config
  // ConnectorError for what is not ours.
  static ResultBook read(const protocol::Json& state, Day today, std::chrono::days lookback);

  // The campaigns to ask for again.
  std::vector<std::string> campaigns() const;
  bool is_open(const std::string& campaign) const { return open_.contains(campaign); }

  void has_none_yet(const std::string& campaign) { open_.insert(campaign); }
  // The result has come. `ended`: when the campaign ended, as far as we can tell.
  void has_result(const std::string& campaign, Day ended);
  void write(protocol::Json& state) const;

 private:
  Day oldest_recent_{};
  std::set<std::string> open_;
  std::map<std::string, Day> recent_;  // and the day on which each was first seen to have ended
};

}  // namespace engagement::clevertap
