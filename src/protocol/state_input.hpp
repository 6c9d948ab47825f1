#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages.hpp"

namespace engagement::protocol {

// The state that the platform hands back, by stream. Namespaces: null, absent and "" are the same.
class StateInput {
 public:
  // The stream's state object; nullopt where there is none (absent, null, `{}`).
  std::optional<Json> of(const StreamDescriptor& stream) const;
  // What a LEGACY state held as a whole, for sources that convert an older format (e.g. Singer's `bookmarks`).
  const std::optional<Json>& legacy() const { return legacy_; }

  void set(const StreamDescriptor& stream, Json state);
  void set_legacy(Json state) { legacy_ = std::move(state); }

 private:
  std::map<std::pair<std::string, std::string>, Json> by_stream_;  // (namespace, name)
  std::optional<Json> legacy_;
};

// Reads `--state`. Accepts, as clients write them: an empty file, `null`, `{}`, `[]`; a list of AirbyteStateMessage,
// bare or each in a `{"type":"STATE","state":…}` envelope, members null or absent; one such message alone; GLOBAL (its
// stream_states; null or empty shared_state); LEGACY (`{"type":"LEGACY","data":{…}}`, or the raw object keyed by stream
// name). A member of a list that is null or has no content (`{"type":"STATE","state":{}}`) counts as none. Of two
// entries for one stream the last wins. Throws a config ConnectorError that says what was found, where, and how to
// reset the state for anything else.
StateInput parse_state(std::string_view text);

}  // namespace engagement::protocol
