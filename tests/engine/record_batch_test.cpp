#include "engine/record_batch.hpp"

#include "engine/stream_context.hpp"
#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::engine {
namespace {

struct BatchFixture : test::StreamFixture {
  protocol::ConfiguredStream stream = test::configured("events");

  // The writes that held records.
  std::vector<std::string> record_writes() const {
    std::vector<std::string> all;
    for (const auto& write : sink.writes()) {
      if (write.find("\"RECORD\"") != std::string::npos) all.push_back(write);
    }
    return all;
  }
};

TEST_CASE("a record is an envelope around the data as it was appended") {
  BatchFixture f;
  StreamContext context(f.environment, f.logger, f.writer, f.stream, false);
  RecordBatch batch(context);
  batch.begin_record() += R"({ "a":1e999,"b":12345678901234567890123 })";
  batch.end_record();
  batch.flush();
  REQUIRE(f.record_writes().size() == 1);
  CHECK(
      f.record_writes()[0] ==
      R"({"type":"RECORD","record":{"stream":"events","emitted_at":1772323200000,"data":{ "a":1e999,"b":12345678901234567890123 }}})"
      "\n");
}

TEST_CASE("a record carries the namespace of the catalog and the name however it is spelled") {
  BatchFixture f;
  f.stream.descriptor = {"ev\"ents\n", "prod/ë"};
  StreamContext context(f.environment, f.logger, f.writer, f.stream, false);
  RecordBatch batch(context);
  batch.begin_record() += "{\"a\":1}";
  batch.end_record();
  batch.flush();
  const auto record = f.sink.messages("RECORD").at(0)["record"];
  CHECK(record["stream"] == "ev\"ents\n");
  CHECK(record["namespace"] == "prod/ë");
}

TEST_CASE("records are written together once they are large enough") {
  BatchFixture f;
  StreamContext context(f.environment, f.logger, f.writer, f.stream, false);
  RecordBatch batch(context);
  const std::string data = "{\"a\":\"" + std::string(10'000, 'x') + "\"}";
  for (int i = 0; i < 100; ++i) {
    batch.begin_record() += data;
    batch.end_record();
  }
  batch.flush();
  const auto writes = f.record_writes();
  CHECK(writes.size() > 3);
  for (std::size_t i = 0; i < writes.size(); ++i) {
    CHECK(writes[i].back() == '\n');
    CHECK(writes[i].size() < 256 * 1024);
    if (i + 1 < writes.size()) CHECK(writes[i].size() >= 240 * 1024);
  }
  CHECK(f.sink.messages("RECORD").size() == 100);
  CHECK(context.counts().records == 100);
}

TEST_CASE("a record larger than the buffer is written whole") {
  BatchFixture f;
  StreamContext context(f.environment, f.logger, f.writer, f.stream, false);
  RecordBatch batch(context);
  batch.begin_record() += "{\"a\":\"" + std::string(1'000'000, 'x') + "\"}";
  batch.end_record();
  REQUIRE(f.record_writes().size() == 1);
  CHECK(f.sink.messages("RECORD").at(0)["record"]["data"]["a"].get<std::string>().size() == 1'000'000);
}

TEST_CASE("flushing nothing writes nothing and does not start the stream") {
  BatchFixture f;
  StreamContext context(f.environment, f.logger, f.writer, f.stream, false);
  RecordBatch batch(context);
  batch.flush();
  CHECK(f.sink.lines().empty());
}

TEST_CASE("what was not flushed is dropped with the batch") {
  BatchFixture f;
  StreamContext context(f.environment, f.logger, f.writer, f.stream, false);
  {
    RecordBatch batch(context);
    batch.begin_record() += "{\"a\":1}";
    batch.end_record();
  }
  CHECK(f.sink.lines().empty());
  CHECK(context.counts().records == 0);
}

TEST_CASE("the time of emission is that of the batch it is written with") {
  BatchFixture f;
  StreamContext context(f.environment, f.logger, f.writer, f.stream, false);
  RecordBatch batch(context);
  const auto emit = [&] {
    batch.begin_record() += "{\"a\":1}";
    batch.end_record();
    batch.flush();
  };
  emit();
  f.clock.advance(std::chrono::milliseconds(1500));
  emit();
  const auto records = f.sink.messages("RECORD");
  CHECK(records[1]["record"]["emitted_at"].get<std::int64_t>() -
            records[0]["record"]["emitted_at"].get<std::int64_t>() ==
        1500);
}

}  // namespace
}  // namespace engagement::engine
