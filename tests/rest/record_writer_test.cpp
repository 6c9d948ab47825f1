#include "rest/record_writer.hpp"

#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::rest {
namespace {

using protocol::Json;
using protocol::SyncMode;

struct WriterFixture : test::StreamFixture {
  WriterFixture() { stream.primary_key = {{"id"}}; }

  std::vector<Json> written(std::string_view rows) {
    engine::StreamContext context(environment, logger, writer, stream, false);
    VerbatimRecords maker;
    RecordWriter records(maker, context);
    Page page;
    page.response.body.append(rows);
    page.read({{""}, {}});
    records.page(page);
    return this->records();
  }

  protocol::ConfiguredStream stream = test::configured("users", SyncMode::incremental);
};

TEST_CASE("a record that is empty is left out with one warning") {
  WriterFixture f;
  const auto records = f.written(R"([{"id":1},{},{ },{"id":2}])");
  REQUIRE(records.size() == 2);
  CHECK(records[1]["id"] == 2);
  CHECK(f.logs("WARN").size() == 1);
}

TEST_CASE("a record without any part of its key is left out where the platform would fail at it") {
  WriterFixture f;
  f.stream.destination_sync_mode = "append_dedup";
  f.stream.primary_key = {{"id"}, {"kind"}};
  const auto records = f.written(R"([{"id":null,"kind":"a"},{"id":null},{"name":"x"},{"id":7}])");
  REQUIRE(records.size() == 2);
  CHECK(records[0]["kind"] == "a");
  CHECK(records[1]["id"] == 7);
  CHECK(f.logs("WARN").size() == 1);
}

TEST_CASE("where nobody needs a key, a record without one is delivered") {
  WriterFixture f;
  CHECK(f.written(R"([{"id":null},{"name":"x"}])").size() == 2);
  CHECK(f.logs("WARN").empty());
}

}  // namespace
}  // namespace engagement::rest
