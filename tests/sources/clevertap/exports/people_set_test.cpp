#include "sources/clevertap/exports/people_set.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <random>
#include <thread>
#include <unordered_set>

#include "support/catch.hpp"
#include "support/sanitized.hpp"

#ifndef ENGAGEMENT_SANITIZED  // a sanitizer has an operator new of its own

namespace {

// What operator new has given out and not got back, and the most it ever was.
std::atomic<std::size_t> bytes_in_use = 0;
std::atomic<std::size_t> most_bytes_in_use = 0;

}  // namespace

// Every allocation of this test program goes through these.
__attribute__((noinline)) void* operator new(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  const std::size_t now = bytes_in_use += malloc_usable_size(memory);
  if (now > most_bytes_in_use) most_bytes_in_use = now;
  return memory;
}

__attribute__((noinline)) void operator delete(void* memory) noexcept {
  if (memory != nullptr) bytes_in_use -= malloc_usable_size(memory);
  std::free(memory);
}

__attribute__((noinline)) void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

#endif

namespace engagement::clevertap {
namespace {

// Evenly spread, as hashes are.
std::uint64_t person(std::uint64_t number) {
  std::uint64_t z = (number + 1) * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

TEST_CASE("a person is new once and known from then on") {
  PeopleSet people;
  CHECK(people.add(7) == PeopleSet::Added::yes);
  CHECK(people.add(7) == PeopleSet::Added::known);
  CHECK(people.add(0) == PeopleSet::Added::yes);
  CHECK(people.add(0) == PeopleSet::Added::known);
  CHECK(people.add(~std::uint64_t{0}) == PeopleSet::Added::yes);
  CHECK(people.add(~std::uint64_t{0}) == PeopleSet::Added::known);
}

TEST_CASE("growing forgets nobody and invents nobody") {
  PeopleSet people;
  for (std::uint64_t i = 0; i < 100'000; ++i) REQUIRE(people.add(person(i)) == PeopleSet::Added::yes);
  for (std::uint64_t i = 0; i < 100'000; ++i) REQUIRE(people.add(person(i)) == PeopleSet::Added::known);
  CHECK(people.add(person(100'000)) == PeopleSet::Added::yes);
}

TEST_CASE("a full set says so and still knows whom it knew") {
  PeopleSet people(std::size_t{256} << 10);
  std::unordered_set<std::uint64_t> remembered;
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < 60'000; ++i) {
    const auto added = people.add(person(i));
    REQUIRE(added != PeopleSet::Added::known);
    if (added == PeopleSet::Added::yes) remembered.insert(person(i));
    if (added == PeopleSet::Added::full) ++refused;
  }
  CHECK(refused > 0);
  CHECK(remembered.size() > 20'000);  // most of the 32 768 hashes that 256 KB could hold
  for (const auto one : remembered) REQUIRE(people.add(one) == PeopleSet::Added::known);
  CHECK(people.add(person(59'999)) == PeopleSet::Added::full);
}

#ifndef ENGAGEMENT_SANITIZED
TEST_CASE("the memory never exceeds its bound, not even while the set grows") {
  constexpr std::size_t kBound = std::size_t{1} << 20;
  PeopleSet people(kBound);
  const std::size_t before = bytes_in_use;
  most_bytes_in_use = before;
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < 300'000; ++i) refused += people.add(person(i)) == PeopleSet::Added::full ? 1 : 0;
  CHECK(refused > 0);
  const std::size_t most = most_bytes_in_use - before;
  CHECK(most <= kBound + 65 * 32);  // malloc rounds each part up a little
  CHECK(most > kBound * 8 / 10);
}

TEST_CASE("the memory at its full size holds seven million people in 64 MB") {
  PeopleSet people;
  const std::size_t before = bytes_in_use;
  most_bytes_in_use = before;
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < 7'000'000; ++i) refused += people.add(person(i)) == PeopleSet::Added::full ? 1 : 0;
  CHECK(refused == 0);
  CHECK(most_bytes_in_use - before <= (std::size_t{64} << 20) + 65 * 8192);
}

#endif

TEST_CASE("several workers agree on who is new") {
  PeopleSet people;
  std::atomic<int> fresh = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (std::uint64_t i = 0; i < 20'000; ++i) {
        if (people.add(person(i)) == PeopleSet::Added::yes) ++fresh;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(fresh == 20'000);
}

}  // namespace
}  // namespace engagement::clevertap
