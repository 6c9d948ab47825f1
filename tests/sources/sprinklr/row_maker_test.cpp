#include "sources/sprinklr/reports/row_maker.hpp"

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

using namespace std::chrono_literals;

struct RowFixture : SprinklrFixture {
  explicit RowFixture(const ReportDefinition& definition = report_with()) : report(definition) {}

  std::vector<std::string> texts(const std::string& body) {
    rest::Page page;
    page.response.status = 200;
    page.response.body.append(body);
    page.response.body.pad();
    page.read(report_page_shape());
    REQUIRE(page.malformed() == "");
    RowMaker maker(report, context, nullptr);
    maker.window_began(begin, begin + 24h, 24h);
    maker.page_began(page);
    std::vector<std::string> all;
    for (const auto& row : page.records()) {
      all.emplace_back();
      maker.append(row, all.back());
    }
    return all;
  }
  // The row_id of one row given as an object.
  std::string id(const std::string& row) {
    return Json::parse(texts(R"({"data":{"data":[)" + row + "]}}").at(0)).at("row_id");
  }

  ReportDefinition report;
  SystemTime begin = moment("2026-02-26T00:00:00Z");
  engine::CommandContext context{environment, logger};
};

TEST_CASE("a row is delivered byte for byte behind what is added") {
  RowFixture f;
  const std::string row =
      R"({"POST_ID_0":{"a":[1.50,1E400,123456789012345678901234567890]},"M_LIKES_0":null,"DATE_1":"1"})";
  const auto text = f.texts(R"({"data":{"data":[)" + row + "]}}").at(0);
  CHECK(has(text, R"(,"window_start":"2026-02-26T00:00:00Z","window_end":"2026-02-27T00:00:00Z","extracted_at":)"
                  R"("2026-03-01T00:00:00Z",)" +
                      row.substr(1)));
}

TEST_CASE("a row's key is of its dimensions alone, in any order") {
  RowFixture f;
  const auto id = f.id(R"({"POST_ID_0":"p","DATE_1":"1","M_LIKES_0":1.0})");
  CHECK(f.id(R"({"M_LIKES_0":7.0,"DATE_1":"1","POST_ID_0":"p"})") == id);
  CHECK(f.id(R"({"POST_ID_0":"p","DATE_1":"1","M_LIKES_0":null,"NEW":"x"})") == id);
  CHECK(f.id(R"({"POST_ID_0":"p","DATE_1":"2","M_LIKES_0":1.0})") != id);
  CHECK(f.id(R"({"POST_ID_0":"1","DATE_1":"p","M_LIKES_0":1.0})") != id);
  f.begin += 24h;
  CHECK(f.id(R"({"POST_ID_0":"p","DATE_1":"1","M_LIKES_0":1.0})") == id);
}

TEST_CASE("an object counts by what identifies it, whether it is resolved or not") {
  RowFixture f;
  const auto id = f.id(R"({"POST_ID_0":"77","DATE_1":"1"})");
  CHECK(f.id(R"({"POST_ID_0":77,"DATE_1":"1"})") == id);
  CHECK(f.id(R"({"POST_ID_0":{"name":"x","postId":"77"},"DATE_1":"1"})") == id);
  CHECK(f.id(R"({"POST_ID_0":{"postId":77,"id":1,"likes":9},"DATE_1":"1"})") == id);
  CHECK(f.id(R"({"POST_ID_0":{"id":"1","messageId":"77","postId":"2"},"DATE_1":"1"})") == id);
  CHECK(f.id(R"({"POST_ID_0":{"universalMessageId":"77","messageId":"8"},"DATE_1":"1"})") == id);
  CHECK(f.id(R"({"POST_ID_0":{"universalMessageId":null,"messageId":"","postId":"77"},"DATE_1":"1"})") == id);
  const auto whole = f.id(R"({"POST_ID_0":{"name":"x","n":1},"DATE_1":"1"})");
  CHECK(f.id(R"({"POST_ID_0":{"n":1, "name":"\u0078"},"DATE_1":"1"})") == whole);
  CHECK(f.id(R"({"POST_ID_0":{"name":"y","n":1},"DATE_1":"1"})") != whole);
  CHECK(f.id(R"({"POST_ID_0":["a","b"],"DATE_1":"1"})") != f.id(R"({"POST_ID_0":["b","a"],"DATE_1":"1"})"));
}

TEST_CASE("null, absent and the text null are two different things") {
  RowFixture f;
  const auto null = f.id(R"({"POST_ID_0":null,"DATE_1":"1"})");
  CHECK(f.id(R"({"DATE_1":"1"})") == null);
  CHECK(f.id(R"({"POST_ID_0":"null","DATE_1":"1"})") != null);
  CHECK(f.id(R"({"POST_ID_0":"","DATE_1":"1"})") != null);
}

TEST_CASE("without a date dimension the window is part of the key") {
  Json payload = payload_json();
  payload["groupBys"].erase(1);
  RowFixture f(report_with(payload));
  const auto id = f.id(R"({"POST_ID_0":"p","M_LIKES_0":1.0})");
  CHECK(f.id(R"({"POST_ID_0":"p","M_LIKES_0":2.0})") == id);
  f.begin += 24h;
  CHECK(f.id(R"({"POST_ID_0":"p","M_LIKES_0":1.0})") != id);
}

TEST_CASE("of a widget everything counts that is no measurement by its name or its decimal point") {
  RowFixture f(read_report({{"name", "w"}, {"widget_id", "66"}, {"interval", "1d"}}));
  const auto id = f.id(R"({"A":"p","N":12,"M_X":5,"Y":1.0})");
  CHECK(f.id(R"({"A":"p","N":12,"M_X":6,"Y":2.5e3})") == id);
  CHECK(f.id(R"({"A":"p","N":13,"M_X":5,"Y":1.0})") != id);
}

TEST_CASE("a field named like an added one gives way") {
  RowFixture f(read_report({{"name", "w"}, {"widget_id", "66"}}));
  const auto record = Json::parse(f.texts(R"({"data":{"data":[{"row_id":"mine","A":"p"}]}})").at(0));
  CHECK(record["row_id"] != "mine");
  CHECK(record["A"] == "p");
}

TEST_CASE("headings are those of the answer, whatever the order of the payload") {
  RowFixture f;
  const auto records = f.texts(
      R"({"data":{"headings":["M_LIKES_0","DATE_1","POST \"q\""],"rows":[[1.0,"1",{"id":"x"}],[null,null,[]]]}})");
  const auto first = Json::parse(records.at(0));
  CHECK(first["M_LIKES_0"] == 1.0);
  CHECK(first["POST \"q\""] == Json{{"id", "x"}});
  CHECK(Json::parse(records.at(1))["POST \"q\""] == Json::array());
}

}  // namespace
}  // namespace engagement::sprinklr
