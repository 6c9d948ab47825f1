#include "protocol/state_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/suggestion.hpp"
#include "protocol/json_text.hpp"

namespace engagement::protocol {
namespace {

constexpr std::string_view kOfAnOutput =
    "It looks like a read's output: a state file is one JSON value, such as a list with the \"state\" of the last "
    "STATE message of each stream. ";
constexpr std::string_view kHowToReset =
    "Going on from it could lose records, so nothing was read. To start anew, reset the state: in Airbyte, clear the "
    "data of the stream (or of the connection), or empty the connection's state under Settings, Advanced; by hand, run "
    "`read` without --state.";

[[noreturn]] void refuse_state(const std::string& place, const std::string& found) {
  throw config_error(fmt::format("The state (--state) cannot be used: {} {}. {}", place, found, kHowToReset));
}

// No state: null, `{}` or `[]`.
bool is_nothing(const Json& value) { return value.is_null() || (value.is_structured() && value.empty()); }

// True where every member is nothing: then nothing is lost by taking the object for no state.
bool has_no_content(const Json& object) { return std::all_of(object.begin(), object.end(), is_nothing); }

// The member where it is an object; nullptr where it is absent, null, `{}` or `[]`.
const Json* object_member(const Json& object, const char* key, const std::string& place) {
  const Json* member = find_member(object, key);
  if (member == nullptr || is_nothing(*member)) return nullptr;
  if (!member->is_object())
    refuse_state(fmt::format("{}.{}", place, key), fmt::format("is {}, not an object", kind_of(*member)));
  return member;
}

std::string text_or_empty(const Json& object, const char* key, const std::string& place) {
  const Json* member = find_member(object, key);
  if (member == nullptr) return {};
  if (!member->is_string())
    refuse_state(fmt::format("{}.{}", place, key), fmt::format("is {}, not text", kind_of(*member)));
  return member->get<std::string>();
}

// An AirbyteStreamState: {"stream_descriptor":{"name":…,"namespace":…},"stream_state":{…}}.
void read_stream_state(const Json& stream, const std::string& place, StateInput& input) {
  const Json* descriptor = object_member(stream, "stream_descriptor", place);
  const Json* state = find_member(stream, "stream_state");
  if (descriptor == nullptr && state == nullptr) return;
  StreamDescriptor name;
  if (descriptor != nullptr) {
    name.name = text_or_empty(*descriptor, "name", place + ".stream_descriptor");
    name.name_space = text_or_empty(*descriptor, "namespace", place + ".stream_descriptor");
  }
  if (name.name.empty()) refuse_state(place, "has a state, but does not name its stream (stream_descriptor.name)");
  input.set(name, state == nullptr ? Json() : *state, place + ".stream_state");
}

void read_global(const Json& global, const std::string& place, StateInput& input) {
  if (object_member(global, "shared_state", place) != nullptr) {
    refuse_state(place + ".shared_state", "holds a state for all streams together, which no source of ours writes");
  }
  const Json* states = find_member(global, "stream_states");
  if (states == nullptr) return;
  const std::string list = place + ".stream_states";
  if (!states->is_array()) refuse_state(list, fmt::format("is {}, not a list", kind_of(*states)));
  for (std::size_t i = 0; i < states->size(); ++i) {
    const Json& member = (*states)[i];
    const std::string at = fmt::format("{}[{}]", list, i);
    if (member.is_null()) continue;
    if (!member.is_object()) refuse_state(at, fmt::format("is {}, not an object", kind_of(member)));
    read_stream_state(member, at, input);
  }
}

bool is_singer(const Json& data) {
  // A tap that was stopped before its first bookmark leaves what it was syncing.
  const Json* bookmarks = find_member(data, "bookmarks");
  const Json* syncing = find_member(data, "currently_syncing");
  return (bookmarks != nullptr && bookmarks->is_object()) || (syncing != nullptr && syncing->is_string());
}

// One object with a member for each stream; or what a Singer tap wrote: `bookmarks` and what belongs to it.
void read_legacy(const Json& data, const std::string& place, StateInput& input) {
  if (has_no_content(data)) return;
  const Json* bookmarks = find_member(data, "bookmarks");
  if (bookmarks != nullptr && bookmarks->is_array()) refuse_state(place + ".bookmarks", "is a list, not an object");
  const bool singer = is_singer(data);
  for (const auto& [key, value] : data.items()) {
    if (!singer && !value.is_null()) {
      input.set({key, std::nullopt}, value, fmt::format("{}[{}]", place, Json(key).dump()));
    }
  }
  input.set_legacy(data, singer);
}

// The type that a message gives or, without one, that its content shows; empty where it is no AirbyteStateMessage.
std::string state_type(const Json& message, const std::string& place) {
  const std::string type = text_or_empty(message, "type", place);
  if (!type.empty()) return type;
  const Json* stream = find_member(message, "stream");
  const Json* global = find_member(message, "global");
  if (stream != nullptr && find_member(*stream, "stream_descriptor") != nullptr) return "STREAM";
  if (global != nullptr && find_member(*global, "stream_states") != nullptr) return "GLOBAL";
  // The protocol's first version: no type, and nothing but `data` and statistics.
  const Json* data = find_member(message, "data");
  if (data == nullptr || !data->is_object()) return {};
  for (const auto& [key, member] : message.items()) {
    if (!member.is_null() && key != "data" && key != "sourceStats" && key != "destinationStats" && key != "id")
      return {};
  }
  return "LEGACY";
}

void read_state_message(const Json& message, const std::string& type, const std::string& place, StateInput& input) {
  if (type == "STREAM") {
    if (const Json* stream = object_member(message, "stream", place)) {
      read_stream_state(*stream, place + ".stream", input);
    }
  } else if (type == "GLOBAL") {
    if (const Json* global = object_member(message, "global", place)) read_global(*global, place + ".global", input);
  } else if (type == "LEGACY") {
    if (const Json* data = object_member(message, "data", place)) read_legacy(*data, place + ".data", input);
  } else {
    const std::string suggestion = did_you_mean(type, {"STREAM", "GLOBAL", "LEGACY", "STATE"});
    refuse_state(place + ".type", fmt::format("is {}, which is no type of state{}{}", Json(type).dump(),
                                              suggestion.empty() ? "" : "; ", suggestion));
  }
}

// A message, bare or in its envelope, or a line of a Singer tap's output. False where the object is no message at all.
bool read_message(const Json& object, const std::string& place, StateInput& input) {
  if (const Json* value = find_member(object, "value"); value != nullptr && value->is_object() && is_singer(*value)) {
    read_legacy(*value, place + ".value", input);
    return true;
  }
  std::string type = state_type(object, place);
  if (type.empty()) return false;
  if (type != "STATE") {
    read_state_message(object, type, place, input);
    return true;
  }
  const Json* inner = object_member(object, "state", place);
  if (inner == nullptr) return true;
  const std::string inner_place = place + ".state";
  type = state_type(*inner, inner_place);
  if (type.empty() || type == "STATE") refuse_state(inner_place, "is no state message (type STREAM, GLOBAL or LEGACY)");
  read_state_message(*inner, type, inner_place, input);
  return true;
}

void read_list(const Json& list, StateInput& input) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = fmt::format("[{}]", i);
    if (list[i].is_null()) continue;
    if (!list[i].is_object()) refuse_state(place, fmt::format("is {}, not a state message", kind_of(list[i])));
    if (read_message(list[i], place, input) || has_no_content(list[i])) continue;
    refuse_state(place, "is no state message: it has no type (STREAM, GLOBAL or LEGACY)");
  }
}

}  // namespace

std::optional<Json> StateInput::of(const StreamDescriptor& stream) const {
  const auto found = by_stream_.find({stream.name_space.value_or(""), stream.name});
  if (found == by_stream_.end() || is_nothing(found->second.state)) return std::nullopt;
  const auto& [state, place] = found->second;
  if (!state.is_object()) {
    refuse_state(place, fmt::format("is {}, where the state of a stream, an object, should be", kind_of(state)));
  }
  return state;
}

void StateInput::set(const StreamDescriptor& stream, Json state, std::string place) {
  by_stream_[{stream.name_space.value_or(""), stream.name}] = {std::move(state), std::move(place)};
}

void StateInput::refuse_singer() const {
  if (is_singer_) refuse_state("it", "was written by a Singer tap, whose states this source does not know");
}

StateInput parse_state(std::string_view text) {
  StateInput input;
  if (is_blank(text)) return input;
  Json root;
  try {
    root = parse_json_text(text, "state (--state)");
  } catch (const ConnectorError& error) {
    const bool lines = text.find("\n{") != std::string_view::npos;
    throw config_error(fmt::format("{} {}{}", error.what(), lines ? kOfAnOutput : "", kHowToReset));
  }
  if (root.is_array()) {
    read_list(root, input);
  } else if (root.is_object()) {
    if (!read_message(root, "it", input)) read_legacy(root, "it", input);
  } else if (!root.is_null()) {
    refuse_state("it", fmt::format("is {}, not a list of state messages", kind_of(root)));
  }
  return input;
}

}  // namespace engagement::protocol
