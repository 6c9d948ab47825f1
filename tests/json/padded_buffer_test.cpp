#include "json/padded_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "support/catch.hpp"

namespace engagement::json {
namespace {

TEST_CASE("a buffer keeps what is appended however often it has to grow") {
  PaddedBuffer buffer;
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    const std::string part(static_cast<std::size_t>(i % 97), static_cast<char>('a' + i % 26));
    buffer.append(part);
    expected += part;
  }
  CHECK(buffer.view() == expected);
  CHECK(buffer.capacity() >= buffer.size());
}

TEST_CASE("padding is blank and does not count as content") {
  PaddedBuffer buffer;
  buffer.append("abc");
  std::memset(buffer.reserve_room(PaddedBuffer::kPadding), 'x', PaddedBuffer::kPadding);
  buffer.pad();
  CHECK(buffer.view() == "abc");
  CHECK(std::all_of(buffer.data() + 3, buffer.data() + 3 + PaddedBuffer::kPadding, [](char c) { return c == ' '; }));
}

TEST_CASE("an empty buffer can be padded too") {
  PaddedBuffer buffer;
  buffer.pad();
  REQUIRE(buffer.data() != nullptr);
  CHECK(buffer.data()[0] == ' ');
  CHECK(buffer.view().empty());
}

TEST_CASE("clear keeps the memory and resize_down cuts") {
  PaddedBuffer buffer;
  buffer.append(std::string(100'000, 'x'));
  const char* memory = buffer.data();
  buffer.clear();
  buffer.append("short text");
  CHECK(buffer.data() == memory);
  buffer.resize_down(5);
  CHECK(buffer.view() == "short");
}

TEST_CASE("what is written into the reserved room counts once it is declared") {
  PaddedBuffer buffer;
  buffer.append("ab");
  std::memcpy(buffer.reserve_room(3), "cde", 3);
  CHECK(buffer.view() == "ab");
  buffer.grow_by(3);
  CHECK(buffer.view() == "abcde");
}

TEST_CASE("moving a buffer moves its content and leaves a usable one behind") {
  PaddedBuffer first;
  first.append("content");
  PaddedBuffer second(std::move(first));
  CHECK(second.view() == "content");
  PaddedBuffer third;
  third.append("other");
  third = std::move(second);
  CHECK(third.view() == "content");
}

}  // namespace
}  // namespace engagement::json
