#include "protocol/state_input.hpp"

#include "support/catch.hpp"

using namespace engagement;
using namespace engagement::protocol;

namespace {

const StreamDescriptor kEvents{"events", std::nullopt};
const StreamDescriptor kProfiles{"profiles", std::nullopt};

// The stream's state as text, or "none".
std::string state_of(const StateInput& input, const StreamDescriptor& stream) {
  const auto state = input.of(stream);
  return state ? state->dump() : "none";
}

std::string events_of(const std::string& text) { return state_of(parse_state(text), kEvents); }

std::string refusal_of(const std::string& text) {
  try {
    (void)parse_state(text).of(kEvents);
  } catch (const ConnectorError& error) {
    CHECK(error.type() == FailureType::config);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("the whole output of a read is no state, and the message says what is") {
  try {
    parse_state("{\"type\":\"RECORD\"}\n{\"type\":\"STATE\"}\n");
    FAIL("no error");
  } catch (const ConnectorError& error) {
    CHECK(std::string(error.what()).find("last STATE message of each stream") != std::string::npos);
  }
}

TEST_CASE("a line of a Singer tap's output is its state, and bookmarks that are a list are none") {
  for (const char* line :
       {R"({"type":"STATE","value":{"bookmarks":{"users":"2026"}}})", R"({"value":{"currently_syncing":"users"}})"}) {
    CHECK_THROWS_AS(parse_state(line).refuse_singer(), ConnectorError);
    CHECK(parse_state(line).legacy().has_value());
  }
  CHECK_THROWS_AS(parse_state(R"({"bookmarks":["users"]})"), ConnectorError);
}

TEST_CASE("a state file with nothing in it is no state") {
  for (const std::string text :
       {"", " \n\t", "\xef\xbb\xbf", "null", "{}", "[]", " [ ] \n", "[null]", "[{}]", "[null, {}, null]"}) {
    CAPTURE(text);
    const auto input = parse_state(text);
    CHECK(state_of(input, kEvents) == "none");
    CHECK_FALSE(input.legacy());
  }
}

TEST_CASE("a list of bare stream states is read by stream") {
  const auto input = parse_state(R"([
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":{"b":1,"a":"x"}}},
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"profiles"},"stream_state":{"version":1}}}])");
  CHECK(state_of(input, kEvents) == R"({"b":1,"a":"x"})");
  CHECK(state_of(input, kProfiles) == R"({"version":1})");
  CHECK(state_of(input, {"other", std::nullopt}) == "none");
  CHECK_FALSE(input.legacy());
}

TEST_CASE("members may be null or absent, and unknown ones are ignored") {
  CHECK(events_of(R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events","namespace":null},
      "stream_state":{"a":1},"more":1},"global":null,"data":null,"sourceStats":null,"destinationStats":null,"id":4}])") ==
        R"({"a":1})");
  CHECK(events_of(
            R"([{"type":null,"stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}},"data":null}])") ==
        R"({"a":1})");
  CHECK(events_of(R"([{"stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}}])") == R"({"a":1})");
}

TEST_CASE("messages may come in envelopes, mixed with bare ones") {
  const auto input = parse_state(R"([
    {"type":"STATE","record":null,"state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}}},
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"profiles"},"stream_state":{"b":2}}}])");
  CHECK(state_of(input, kEvents) == R"({"a":1})");
  CHECK(state_of(input, kProfiles) == R"({"b":2})");
}

TEST_CASE("one message alone is read like a list of one") {
  CHECK(events_of(R"({"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}})") ==
        R"({"a":1})");
  CHECK(
      events_of(
          R"({"type":"STATE","state":{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}}})") ==
      R"({"a":1})");
  CHECK(events_of(R"({"stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}})") == R"({"a":1})");
}

TEST_CASE("entries without content are no state") {
  for (const std::string text :
       {R"([{"type":"STATE","state":{}}])",
        R"([{"type":"STATE","state":null}])",
        R"([{"type":"STATE"}])",
        R"({"type":"STATE","state":{}})",
        R"([{"type":"STREAM"}])",
        R"([{"type":"STREAM","stream":null}])",
        R"([{"type":"STREAM","stream":{}}])",
        R"([{"type":"STREAM","stream":{"stream_descriptor":null,"stream_state":null}}])",
        R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"}}}])",
        R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":null}}])",
        R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":{}}}])",
        R"([{"type":null,"stream":null,"global":null,"data":null}])",
        R"([{"type":"GLOBAL"}])",
        R"([{"type":"GLOBAL","global":null}])",
        R"([{"type":"LEGACY","data":null}])",
        R"([{"type":"LEGACY","data":{}}])",
        R"({"type":"LEGACY"})",
        R"({"data":{}})",
        R"({"events":null})",
        R"({"events":{}})"}) {
    CAPTURE(text);
    const auto input = parse_state(text);
    CHECK(state_of(input, kEvents) == "none");
    CHECK_FALSE(input.legacy());
  }
}

TEST_CASE("namespaces null, absent and empty are the same, others are not") {
  const auto input = parse_state(R"([
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"events","namespace":""},"stream_state":{"a":1}}},
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"events","namespace":"x"},"stream_state":{"a":2}}}])");
  CHECK(state_of(input, {"events", std::nullopt}) == R"({"a":1})");
  CHECK(state_of(input, {"events", ""}) == R"({"a":1})");
  CHECK(state_of(input, {"events", "x"}) == R"({"a":2})");
  CHECK(state_of(input, {"events", "y"}) == "none");
  CHECK(state_of(parse_state(R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events","namespace":null},
      "stream_state":{"a":3}}}])"),
                 {"events", ""}) == R"({"a":3})");
}

TEST_CASE("of two entries for one stream the last wins, also where it is empty") {
  CHECK(events_of(R"([
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}},
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"events","namespace":""},"stream_state":{"a":2}}}])") ==
        R"({"a":2})");
  CHECK(events_of(R"([
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}},
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":null}}])") == "none");
}

TEST_CASE("a global state is its stream states") {
  for (const std::string shared : {"", R"("shared_state":null,)", R"("shared_state":{},)"}) {
    const auto input = parse_state(R"([{"type":"GLOBAL","global":{)" + shared + R"("stream_states":[null,
      {"stream_descriptor":{"name":"events"},"stream_state":{"a":1}},
      {"stream_descriptor":{"name":"profiles","namespace":null},"stream_state":null}]}}])");
    CHECK(state_of(input, kEvents) == R"({"a":1})");
    CHECK(state_of(input, kProfiles) == "none");
  }
  CHECK(events_of(R"({"global":{"stream_states":[{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}]}})") ==
        R"({"a":1})");
  CHECK(events_of(R"([{"type":"GLOBAL","global":{"stream_states":null}}])") == "none");
}

TEST_CASE("a legacy state is read by stream name and kept as a whole") {
  for (const std::string text :
       {R"({"type":"LEGACY","data":{"events":{"a":1},"profiles":null}})",
        R"([{"type":"LEGACY","data":{"events":{"a":1},"profiles":null},"stream":null}])",
        R"({"type":"STATE","state":{"type":"LEGACY","data":{"events":{"a":1},"profiles":null}}})",
        R"({"type":"STATE","state":{"data":{"events":{"a":1},"profiles":null}}})",
        R"({"data":{"events":{"a":1},"profiles":null},"sourceStats":{"recordCount":1.0},"type":null})",
        R"({"events":{"a":1},"profiles":null})"}) {
    CAPTURE(text);
    const auto input = parse_state(text);
    CHECK(state_of(input, kEvents) == R"({"a":1})");
    CHECK(state_of(input, kProfiles) == "none");
    REQUIRE(input.legacy());
    CHECK(input.legacy()->dump() == R"({"events":{"a":1},"profiles":null})");
  }
}

TEST_CASE("streams named like members of a message are streams in a raw legacy state") {
  const auto input = parse_state(R"({"data":{"a":1},"stream":{"a":2}})");
  CHECK(state_of(input, {"data", std::nullopt}) == R"({"a":1})");
  CHECK(state_of(input, {"stream", std::nullopt}) == R"({"a":2})");
}

TEST_CASE("a Singer tap's state is kept as a whole for the source to convert") {
  const auto input = parse_state(R"({"bookmarks":{"events":{"updated_at":"x"}},"currently_syncing":"events"})");
  REQUIRE(input.legacy());
  CHECK((*input.legacy())["bookmarks"]["events"]["updated_at"] == "x");
  CHECK(state_of(input, kEvents) == "none");
  CHECK(state_of(input, {"bookmarks", std::nullopt}) == "none");
}

TEST_CASE("a state that is not JSON is refused with its place and how to reset it") {
  const std::string error = refusal_of("[\n{\"type\": \"STREAM\" \"secret-cursor\"}]");
  CAPTURE(error);
  CHECK(error.find("line 2") != std::string::npos);
  CHECK(error.find("reset the state") != std::string::npos);
  CHECK(error.find("secret-cursor") == std::string::npos);
  CHECK(refusal_of("{").find("line 1") != std::string::npos);
  CHECK(refusal_of(std::string(100'000, '[')).find("500 levels") != std::string::npos);
}

TEST_CASE("a mangled state is refused with what was found, where, and how to reset it") {
  const std::vector<std::pair<std::string, std::string>> mangled{
      {R"("text")", "it is text"},
      {"7", "it is a number"},
      {"false", "it is false"},
      {R"(["events"])", "[0] is text"},
      {R"([null, [1]])", "[1] is an array"},
      {R"([{"events":{"a":1}}])", "[0] is no state message"},
      {R"([{"type":"STREAMS","stream":{}}])",
       R"([0].type is "STREAMS", which is no type of state; did you mean "STREAM"?)"},
      {R"([{"type":"RECORD","record":{}}])", R"([0].type is "RECORD")"},
      {R"({"type":7})", "it.type is a number"},
      {R"([{"type":"STREAM","stream":[1]}])", "[0].stream is an array"},
      {R"([{"type":"STREAM","stream":{"stream_state":{"a":1}}}])",
       "[0].stream has a state, but does not name its stream"},
      {R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":null},"stream_state":{"a":1}}}])",
       "[0].stream has a"},
      {R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"","namespace":"n"}}}])", "[0].stream has a"},
      {R"([{"type":"STREAM","stream":{"stream_descriptor":"events","stream_state":{"a":1}}}])",
       "[0].stream.stream_descriptor is text"},
      {R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":7},"stream_state":{"a":1}}}])",
       "[0].stream.stream_descriptor.name is a number"},
      {R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events","namespace":7},"stream_state":{"a":1}}}])",
       "[0].stream.stream_descriptor.namespace is a number"},
      {R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":"2026"}}])",
       "[0].stream.stream_state is text"},
      {R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":[1]}}])",
       "[0].stream.stream_state is an array"},
      {R"([{"type":"STATE","state":"x"}])", "[0].state is text"},
      {R"([{"type":"STATE","state":{"type":"STATE","state":{}}}])", "[0].state is no state message"},
      {R"([{"type":"STATE","state":{"events":{"a":1}}}])", "[0].state is no state message"},
      {R"({"type":"GLOBAL","global":{"shared_state":{"lsn":1},"stream_states":[]}})", "it.global.shared_state holds"},
      {R"({"type":"GLOBAL","global":{"stream_states":{"a":1}}})", "it.global.stream_states is an object"},
      {R"({"type":"GLOBAL","global":{"stream_states":[1]}})", "it.global.stream_states[0] is a number"},
      {R"({"type":"GLOBAL","global":{"stream_states":[{"stream_state":{"a":1}}]}})",
       "it.global.stream_states[0] has a"},
      {R"({"type":"LEGACY","data":[1]})", "it.data is an array"},
      {R"({"type":"LEGACY","data":{"events":"2026"}})", R"(it.data["events"] is text)"},
      {R"({"events":5})", R"(it["events"] is a number)"},
  };
  for (const auto& [text, found] : mangled) {
    const std::string error = refusal_of(text);
    CAPTURE(text, error);
    CHECK(error.find(found) != std::string::npos);
    CHECK(error.find("run `read` without --state") != std::string::npos);
  }
}

TEST_CASE("the mangled state of a stream that is not read does no harm") {
  const auto input = parse_state(R"([
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":{"a":1}}},
    {"type":"STREAM","stream":{"stream_descriptor":{"name":"profiles"},"stream_state":"junk"}}])");
  CHECK(state_of(input, kEvents) == R"({"a":1})");
  CHECK_THROWS_AS(input.of({"profiles", std::nullopt}), ConnectorError);
  CHECK(events_of(R"({"events":{"a":1},"profiles":true})") == R"({"a":1})");
}

TEST_CASE("a stream's state that is an empty list is none") {
  CHECK(events_of(R"([{"type":"STREAM","stream":{"stream_descriptor":{"name":"events"},"stream_state":[]}}])") ==
        "none");
}

TEST_CASE("a Singer tap's state is refused where no tap is replaced") {
  CHECK_THROWS_AS(parse_state(R"({"bookmarks":{"users":"2026"}})").refuse_singer(), ConnectorError);
  CHECK_THROWS_AS(parse_state(R"({"currently_syncing":"users"})").refuse_singer(), ConnectorError);
  parse_state(R"({"events":{"a":1}})").refuse_singer();
}

TEST_CASE("states can be set by hand, and null is none") {
  StateInput input;
  input.set(kEvents, {{"a", 1}});
  CHECK(state_of(input, kEvents) == R"({"a":1})");
  input.set({"events", ""}, Json());
  CHECK(state_of(input, kEvents) == "none");
  input.set_legacy({{"b", 2}}, false);
  CHECK(input.legacy()->dump() == R"({"b":2})");
}
