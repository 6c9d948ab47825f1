// The steps of a record's way through the house, each over the same page of 4 991 records. "x_memcpy" is the CPU time
// of a page divided by that of memcpy of the page: what is machine-independent about these numbers.

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include "http/compressed.hpp"
#include "http/inflater.hpp"
#include "sample_pages.hpp"
#include "sources/clevertap/exports/export_page.hpp"
#include "sources/clevertap/exports/record_maker.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::benchmarks {

namespace {

using Seconds = std::chrono::duration<double>;

// The CPU time of this thread: a busy machine makes everything slower, but not dearer.
Seconds cpu_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

constexpr std::size_t kRecords = 4991;

const std::string& events() {
  static const std::string page = event_page(kRecords);
  return page;
}
const std::string& profiles() {
  static const std::string page = profile_page(kRecords);
  return page;
}

// The mean of many copies into memory that has been touched before: so many that a coarse clock will do.
Seconds memcpy_time(const std::string& page) {
  constexpr int kCopies = 256;
  std::string copy(page.size(), ' ');
  const Seconds begin = cpu_time();
  for (int round = 0; round < kCopies; ++round) {
    std::memcpy(copy.data(), page.data(), page.size());
    benchmark::DoNotOptimize(copy.data());
    benchmark::ClobberMemory();
  }
  return (cpu_time() - begin) / kCopies;
}

// Runs `work`, which passes over the whole page, and says what it cost.
template <typename Work>
void measure(benchmark::State& state, const std::string& page, const Work& work) {
  const Seconds begin = cpu_time();
  for ([[maybe_unused]] auto iteration : state) work();
  const Seconds spent = cpu_time() - begin;
  const auto pages = static_cast<double>(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRecords));
  state.counters["x_memcpy"] = spent / pages / memcpy_time(page);
}

json::PaddedBuffer padded(const std::string& text) {
  json::PaddedBuffer buffer;
  buffer.append(text);
  buffer.pad();
  return buffer;
}

void copy_page(benchmark::State& state, const std::string& page) {
  std::string copy(page.size(), ' ');
  measure(state, page, [&] {
    std::memcpy(copy.data(), page.data(), page.size());
    benchmark::DoNotOptimize(copy.data());
    benchmark::ClobberMemory();
  });
}

void inflate(benchmark::State& state, const std::string& page) {
  const std::string wire = test::compressed(page, test::Wrapper::gzip);
  http::Inflater inflater;
  json::PaddedBuffer out;
  measure(state, page, [&] {
    out.clear();
    inflater.begin(http::Inflater::Format::gzip);
    // As curl delivers it.
    for (std::size_t at = 0; at < wire.size(); at += 16 * 1024) {
      inflater.feed(std::string_view(wire).substr(at, 16 * 1024), out);
    }
    if (!inflater.finished() || out.size() != page.size()) throw std::logic_error("the page did not come out");
  });
}

// UTF-8, escapes and the positions of all values.
void index_page(benchmark::State& state, const std::string& page) {
  auto text = padded(page);
  json::StructuralIndex index;
  measure(state, page, [&] { benchmark::DoNotOptimize(index.build(text)); });
}

// The grammar of every byte, on an index that is there.
void check_page(benchmark::State& state, const std::string& page) {
  auto text = padded(page);
  json::StructuralIndex index;
  index.build(text);
  measure(state, page, [&] {
    json::ValueWalker walker(text, index);
    benchmark::DoNotOptimize(walker.skip_value());
    walker.finish();
  });
}

clevertap::ExportPage read_page(const std::string& text) {
  clevertap::ExportPage page;
  page.response.status = 200;
  page.response.body = padded(text);
  if (!page.read().succeeded || page.records.size() != kRecords) throw std::logic_error("the page could not be read");
  return page;
}

// Index, envelope, grammar and the records' slices: all that happens to a page before its records are rewritten.
void slice_page(benchmark::State& state, const std::string& page) {
  auto sliced = read_page(page);
  measure(state, page, [&] { benchmark::DoNotOptimize(sliced.read()); });
}

// Takes the lines and forgets them.
class NullSink final : public protocol::RecordSink {
 public:
  void write(std::string_view lines) override { benchmark::DoNotOptimize(lines.data()); }
};

// What records are written through, with nothing behind it.
struct Outlet {
  NullSink sink;
  Redactor redactor;
  protocol::Writer writer{sink, redactor};
  engine::Logger logger{writer, false};
  test::FakeClock clock;
  test::FixedRandom random;
  test::ScriptedClient client;
  engine::Environment environment{client, clock, random, std::chrono::seconds(0), std::nullopt};
  protocol::ConfiguredStream stream = test::configured("events");
  engine::StreamContext context{environment, logger, writer, stream, false};
};

template <typename MakeRecords>
void rewrite(benchmark::State& state, const std::string& text, const MakeRecords& make_records, bool several_events) {
  const auto page = read_page(text);
  Outlet outlet;
  const clevertap::Config config = clevertap::read_config(
      {{"account_id", "A"}, {"passcode", "word"}, {"start_date", 20260801}, {"timezone", "Asia/Kolkata"}});
  clevertap::SharedSweep shared;
  shared.several_events = several_events;
  const auto maker = make_records(config, {"Charged", {}, {}}, outlet.context, shared);
  maker->export_began(outlet.clock.now());
  engine::RecordBatch batch(outlet.context);
  measure(state, text, [&] {
    for (const auto& record : page.records) maker->append(record, batch);
    batch.flush();
  });
}

void rewrite_events(benchmark::State& state) { rewrite(state, events(), clevertap::make_event_records, false); }
void rewrite_profiles(benchmark::State& state) { rewrite(state, profiles(), clevertap::make_profile_records, false); }
// With the set of those who were delivered: all but the first pass find everybody known.
void know_people(benchmark::State& state) { rewrite(state, profiles(), clevertap::make_profile_records, true); }

// The envelope around records as they are, and the way to the sink.
void write_page(benchmark::State& state, const std::string& text) {
  const auto page = read_page(text);
  Outlet outlet;
  engine::RecordBatch batch(outlet.context);
  measure(state, text, [&] {
    for (const auto& record : page.records) {
      batch.begin_record() += record.text;
      batch.end_record();
    }
    batch.flush();
  });
}

BENCHMARK_CAPTURE(copy_page, events, events());
BENCHMARK_CAPTURE(inflate, events, events());
BENCHMARK_CAPTURE(inflate, profiles, profiles());
BENCHMARK_CAPTURE(index_page, events, events());
BENCHMARK_CAPTURE(check_page, events, events());
BENCHMARK_CAPTURE(slice_page, events, events());
BENCHMARK_CAPTURE(slice_page, profiles, profiles());
BENCHMARK(rewrite_events);
BENCHMARK(rewrite_profiles);
BENCHMARK(know_people);
BENCHMARK_CAPTURE(write_page, events, events());

}  // namespace

}  // namespace engagement::benchmarks

BENCHMARK_MAIN();
