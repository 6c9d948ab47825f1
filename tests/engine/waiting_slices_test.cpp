#include <algorithm>
#include <atomic>
#include <latch>
#include <map>
#include <thread>

#include "engine/record_batch.hpp"
#include "engine/runner.hpp"
#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::engine {
namespace {

using std::chrono::seconds;

// A stream each of whose slices waits as often as a test says before its record is there.
struct WaitingStream final : public Stream {
  WaitingStream(std::string name, std::size_t slice_count, int wait_count, std::size_t most = 1000)
      : slices(slice_count), waits(wait_count), most_under_way(most) {
    description_.name = std::move(name);
  }

  const StreamDescription& description() const override { return description_; }
  std::unique_ptr<StreamRead> begin(const SyncRequest&, StreamContext&, const std::stop_token&) override {
    return std::make_unique<Read>(*this);
  }

  struct Read final : public StreamRead {
    explicit Read(WaitingStream& owner) : stream(owner) { ++stream.reads; }
    ~Read() override { --stream.reads; }
    std::size_t slice_count() const override { return stream.slices; }
    std::string slice_name(std::size_t) const override { return "a slice"; }
    std::size_t most_under_way() const override { return stream.most_under_way; }
    bool waits_for_earlier(std::size_t slice) const override { return stream.last_waits && slice + 1 == stream.slices; }
    void read_slice(std::size_t, StreamContext&, const std::stop_token&) override {}
    std::optional<SteadyTime> step_slice(std::size_t slice, StreamContext& context, const std::stop_token&) override {
      const std::lock_guard lock(stream.mutex);
      auto& step = stream.steps[slice];
      stream.under_way += step == 0 ? 1 : 0;
      stream.most_seen = std::max(stream.most_seen, stream.under_way);
      if (stream.on_step) stream.on_step(slice, step);
      stream.trace.push_back(slice);
      if (step++ < stream.waits) return context.environment().clock.steady_now() + seconds(10);
      RecordBatch batch(context);
      batch.begin_record() += "{\"slice\":" + std::to_string(slice) + "}";
      batch.end_record();
      batch.flush();
      --stream.under_way;
      return std::nullopt;
    }
    std::optional<Json> slice_done(std::size_t) override { return Json{{"done", ++done}}; }
    Json initial_state() const override { return Json{{"done", 0}}; }
    Json final_state() override { return Json{{"done", done}, {"finished", true}}; }

    WaitingStream& stream;
    int done = 0;
  };

  std::size_t slices;
  int waits;
  std::size_t most_under_way;
  std::atomic<int> reads = 0;  // that exist
  bool last_waits = false;     // for all slices before it
  std::function<void(std::size_t slice, int step)> on_step;
  std::mutex mutex;
  std::map<std::size_t, int> steps;
  std::vector<std::size_t> trace;
  std::size_t under_way = 0;
  std::size_t most_seen = 0;

 private:
  StreamDescription description_;
};

struct WaitingFixture : test::StreamFixture {
  WaitingStream& add(const std::string& name, std::size_t slices, int waits, std::size_t most = 1000) {
    auto stream = std::make_unique<WaitingStream>(name, slices, waits, most);
    auto& reference = *stream;
    streams.push_back(std::move(stream));
    catalog.streams.push_back(test::configured(name));
    return reference;
  }

  RunResult run(std::size_t workers = 1) {
    Runner runner(environment, logger, writer, {workers, true, std::nullopt});
    runner.add_streams(catalog, streams, {});
    return runner.run(stop.get_token());
  }

  protocol::ConfiguredCatalog catalog;
  std::vector<std::unique_ptr<Stream>> streams;
};

TEST_CASE("slices that wait hold no worker: all of them wait at the same time") {
  WaitingFixture f;
  auto& stream = f.add("counts", 3, 2);
  CHECK(f.run() == RunResult::complete);
  CHECK(stream.trace == std::vector<std::size_t>{0, 1, 2, 0, 1, 2, 0, 1, 2});
  CHECK(f.clock.waited() == seconds(20));
  CHECK(f.records().size() == 3);
  CHECK(f.states().back() == Json{{"done", 3}, {"finished", true}});
}

TEST_CASE("another stream is read while the slices of the first one wait") {
  WaitingFixture f;
  auto& counts = f.add("counts", 1, 1);
  auto& other = f.add("other", 2, 0);
  std::size_t read_meanwhile = 0;
  counts.on_step = [&](std::size_t, int step) { read_meanwhile = step == 1 ? other.trace.size() : 0; };
  CHECK(f.run() == RunResult::complete);
  CHECK(read_meanwhile == 2);
}

TEST_CASE("a stream that is done, or has failed, keeps nothing in memory while others are read") {
  WaitingFixture f;
  auto& done = f.add("done", 2, 0);
  auto& failed = f.add("failed", 2, 0);
  failed.on_step = [](std::size_t, int) { throw system_error("Broken."); };
  auto& last = f.add("last", 1, 0);
  int kept = -1;
  last.on_step = [&](std::size_t, int) { kept = done.reads + failed.reads; };
  CHECK(f.run() == RunResult::failed);
  CHECK(kept == 0);
}

TEST_CASE("no more slices are under way than the stream allows") {
  WaitingFixture f;
  auto& stream = f.add("counts", 9, 2, 4);
  CHECK(f.run(3) == RunResult::complete);
  CHECK(stream.most_seen <= 4);
  CHECK(f.records().size() == 9);
}

TEST_CASE("a slice that waits for all before it begins when they are done") {
  WaitingFixture f;
  auto& stream = f.add("counts", 4, 2);
  stream.last_waits = true;
  CHECK(f.run(3) == RunResult::complete);
  CHECK(std::count(stream.trace.begin(), stream.trace.end(), 3U) == 3);
  CHECK(std::find(stream.trace.begin(), stream.trace.end(), 3U) - stream.trace.begin() == 9);
}

TEST_CASE("a slice that waits for one that fails is not begun") {
  WaitingFixture f;
  auto& stream = f.add("counts", 3, 1);
  stream.last_waits = true;
  stream.on_step = [](std::size_t slice, int step) {
    if (slice == 1 && step == 1) throw system_error("Broken.");
  };
  f.add("other", 2, 0);
  CHECK(f.run(3) == RunResult::failed);
  CHECK(std::count(stream.trace.begin(), stream.trace.end(), 2U) == 0);
}

TEST_CASE("many workers and many waiting slices lose none and read none twice") {
  WaitingFixture f;
  auto& stream = f.add("counts", 200, 3, 32);
  f.add("more", 50, 1, 7);
  CHECK(f.run(4) == RunResult::complete);
  CHECK(stream.trace.size() == 200 * 4);
  CHECK(f.records().size() == 250);
}

TEST_CASE("the failure of one slice drops those of its stream that wait") {
  WaitingFixture f;
  auto& stream = f.add("counts", 5, 3);
  stream.on_step = [](std::size_t slice, int step) {
    if (slice == 2 && step == 1) throw config_error("Broken.");
  };
  CHECK(f.run() == RunResult::failed);
  CHECK(stream.trace == std::vector<std::size_t>{0, 1, 2, 3, 4, 0, 1});
  CHECK(f.records().empty());
  CHECK(f.kinds("counts").back() == "ERROR");
}

TEST_CASE("a stop while all slices wait ends the read at once") {
  WaitingFixture f;
  f.add("counts", 3, 2);
  f.clock.on_wait([&](std::chrono::milliseconds) { f.stop.request_stop(); });
  CHECK(f.run() == RunResult::stopped);
  CHECK(f.kinds() == std::vector<std::string>{"STARTED", "INCOMPLETE"});
}

TEST_CASE("a stop returns although one stream stands still in writing and the other worker looks for its next slice") {
  WaitingFixture f;
  auto& written = f.add("written", 1, 0);
  auto& counts = f.add("counts", 1, 1);
  std::latch counting(1), writing(1), stopped(1);
  std::atomic<bool> stood_still = false;
  written.on_step = [&](std::size_t, int) { counting.wait(); };
  counts.on_step = [&](std::size_t, int step) {
    if (step > 0) return;
    counting.count_down();
    writing.wait();
  };
  f.sink.before_write([&](std::string_view lines) {
    if (lines.find(R"("type":"STATE")") == std::string_view::npos || stood_still.exchange(true)) return;
    writing.count_down();
    stopped.wait();
  });
  std::thread stopper([&] {
    writing.wait();
    for (int turn = 0; turn < 1000; ++turn) std::this_thread::yield();
    f.stop.request_stop();
    stopped.count_down();
  });
  f.run(2);
  stopper.join();
  CHECK(f.kinds("written").back() == "COMPLETE");
}

TEST_CASE("with the machine's clock a worker sleeps until a slice is due and wakes for a stop") {
  WaitingFixture f;
  RealClock clock;
  engine::Environment environment{f.client, clock, f.random, seconds(900), std::nullopt};
  std::latch both(2);
  f.add("counts", 2, 1).on_step = [&](std::size_t, int) { both.count_down(); };
  Runner runner(environment, f.logger, f.writer, {2, true, std::nullopt});
  runner.add_streams(f.catalog, f.streams, {});
  std::thread stopper([&] {
    both.wait();
    f.stop.request_stop();
  });
  const auto began = clock.steady_now();
  CHECK(runner.run(f.stop.get_token()) == RunResult::stopped);
  stopper.join();
  CHECK(clock.steady_now() - began < seconds(5));
}

}  // namespace
}  // namespace engagement::engine
