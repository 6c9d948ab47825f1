#include "engine/request_gate.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "support/catch.hpp"

namespace engagement::engine {
namespace {

TEST_CASE("the gate lets in as many as its limit and the next one when one has left") {
  RequestGate gate(2);
  std::stop_source stop;
  const auto first = gate.enter(stop.get_token());
  std::atomic<bool> entered = false;
  std::thread waiting;
  {
    const auto second = gate.enter(stop.get_token());
    waiting = std::thread([&] {
      const auto third = gate.enter(stop.get_token());
      entered = true;
    });
    CHECK_FALSE(entered);
  }
  waiting.join();
  CHECK(entered);
}

TEST_CASE("never more than the limit are inside at once") {
  RequestGate gate(3);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 200; ++j) {
        const auto pass = gate.enter({});
        const int now = ++inside;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        --inside;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(most <= 3);
  CHECK(inside == 0);
}

TEST_CASE("a stop ends the wait for a place") {
  RequestGate gate(1);
  std::stop_source stop;
  const auto pass = gate.enter(stop.get_token());
  std::atomic<bool> stopped = false;
  std::thread waiting([&] {
    try {
      gate.enter(stop.get_token());
    } catch (const Stopped&) {
      stopped = true;
    }
  });
  stop.request_stop();
  waiting.join();
  CHECK(stopped);
}

TEST_CASE("the limit shrinks one by one and never below one") {
  RequestGate gate(3);
  CHECK(gate.limit() == 3);
  gate.too_many();
  CHECK(gate.limit() == 2);
  gate.too_many();
  gate.too_many();
  CHECK(gate.limit() == 1);
}

TEST_CASE("the limit grows back one by one after fifty good answers each, up to where it began") {
  RequestGate gate(3);
  gate.too_many();
  gate.too_many();
  for (int i = 0; i < 49; ++i) gate.went_well();
  CHECK(gate.limit() == 1);
  gate.went_well();
  CHECK(gate.limit() == 2);
  for (int i = 0; i < 200; ++i) gate.went_well();
  CHECK(gate.limit() == 3);
}

TEST_CASE("a refusal starts the count of good answers anew") {
  RequestGate gate(3);
  gate.too_many();
  for (int i = 0; i < 49; ++i) gate.went_well();
  gate.too_many();
  gate.went_well();
  CHECK(gate.limit() == 1);
}

TEST_CASE("a shrunken gate holds back newcomers until enough have left") {
  RequestGate gate(2);
  std::stop_source stop;
  std::atomic<bool> entered = false;
  std::thread waiting;
  {
    const auto first = gate.enter(stop.get_token());
    {
      const auto second = gate.enter(stop.get_token());
      gate.too_many();
      waiting = std::thread([&] {
        const auto third = gate.enter(stop.get_token());
        entered = true;
      });
    }
    CHECK_FALSE(entered);  // one has left, one is still inside, and one is the limit now
  }
  waiting.join();
  CHECK(entered);
}

}  // namespace
}  // namespace engagement::engine
