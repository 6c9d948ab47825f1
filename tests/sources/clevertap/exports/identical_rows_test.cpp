#include "sources/clevertap/exports/identical_rows.hpp"

#include <deque>
#include <map>
#include <random>
#include <utility>

#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

// What the header promises, the slow way.
class NaiveRows {
 public:
  std::uint32_t add(const json::Hash128& row) {
    const std::pair key(row.low, row.high);
    const std::uint32_t same = counts_[key]++;
    window_.push_back(key);
    if (window_.size() > IdenticalRows::kWindow) {
      --counts_[window_.front()];
      window_.pop_front();
    }
    return same;
  }

 private:
  std::deque<std::pair<std::uint64_t, std::uint64_t>> window_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> counts_;
};

TEST_CASE("the first of its kind is zero and each further one counts up") {
  IdenticalRows rows;
  CHECK(rows.add({1, 1}) == 0);
  CHECK(rows.add({2, 1}) == 0);
  CHECK(rows.add({1, 1}) == 1);
  CHECK(rows.add({1, 2}) == 0);
  CHECK(rows.add({1, 1}) == 2);
}

TEST_CASE("exactly the five thousand rows before count") {
  IdenticalRows near;
  near.add({7, 7});
  for (std::uint64_t i = 0; i < 4999; ++i) near.add({i, 1});
  CHECK(near.add({7, 7}) == 1);

  IdenticalRows far;
  far.add({7, 7});
  for (std::uint64_t i = 0; i < 5000; ++i) far.add({i, 1});
  CHECK(far.add({7, 7}) == 0);
}

TEST_CASE("a new export begins the count anew") {
  IdenticalRows rows;
  for (std::uint64_t i = 0; i < 12'000; ++i) rows.add({i % 3, 0});
  rows.clear();
  for (std::uint64_t i = 0; i < 3; ++i) CHECK(rows.add({i, 0}) == 0);
}

TEST_CASE("fifty thousand random rows are counted as a naive model counts them") {
  IdenticalRows rows;
  NaiveRows naive;
  std::mt19937_64 random(42);
  int wrong = 0;
  int repeated = 0;
  for (int i = 0; i < 50'000; ++i) {
    // Many rows share their home in the table; some are frequent, most come once or twice.
    const std::uint64_t kind = random() % 10;
    json::Hash128 row{random() % 3000, 0};
    if (kind == 0) row = {random() % 5, random() % 2};
    if (kind == 1) row = {8192 * (random() % 50) + 8190, random() % 7};
    const auto expected = naive.add(row);
    if (rows.add(row) != expected) ++wrong;
    if (expected > 0) ++repeated;
  }
  CHECK(wrong == 0);
  CHECK(repeated > 10'000);
}

TEST_CASE("more than a window of one and the same row stays bounded") {
  IdenticalRows rows;
  for (std::uint32_t i = 0; i <= 5000; ++i) CHECK(rows.add({1, 1}) == i);
  for (int i = 0; i < 100; ++i) CHECK(rows.add({1, 1}) == 5000);
}

}  // namespace
}  // namespace engagement::clevertap
