#include "sources/sprinklr/reports/row_flattener.hpp"

#include <fstream>

#include "json/structural_index.hpp"
#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::sprinklr {
namespace {

struct Flattened {
  std::string text;
  std::vector<std::string> collisions;
};

Flattened flattened(const std::string& row, Flatten flatten, std::vector<std::string> as_json = {}) {
  ReportDefinition report;
  report.flatten = flatten;
  report.fields_as_json = std::move(as_json);
  Flattened result;
  RowFlattener flattener(report, [&](const std::string& name) { result.collisions.push_back(name); });
  json::PaddedBuffer buffer;
  buffer.append(row);
  buffer.pad();
  json::StructuralIndex index;
  index.build(buffer);
  // Twice, because one flattener serves one row after another.
  for (int time = 0; time < 2; ++time) {
    result = {};
    json::ValueWalker walker(buffer, index);
    flattener.begin();
    walker.enter_object();
    std::string_view name;
    while (walker.next_member(name)) {
      flattener.add(name, walker);
      walker.skip_value();
    }
    flattener.finish(result.text);
  }
  result.text = "{" + (result.text.empty() ? "" : result.text.substr(1)) + "}";
  return result;
}

// As a list of pairs, which keeps the order and does not hide a name that stands twice.
Json pairs_of(const std::string& text) {
  Json pairs = Json::array();
  std::vector<std::string> names;
  const Json object = Json::parse(text, [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1) names.push_back(parsed.get<std::string>());
    return true;
  });
  REQUIRE(names.size() == object.size());
  for (const auto& name : names) pairs.push_back(Json::array({name, object.at(name)}));
  return pairs;
}

TEST_CASE("rows are flattened as Python's flatten_json 0.1.14 does it, and as the Lambda cleaned and named them") {
  std::ifstream vectors(std::string(ENGAGEMENT_TEST_DATA_DIR) + "/sources/sprinklr/flatten_vectors.jsonl");
  std::size_t count = 0;
  for (std::string line; std::getline(vectors, line); ++count) {
    const Json vector = Json::parse(line);
    INFO(line);
    const std::string row = vector.at("row").dump();
    CHECK(pairs_of(flattened(row, Flatten::flatten_json).text) == vector.at("flat"));
    CHECK(pairs_of(flattened(row, Flatten::flatten_json_lowercase).text) == vector.at("lower"));
  }
  CHECK(count > 100);
}

TEST_CASE("values are copied as they were written") {
  const std::string row = R"({"a":{"n":123456789012345678901234567890,"f":1.50,"e":1E400,"u":"\u00fc\/"}})";
  CHECK(flattened(row, Flatten::flatten_json).text ==
        R"({"a_n":123456789012345678901234567890,"a_f":1.50,"a_e":1E400,"a_u":"\u00fc\/"})");
}

TEST_CASE("white space is cleaned however it is escaped, in one pass") {
  const std::string row = R"({"a":"1\n2\u000a3\u0009 4\\n5     6\u0020\u0020 7"})";
  CHECK(flattened(row, Flatten::flatten_json_lowercase).text == R"({"a":"1 2 3 4\\n5   6  7"})");
  CHECK(flattened(row, Flatten::flatten_json).text == row);
}

TEST_CASE("fields named as JSON stay one object") {
  const std::string row = R"({"A":{"B":{"c":"x  y"}},"D":{"E":1}})";
  CHECK(flattened(row, Flatten::flatten_json, {"A"}).text == R"({"A":{"B":{"c":"x  y"}},"D_E":1})");
  CHECK(flattened(row, Flatten::flatten_json_lowercase, {"A"}).text == R"({"a":{"B":{"c":"x y"}},"d_e":1})");
}

TEST_CASE("two values of one name are reported, and the later stands in the earlier one's place") {
  const auto result = flattened(R"({"a":{"b":1},"c":2,"a_b":3})", Flatten::flatten_json);
  CHECK(result.text == R"({"a_b":3,"c":2})");
  CHECK(result.collisions == std::vector<std::string>{"a_b"});
}

TEST_CASE("a name that the connector adds is never overwritten") {
  const auto result = flattened(R"({"row":{"id":1},"x":2})", Flatten::flatten_json);
  CHECK(result.text == R"({"x":2})");
  CHECK(result.collisions == std::vector<std::string>{"row_id"});
}

TEST_CASE("a row may have thousands of columns") {
  std::string row = "{\"a\":[1";
  for (int at = 1; at < 5000; ++at) row += "," + std::to_string(at);
  const auto flat = Json::parse(flattened(row + "]}", Flatten::flatten_json).text);
  CHECK(flat.size() == 5000);
  CHECK(flat.at("a_4999") == 4999);
}

}  // namespace
}  // namespace engagement::sprinklr
