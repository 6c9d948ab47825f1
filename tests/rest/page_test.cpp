#include "rest/page.hpp"

#include "support/catch.hpp"

namespace engagement::rest {
namespace {

Page page_of(std::string_view body, const PageShape& shape) {
  Page page;
  page.response.status = 200;
  page.response.body.append(body);
  page.read(shape);
  return page;
}

std::vector<std::string> texts(const Page& page) {
  std::vector<std::string> all;
  for (const auto& record : page.records()) all.emplace_back(record.text);
  return all;
}

using Texts = std::vector<std::string>;

TEST_CASE("records and values are found by their paths, wherever they stand") {
  const PageShape shape{{"data.results"}, {"data.cursor", "errors", "links.next"}};
  const Page page = page_of(
      R"({"links":{"self":"/a","next":"/b?x=1\u0026y"},"data":{"count":2,"results":[{"id":1.50},{"id":"b"}],"cursor":12},"errors":[]})",
      shape);
  CHECK(page.malformed().empty());
  CHECK(texts(page) == Texts{R"({"id":1.50})", R"({"id":"b"})"});
  CHECK(page.records_found() == 0);
  CHECK(page.value("data.cursor") == "12");
  CHECK(page.integer("data.cursor") == 12);
  CHECK(page.text("links.next") == "/b?x=1&y");
  CHECK(page.value("errors") == "[]");
  CHECK_FALSE(page.value("links.self"));
}

TEST_CASE("of several paths the one that the answer has is named") {
  const PageShape shape{{"data.data", "data.rows", "rows"}, {"data.headings"}};
  const Page rows = page_of(R"({"data":{"headings":["A"],"rows":[["1"],["2"]]}})", shape);
  CHECK(rows.records_found() == 1);
  CHECK(texts(rows) == Texts{R"(["1"])", R"(["2"])"});
  CHECK(rows.value("data.headings") == R"(["A"])");
  CHECK(page_of(R"({"rows":[]})", shape).records_found() == 2);
  CHECK_FALSE(page_of(R"({"data":{"hasMore":false}})", shape).records_found());
  CHECK_FALSE(page_of(R"({"data":null})", shape).records_found());
  CHECK_FALSE(page_of(R"({"data":{"data":null}})", shape).records_found());
}

TEST_CASE("one object is one record, and the whole answer can be the list") {
  CHECK(texts(page_of(R"({"data":{"id":"x"}})", {{"data"}, {}})) == Texts{R"({"id":"x"})"});
  CHECK(texts(page_of(R"([{"id":1},{"id":2}])", {{""}, {}})).size() == 2);
}

TEST_CASE("a value that holds another wanted value is there whole") {
  const Page page = page_of(R"({"meta":{"total":7,"x":1}})", {{}, {"meta", "meta.total"}});
  CHECK(page.value("meta") == R"({"total":7,"x":1})");
  CHECK(page.integer("meta.total") == 7);
}

TEST_CASE("numbers in text are numbers, and nothing else is") {
  const Page page =
      page_of(R"({"a":"12","b":1.5,"c":"x","d":null,"e":99999999999999999999})", {{}, {"a", "b", "c", "d", "e"}});
  CHECK(page.integer("a") == 12);
  for (const char* name : {"b", "c", "d", "e", "f"}) CHECK_FALSE(page.integer(name));
  CHECK_FALSE(page.value("d"));
}

TEST_CASE("what is no JSON, cut, or no list where the records should be brings no record at all") {
  const PageShape shape{{"data"}, {"meta"}};
  for (const char* body : {R"({"meta":1,"data":[{"id":1},{"id":2})", R"({"data":[{"id":1},2]})", R"({"data":"text"})",
                           R"({"data":[{"id":tru}]})", "<html><title>Down</title></html>", "", R"({"data":[]} x)"}) {
    INFO(body);
    const Page page = page_of(body, shape);
    CHECK_FALSE(page.malformed().empty());
    CHECK(page.records().empty());
    CHECK_FALSE(page.records_found());
    CHECK_FALSE(page.value("meta"));
  }
}

TEST_CASE("a page is read again and again without a trace of the last answer") {
  Page page = page_of(R"({"data":[{"id":1}],"next":"a"})", {{"data"}, {"next"}});
  page.response.body.clear();
  page.response.body.append(R"({"other":1})");
  page.read({{"data"}, {"next"}});
  CHECK(page.records().empty());
  CHECK_FALSE(page.value("next"));
}

TEST_CASE("an unreadable answer is told by its title or its beginning") {
  CHECK(unreadable_answer(502, "<html><title>Bad Gateway</title>", "x").text == "an HTML page: Bad Gateway");
  CHECK(unreadable_answer(200, "", "no JSON").text == "an empty body");
  CHECK(unreadable_answer(200, "", "no JSON").unreadable);
  CHECK_FALSE(unreadable_answer(403, "", "no JSON").unreadable);
  CHECK(unreadable_answer(200, std::string(1000, 'y'), "no JSON").text.size() < 250);
  CHECK(unreadable_answer(500, "<title>" + std::string(5000, 'x'), "no JSON").text.size() < 250);
}

}  // namespace
}  // namespace engagement::rest
