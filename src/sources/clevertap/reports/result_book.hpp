#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time_text.hpp"
#include "protocol/messages.hpp"
#include "sources/clevertap/day_plan.hpp"

namespace engagement::clevertap {

// Which campaigns a later sync asks for again, whatever window they lie in: those that have not ended yet, and those
// that ended within the look-back. Part of the stream's state. Ids are JSON, as CleverTap wrote them: 5 and "5" are
// two.
class ResultBook {
 public:
  // Reads "open" and "recent" of a state; "recent" only so far as it is not older than the look-back. Throws a config
  // ConnectorError for what is not ours.
  static ResultBook read(const protocol::Json& state, Day today, std::chrono::days lookback);

  // The campaigns to ask for again.
  std::vector<std::string> campaigns() const;
  // Where the open ones were listed, each window once: listed again, they say how far they are.
  std::vector<DaySpan> windows() const;

  // It has not ended. `window`: where it was listed, if that is known.
  void stays_open(const std::string& campaign, const std::optional<DaySpan>& window);
  // Its last result has come. `ended`: when the campaign ended, as far as we can tell.
  void has_ended(const std::string& campaign, Day ended);
  // CleverTap does not know it any more.
  void is_gone(const std::string& campaign);
  void write(protocol::Json& state) const;

 private:
  Day oldest_recent_{};
  std::map<std::string, std::optional<DaySpan>> open_;
  std::map<std::string, Day> recent_;  // and the day on which each was first seen to have ended
};

}  // namespace engagement::clevertap
