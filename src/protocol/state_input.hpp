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
  // The stream's state object; nullopt where there is none (absent, null, `{}`, `[]`). Throws a config ConnectorError
  // where it is no object: only the streams that are read need a good one.
  std::optional<Json> of(const StreamDescriptor& stream) const;
  // What a LEGACY state held as a whole, for sources that convert an older format (e.g. Singer's `bookmarks`).
  const std::optional<Json>& legacy() const { return legacy_; }

  // Throws a config ConnectorError for a state that a Singer tap wrote: for sources that replace no tap.
  void refuse_singer() const;

  // `place`: where the state stands, for messages.
  void set(const StreamDescriptor& stream, Json state, std::string place = "it");
  void set_legacy(Json state, bool is_singer) {
    legacy_ = std::move(state);
    is_singer_ = is_singer;
  }

 private:
  struct Entry {
    Json state;
    std::string place;
  };

  std::map<std::pair<std::string, std::string>, Entry> by_stream_;  // (namespace, name)
  std::optional<Json> legacy_;
  bool is_singer_ = false;  // it has `bookmarks` or `currently_syncing`
};

// Reads `--state`. Accepts, as clients write them: an empty file, `null`, `{}`, `[]`; a list of AirbyteStateMessage,
// bare or each in a `{"type":"STATE","state":…}` envelope, members null or absent; one such message alone; GLOBAL (its
// stream_states; null or empty shared_state); LEGACY (`{"type":"LEGACY","data":{…}}`, or the raw object keyed by stream
// name). A member of a list that is null or has no content (`{"type":"STATE","state":{}}`) counts as none. Of two
// entries for one stream the last wins. Throws a config ConnectorError that says what was found, where, and how to
// reset the state for anything else.
StateInput parse_state(std::string_view text);

}  // namespace engagement::protocol
