#include "core/clock.hpp"

#include <thread>

#include "core/error.hpp"
#include "core/random.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "support/fixed_random.hpp"

using namespace engagement;
using namespace std::chrono_literals;

TEST_CASE("the machine's clock tells the machine's time") {
  const RealClock clock;
  const auto before = std::chrono::system_clock::now();
  const auto now = clock.now();
  CHECK(now >= std::chrono::floor<std::chrono::milliseconds>(before));
  CHECK(now <= std::chrono::system_clock::now());
  const auto steady = clock.steady_now();
  CHECK(clock.steady_now() >= steady);
}

TEST_CASE("a wait ends with Stopped where a stop was requested before") {
  std::stop_source stop;
  stop.request_stop();
  RealClock clock;
  CHECK_THROWS_AS(clock.wait_for(24h, stop.get_token()), Stopped);
}

TEST_CASE("a wait ends with Stopped as soon as a stop is requested during it") {
  std::stop_source stop;
  RealClock clock;
  const std::jthread stopper([&stop] { stop.request_stop(); });
  CHECK_THROWS_AS(clock.wait_for(24h, stop.get_token()), Stopped);
}

TEST_CASE("a wait that nobody stops returns after its time") {
  RealClock clock;
  const auto before = clock.steady_now();
  clock.wait_for(2ms, std::stop_token{});
  CHECK(clock.steady_now() - before >= 2ms);
}

TEST_CASE("jitter lies in [0, 1) and is not always the same") {
  RealRandom random;
  const double first = random.fraction();
  bool differs = false;
  for (int i = 0; i < 1000; ++i) {
    const double fraction = random.fraction();
    REQUIRE((fraction >= 0 && fraction < 1));
    differs = differs || fraction != first;
  }
  CHECK(differs);
}

TEST_CASE("an error carries its type, the user's words and the log's words") {
  const auto config = config_error("Mend it.", "status 401");
  CHECK(config.type() == FailureType::config);
  CHECK(std::string(config.what()) == "Mend it.");
  CHECK(config.internal_message() == "status 401");
  CHECK(transient_error("Later.").type() == FailureType::transient);
  CHECK(transient_error("Later.").internal_message().empty());
  CHECK(system_error("Why?").type() == FailureType::system);
  CHECK(to_string(FailureType::config) == "config_error");
  CHECK(to_string(FailureType::transient) == "transient_error");
  CHECK(to_string(FailureType::system) == "system_error");
  CHECK(std::string(Stopped().what()) == "stopped");
}

TEST_CASE("the fake clock's waits take no time, move it on and are recorded") {
  test::FakeClock clock;
  const auto steady = clock.steady_now();
  clock.wait_for(90s, std::stop_token{});
  clock.advance(5s);
  clock.wait_for(10ms, std::stop_token{});
  CHECK(clock.now() == test::FakeClock::kStart + 95s + 10ms);
  CHECK(clock.steady_now() == steady + 95s + 10ms);
  CHECK(clock.waits() == std::vector<std::chrono::milliseconds>{90s, 10ms});
  CHECK(clock.waited() == 90s + 10ms);
}

TEST_CASE("the fake clock stops like the machine's") {
  test::FakeClock clock;
  std::stop_source stop;
  clock.on_wait([&](auto) { stop.request_stop(); });
  CHECK_THROWS_AS(clock.wait_for(1s, stop.get_token()), Stopped);
  CHECK(clock.now() == test::FakeClock::kStart + 1s);
  CHECK_THROWS_AS(clock.wait_for(1s, stop.get_token()), Stopped);
  CHECK(clock.now() == test::FakeClock::kStart + 1s);
}

TEST_CASE("fixed random gives its fractions in turn and over again") {
  test::FixedRandom random(std::vector<double>{0.1, 0.9});
  CHECK(random.fraction() == 0.1);
  CHECK(random.fraction() == 0.9);
  CHECK(random.fraction() == 0.1);
  CHECK(random.calls() == 3);
  CHECK(test::FixedRandom().fraction() == 0.5);
}
