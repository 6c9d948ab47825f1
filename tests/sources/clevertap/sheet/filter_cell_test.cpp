#include "sources/clevertap/sheet/filter_cell.hpp"

#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;

std::string filters_of(const std::string& cell, const std::string& name = "P") {
  Json filters = Json::array();
  append_filters(filters, name, Json::parse(cell));
  return filters.dump();
}

std::string session_filters_of(const std::string& cell, const std::string& name = "P") {
  Json filters = Json::array();
  append_session_filter(filters, name, Json::parse(cell));
  return filters.dump();
}

// What is wrong with the cell; empty where nothing is.
template <typename Function>
std::string problem_with(const Function& filters, const std::string& cell, const std::string& name = "P") {
  try {
    filters(cell, name);
    return {};
  } catch (const CellProblem& problem) {
    return problem.what();
  }
}

std::string filter_json(const std::string& name_of_operator, const std::string& value) {
  return R"([{"name":"P","operator":")" + name_of_operator + R"(","value":)" + value + "}]";
}

struct Form {
  std::string cell;  // JSON
  std::string name_of_operator;
  std::string value;  // JSON
};

TEST_CASE("every form of a filter's cell is what CleverTap documents for it") {
  const std::vector<Form> forms = {
      {R"("a")", "equals", R"("a")"},
      {R"("Gold card")", "equals", R"("Gold card")"},
      {R"("  a  ")", "equals", R"("a")"},
      {"\"\u00a0a\u00a0\"", "equals", R"("a")"},
      {R"("!=a")", "not_equals", R"("a")"},
      {R"("!= a")", "not_equals", R"("a")"},
      {R"("~a")", "contains", R"("a")"},
      {R"("!~a")", "does_not_contain", R"("a")"},
      {R"(">5")", "greater_than", "5"},
      {R"("> 5")", "greater_than", "5"},
      {R"(">=5")", "greater_than_equals", "5"},
      {R"("<5")", "less_than", "5"},
      {R"("<=5")", "less_than_equals", "5"},
      {R"(">-0.5")", "greater_than", "-0.5"},
      {R"("a | b | c")", "equals", R"(["a","b","c"])"},
      {R"("a|b")", "equals", R"(["a","b"])"},
      {R"("!=a | b")", "not_equals", R"(["a","b"])"},
      {R"("1 | \"2\" | x")", "equals", R"([1,"2","x"])"},
      {R"("\"a|b\"")", "equals", R"("a|b")"},
      {R"("\"a | b\" | c")", "equals", R"(["a | b","c"])"},
      {R"("!=\"a|b\"")", "not_equals", R"("a|b")"},
      {R"("~\"a|b\"")", "contains", R"("a|b")"},
      {"5", "equals", "5"},
      {"-5.25", "equals", "-5.25"},
      {"5.0", "equals", "5"},
      {R"("5")", "equals", "5"},
      {R"("-5.25")", "equals", "-5.25"},
      {R"("5.50")", "equals", "5.5"},
      {R"("1e3")", "equals", "1000"},
      {R"("9223372036854775808")", "equals", "9223372036854775808"},
      {R"("!=5")", "not_equals", "5"},
      {R"("~5")", "contains", R"("5")"},
      {R"("!~5")", "does_not_contain", R"("5")"},
      {R"("~\"5\"")", "contains", R"("5")"},
      {R"("\"5\"")", "equals", R"("5")"},
      {R"("\"5..\"")", "equals", R"("5..")"},
      {R"("\"a..b\"")", "equals", R"("a..b")"},
      {R"("\">5\"")", "equals", R"(">5")"},
      {R"("\"*\"")", "equals", R"("*")"},
      {R"("\" a \"")", "equals", R"(" a ")"},
      {R"("\"\"")", "equals", R"("")"},
      {R"("\"5\" screen\"")", "equals", R"("5\" screen")"},
      {R"("5\" screen")", "equals", R"("5\" screen")"},
      {R"("say \"hi\"")", "equals", R"("say \"hi\"")"},
      {"true", "equals", R"("True")"},
      {"false", "equals", R"("False")"},
      // What JSON reads as no number is text.
      {R"("007")", "equals", R"("007")"},
      {R"("+5")", "equals", R"("+5")"},
      {R"(".5")", "equals", R"(".5")"},
      {R"("5.")", "equals", R"("5.")"},
      {R"("1,5")", "equals", R"("1,5")"},
      {R"("0x10")", "equals", R"("0x10")"},
      {R"("NaN")", "equals", R"("NaN")"},
      {R"("true")", "equals", R"("true")"},
      {R"("2026-01-31")", "equals", R"("2026-01-31")"},
  };
  for (const auto& [cell, name_of_operator, value] : forms) {
    INFO(cell);
    CHECK(filters_of(cell) == filter_json(name_of_operator, value));
  }
}

TEST_CASE("an empty cell is no filter") {
  for (const char* cell : {"null", R"("")", R"("  ")"}) {
    CHECK(filters_of(cell) == "[]");
    CHECK(session_filters_of(cell) == "[]");
  }
}

TEST_CASE("a star asks whether there is a value, and sends none") {
  CHECK(filters_of(R"("*")") == R"([{"name":"P","operator":"exists"}])");
  CHECK(filters_of(R"(" !* ")") == R"([{"name":"P","operator":"does_not_exist"}])");
}

TEST_CASE("both bounds of a range are two filters, for CleverTap documents no between") {
  const std::string wanted =
      R"([{"name":"P","operator":"greater_than_equals","value":5},{"name":"P","operator":"less_than_equals","value":10}])";
  CHECK(filters_of(R"("5..10")") == wanted);
  CHECK(filters_of(R"("5 .. 10")") == wanted);
  CHECK(filters_of(R"("-1.5..-0.5")") == R"([{"name":"P","operator":"greater_than_equals","value":-1.5},)"
                                         R"({"name":"P","operator":"less_than_equals","value":-0.5}])");
}

TEST_CASE("what is neither a text nor a range of numbers is an error that says how to write either") {
  for (const char* cell : {R"("5..")", R"("..10")", R"("a..b")", R"("5..b")", R"("10..5")", R"("..")", R"("a | 5..10")",
                           R"("!=5..10")", R"("Sale...")"}) {
    INFO(cell);
    const auto problem = problem_with(filters_of, cell);
    CHECK(has(problem, "5..10"));
    CHECK(has(problem, "double quotes"));
  }
}

TEST_CASE("a comparison takes one number") {
  for (const char* cell : {R"(">a")", R"(">=five")", R"("<2026-01-31")", R"("<=\"5\"")", R"(">5 | 6")", R"(">5..10")",
                           R"("<>5")", R"(">1,5")", R"(">true")"}) {
    INFO(cell);
    CHECK(has(problem_with(filters_of, cell), "one number"));
  }
}

TEST_CASE("an operator wants something behind it, a bar on both sides, a double quote its second") {
  for (const char* cell : {R"("!=")", R"("~")", R"("!~")", R"(">")", R"(">= ")", R"("<")", R"("<=")"}) {
    INFO(cell);
    CHECK(has(problem_with(filters_of, cell), "Nothing follows"));
  }
  for (const char* cell : {R"("a |")", R"("| a")", R"("a || b")", R"("|")", R"("!=a|")"}) {
    INFO(cell);
    CHECK(has(problem_with(filters_of, cell), "nothing on one side of a bar"));
  }
  for (const char* cell : {R"("\"a")", R"("\"a | b")", R"("\"a\" b")", R"("a | \"b")"}) {
    INFO(cell);
    CHECK(has(problem_with(filters_of, cell), "never closed"));
  }
  CHECK(has(problem_with(filters_of, R"("say \"a|b\"")"), "not clear which bars separate"));
}

TEST_CASE("containing is asked of one text") {
  CHECK(has(problem_with(filters_of, R"("~a | b")"), "one text"));
  CHECK(has(problem_with(filters_of, R"("!~a | b")"), "one text"));
}

TEST_CASE("a number that would not arrive as it is written is an error, never another number") {
  for (const char* cell :
       {R"("12345678901234567890123")", R"("0.12345678901234567")", R"("1e999")", R"(">12345678901234567890123")"}) {
    INFO(cell);
    CHECK(has(problem_with(filters_of, cell), "double quotes"));
  }
  CHECK(filters_of(R"("\"12345678901234567890123\"")") == filter_json("equals", R"("12345678901234567890123")"));
}

TEST_CASE("a session's filter is a value or a list of them, without an operator") {
  CHECK(session_filters_of(R"("Direct")") == R"([{"name":"P","value":"Direct"}])");
  CHECK(session_filters_of(R"("a | b")") == R"([{"name":"P","value":["a","b"]}])");
  CHECK(session_filters_of(R"("5")") == R"([{"name":"P","value":5}])");
  CHECK(session_filters_of("5") == R"([{"name":"P","value":5}])");
  CHECK(session_filters_of("true") == R"([{"name":"P","value":"True"}])");
  CHECK(session_filters_of("false") == R"([{"name":"P","value":"False"}])");
  CHECK(session_filters_of(R"("\"!=a\"")") == R"([{"name":"P","value":"!=a"}])");
}

TEST_CASE("a session's filter with an operator is an error") {
  for (const char* cell :
       {R"("!=a")", R"("~a")", R"("!~a")", R"(">5")", R"(">=5")", R"("<5")", R"("<=5")", R"("*")", R"("!*")"}) {
    INFO(cell);
    CHECK(has(problem_with(session_filters_of, cell), "no operators"));
  }
  CHECK(has(problem_with(session_filters_of, R"("5..10")"), "no ranges"));
}

TEST_CASE("a part of the day is a list of its two ends") {
  CHECK(session_filters_of(R"("00:00..14:00")", "time_of_day") ==
        R"([{"name":"time_of_day","value":["00:00","14:00"]}])");
  CHECK(session_filters_of(R"("22:30 .. 22:35")", "time_of_day") ==
        R"([{"name":"time_of_day","value":["22:30","22:35"]}])");
  for (const char* cell :
       {R"("0:00..14:00")", R"("00:00..")", R"("00:00..25:00")", R"("00:60..14:00")", R"("5..10")"}) {
    INFO(cell);
    CHECK(has(problem_with(session_filters_of, cell, "time_of_day"), "00:00..14:00"));
  }
  CHECK(has(problem_with(session_filters_of, R"("00:00..14:00")"), "no ranges"));
}

}  // namespace
}  // namespace engagement::clevertap
