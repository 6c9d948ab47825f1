#include "rest/read_pages.hpp"

#include "rest/record_writer.hpp"
#include "support/catch.hpp"
#include "support/stream_fixture.hpp"

namespace engagement::rest {
namespace {

using protocol::Json;
using test::answer;

// Pages by number until one says that there is no next.
class Numbered final : public PageSequence {
 public:
  std::optional<http::Request> next(const Page* last) override {
    if (last != nullptr && !last->value("next")) return std::nullopt;
    if (last != nullptr) number_ = *last->integer("next");
    http::Request request;
    request.url = "https://vendor.test/things?page=" + std::to_string(number_);
    return request;
  }

 private:
  std::int64_t number_ = 1;
};

constexpr std::array kRules = {
    Rule{.name = "gone", .statuses = 404, .action = Action::skip},
    Rule{.name = "too much", .statuses = 413, .action = Action::split, .failure = FailureType::config},
};

struct PagesFixture : test::StreamFixture {
  SeriesEnd read() {
    VerbatimRecords maker;
    RecordWriter consumer(maker, context);
    Numbered sequence;
    return read_pages({caller, shape, judge, "GET /things"}, sequence, consumer, context, stop.get_token());
  }

  protocol::ConfiguredStream stream = test::configured("things");
  engine::StreamContext context{environment, logger, writer, stream, true};
  engine::RequestGate gate{1};
  Caller caller{"Vendor", kRules, gate};
  PageShape shape{{"data"}, {"next"}};
  PageJudge judge = [](const Page& page) {
    if (!page.malformed().empty())
      return unreadable_answer(page.response.status, page.response.body.view(), page.malformed());
    Answer judged;
    judged.status = page.response.status;
    judged.succeeded = page.response.status == 200;
    return judged;
  };
};

TEST_CASE("a series is read to its end, empty and short pages in the middle included") {
  PagesFixture f;
  f.client.script({answer(R"({"data":[{"id":1},{"id":2}],"next":2})"), answer(R"({"data":[],"next":3})"),
                   answer(R"({"next":4})"), answer(R"({"data":[{"id":3}]})")});
  CHECK(f.read().action == Action::ok);
  CHECK(f.records() == std::vector<Json>{{{"id", 1}}, {{"id", 2}}, {{"id", 3}}});
  CHECK(f.context.counts().pages == 4);
  CHECK(f.client.requests().size() == 4);
}

TEST_CASE("a page that is asked for a second time is an error, not a circle") {
  PagesFixture f;
  f.client.script({answer(R"({"data":[{"id":1}],"next":2})"), answer(R"({"data":[{"id":2}],"next":1})")});
  CHECK_THROWS_AS(f.read(), ConnectorError);
  CHECK(f.client.requests().size() == 2);
}

TEST_CASE("an outcome that the rules leave to the reader ends the series after the pages before it") {
  PagesFixture f;
  f.client.script({answer(R"({"data":[{"id":1}],"next":2})"), answer(R"({"error":"too much"})", 413)});
  const auto end = f.read();
  CHECK(end.action == Action::split);
  CHECK(f.records().size() == 1);
}

TEST_CASE("a cut page is asked for again and none of it is delivered twice") {
  PagesFixture f;
  f.client.script({answer(R"({"data":[{"id":1},{"id":)"), answer(R"({"data":[{"id":1},{"id":2}]})")});
  CHECK(f.read().action == Action::ok);
  CHECK(f.records().size() == 2);
  CHECK(f.clock.waits().size() == 1);
}

TEST_CASE("what is delivered is what the drift report sees, also when a maker leaves records out") {
  class Even final : public RecordMaker {
   public:
    bool append(const json::RecordSlice& record, std::string& out) override {
      out += R"({"made":)" + std::string(record.text) + '}';
      return ++seen_ % 2 == 0;
    }

   private:
    int seen_ = 0;
  };
  PagesFixture f;
  f.stream.json_schema = Json::parse(R"({"properties":{"made":{"type":"string"}}})");
  engine::StreamContext context(f.environment, f.logger, f.writer, f.stream, true);
  f.client.script({answer(R"({"data":[{"id":1},{"id":2},{"id":3},{"id":4}]})")});
  Even maker;
  RecordWriter consumer(maker, context);
  Numbered sequence;
  (void)read_pages({f.caller, f.shape, f.judge, "GET /things"}, sequence, consumer, context, {});
  CHECK(f.records() == std::vector<Json>{Json::parse(R"({"made":{"id":2}})"), Json::parse(R"({"made":{"id":4}})")});
  REQUIRE(context.drift()->sentences().size() == 1);
  CHECK(context.drift()->sentences()[0] ==
        "made: 2 values did not fit, for example an object where the schema says string");
}

}  // namespace
}  // namespace engagement::rest
