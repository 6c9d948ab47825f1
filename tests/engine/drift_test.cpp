#include "engine/drift.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace engagement::engine {
namespace {

using Sentences = std::vector<std::string>;

struct Drift {
  explicit Drift(const std::string& schema) : report(protocol::Json::parse(schema)) {}

  void observe(std::string_view record) {
    json::PaddedBuffer text;
    text.append(record);
    json::StructuralIndex index;
    index.build(text);
    report.observe(json::ValueWalker(text, index));
  }

  Sentences after(std::initializer_list<std::string_view> records) {
    for (const auto record : records) observe(record);
    return report.sentences();
  }

  DriftReport report;
};

constexpr const char* kSchema = R"({"type":"object","properties":{
  "id":{"type":"string"},"count":{"type":["null","integer"]},"price":{"type":"number"},"on":{"type":"boolean"},
  "any":{},"open":{"type":["null","object"]},"closed":{"type":"object","properties":{"x":{"type":"integer"}}},
  "tags":{"type":"array","items":{"type":"string"}},"rows":{"type":"array","items":{"type":"object","properties":{"k":{"type":"string"}}}},
  "anything":{"type":"array"}}})";

TEST_CASE("records that fit leave nothing to say") {
  Drift drift(kSchema);
  CHECK(drift
            .after({R"({"id":"a","count":1,"price":1.5,"on":true,"any":[1],"open":{"what":1},"closed":{"x":1}})",
                    R"({"price":2,"tags":["a"],"rows":[{"k":"v"}],"anything":[1,"a",{}]})", "{}"})
            .empty());
}

TEST_CASE("a field that the schema lacks is reported with its count and type") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"new":1})", R"({"new":"text"})", R"({"new":2})"}) ==
        Sentences{"new: 3 values (integer) of a field that the configured schema does not have"});
}

TEST_CASE("a value of another type is reported with what came and what was expected") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"count":"5"})", R"({"count":"6"})"}) ==
        Sentences{"count: 2 values did not fit, for example a string where the schema says integer"});
}

TEST_CASE("every type is told apart from every other") {
  const struct {
    const char* record;
    const char* seen;
  } cases[] = {{R"({"id":1})", "an integer"},   {R"({"id":1.5})", "a number"}, {R"({"id":1e3})", "a number"},
               {R"({"id":true})", "a boolean"}, {R"({"id":{}})", "an object"}, {R"({"id":[]})", "an array"}};
  for (const auto& one : cases) {
    Drift drift(kSchema);
    CHECK(drift.after({one.record}) ==
          Sentences{std::string("id: 1 value did not fit, for example ") + one.seen + " where the schema says string"});
  }
}

TEST_CASE("an integer is a number but a fraction is no integer") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"price":7})"}).empty());
  CHECK(drift.after({R"({"count":7.5})"}).size() == 1);
}

TEST_CASE("nulls never count, neither in known fields nor in unknown ones") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"id":null,"new":null,"closed":null,"tags":[null],"rows":null})"}).empty());
}

TEST_CASE("objects that the schema leaves open are not looked into") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"open":{"a":{"b":[1]}},"any":{"c":1}})"}).empty());
}

TEST_CASE("closed objects are looked into, with the path of what is found") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"closed":{"x":"a","y":{"z":1}}})"}) ==
        Sentences{"closed.x: 1 value did not fit, for example a string where the schema says integer",
                  "closed.y: 1 value (object) of a field that the configured schema does not have"});
}

TEST_CASE("the elements of arrays are one path") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"tags":["a",1,2],"rows":[{"k":"v","l":1},{"l":2},3]})"}) ==
        Sentences{"rows[]: 1 value did not fit, for example an integer where the schema says object",
                  "rows[].l: 2 values (integer) of a field that the configured schema does not have",
                  "tags[]: 2 values did not fit, for example an integer where the schema says string"});
}

TEST_CASE("an object where an array is expected and the reverse are reported and passed over") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"tags":{"a":1},"closed":[1,2],"id":"after"})"}) ==
        Sentences{"closed: 1 value did not fit, for example an array where the schema says object",
                  "tags: 1 value did not fit, for example an object where the schema says array"});
}

TEST_CASE("a field's name is known however it is spelled") {
  Drift drift(kSchema);
  CHECK(drift.after({R"({"i\u0064":"a"})"}).empty());
}

TEST_CASE("a schema that says nothing finds nothing") {
  for (const char* schema : {"{}", R"({"type":"object"})", R"({"type":"object","properties":{}})", "true", "null"}) {
    Drift drift(schema);
    CHECK(drift.after({R"({"a":1,"b":[{}]})"}).empty());
  }
}

TEST_CASE("fifty paths are listed and the rest only mentioned") {
  Drift drift(kSchema);
  for (int i = 0; i < 60; ++i) drift.observe("{\"new" + std::to_string(i) + "\":1}");
  const auto sentences = drift.report.sentences();
  REQUIRE(sentences.size() == 51);
  CHECK(sentences.back() == "further paths are left out");
  drift.observe(R"({"new0":1})");  // a listed path still counts
  CHECK(drift.report.sentences()[0].find("new0: 2 values") == 0);
}

TEST_CASE("the first ten thousand records are all looked at and one in 64 of the rest") {
  Drift drift(kSchema);
  int wanted = 0;
  for (int i = 0; i < 10'000; ++i) wanted += drift.report.wants_next() ? 1 : 0;
  CHECK(wanted == 10'000);
  wanted = 0;
  for (int i = 0; i < 6'400; ++i) wanted += drift.report.wants_next() ? 1 : 0;
  CHECK(wanted == 100);
}

TEST_CASE("a sample is called one, but only where something was found") {
  Drift drift(kSchema);
  for (int i = 0; i < 10'000; ++i) drift.report.wants_next();
  drift.observe(R"({"new":1})");
  CHECK(drift.report.sentences().size() == 1);
  for (int i = 0; i < 500; ++i) drift.report.wants_next();
  const auto sentences = drift.report.sentences();
  REQUIRE(sentences.size() == 2);
  CHECK(sentences[1] == "counts are of a sample: the first 10000 records and one in 64 of the 500 after them");
  Drift clean(kSchema);
  for (int i = 0; i < 20'000; ++i) clean.report.wants_next();
  CHECK(clean.report.sentences().empty());
}

}  // namespace
}  // namespace engagement::engine
