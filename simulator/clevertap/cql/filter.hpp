#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace engagement::simulator::clevertap {

// A query that CleverTap refuses, in its words ("Invalid event : X"). Caught where the answer is made.
class BadQuery : public std::runtime_error {
 public:
  explicit BadQuery(const std::string& words, int code = 400) : std::runtime_error(words), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

enum class Operator {
  kEquals,
  kNotEquals,
  kContains,
  kDoesNotContain,
  kExists,
  kDoesNotExist,
  kGreater,
  kGreaterEquals,
  kLess,
  kLessEquals
};

// By its name in either vocabulary (reference section 6). Throws BadQuery.
Operator operator_named(std::string_view name);
bool compare(Operator op, double value, double wanted);

// One {name, operator, value}. A list of values means any of them.
struct Filter {
  std::string name;
  Operator op = Operator::kEquals;
  std::vector<nlohmann::json> wanted;  // texts and numbers; empty for the two operators that ask for existence
};

// A list of filters. `where` names it in the message. Filters of a session know no operator. Throws BadQuery.
std::vector<Filter> parse_filters(const nlohmann::json& list, const std::string& where, bool of_session = false);

// Whether a property's value (nullptr or null where it is absent) is what the filter wants. An absent one satisfies
// "does not exist" alone. A number equals the same number in text, a boolean "True" or "False"; text is compared as it
// is, case and all. A list satisfies a filter if one of its members does, and a negation if none does the opposite.
bool matches(const Filter& filter, const nlohmann::json* value);

// Text as it is, booleans as "True" and "False", all else as JSON.
std::string text_of(const nlohmann::json& value);
// A number, or a text that is one; NaN for all else.
double number_of(const nlohmann::json& value);

}  // namespace engagement::simulator::clevertap
