#include "engine/loop_guard.hpp"

#include <string>

#include "support/catch.hpp"

namespace engagement::engine {
namespace {

TEST_CASE("a place is new once, however many others came in between") {
  LoopGuard guard;
  CHECK(guard.is_new("a"));
  CHECK_FALSE(guard.is_new("a"));
  for (int i = 0; i < 10'000; ++i) CHECK(guard.is_new("page " + std::to_string(i)));
  CHECK_FALSE(guard.is_new("a"));
  CHECK_FALSE(guard.is_new("page 5000"));
}

}  // namespace
}  // namespace engagement::engine
