#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "json/indexed_text.hpp"
#include "support/catch.hpp"

namespace engagement::json {
namespace {

enum class Verdict { legal, malformed, number_too_large };

// nlohmann's judgement. It stops at a number that no double holds, such as 1e999, which the grammar allows.
class Judge final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    too_large_ = error.id == 406;
    return false;
  }
  bool too_large() const { return too_large_; }

 private:
  bool too_large_ = false;
};

Verdict judged_by_nlohmann(std::string_view text) {
  Judge judge;
  if (nlohmann::json::sax_parse(text, &judge)) return Verdict::legal;
  return judge.too_large() ? Verdict::number_too_large : Verdict::malformed;
}

const std::vector<std::string>& corpus() {
  static const std::vector<std::string> texts = {
      R"({"status":"success","next_cursor":"ZiZj%3D","records":[{"ts":20260830010145,"profile":{"objectId":"-1a"}}]})",
      R"([0,-0,1.5,-2e5,3E-2,1180591620717411303424,"",null,true,false,[],{},[[]],{"a":{}}])",
      "{\"n\u00e4me\":\"Z\xc3\xb6\xc3\xab "
      "\xf0\x9f\x98\x80\",\"e\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}",
      "\t{ \"a\" : [ 1 , 2 ] ,\r\n \"b\" : { \"c\" : \"d e\" } }\n",
      R"({"a":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","b":[1,2,3,4,5,6,7,8,9,10,11,12]})",
      "{\"l\":\"one\xe2\x80\xa8two\xc2\x85three\",\"deep\":[[[[[[[[[[1]]]]]]]]]]}",
      "\"lonely string\"",
      "-12.5e+7",
      "  null  "};
  return texts;
}

class Mutator {
 public:
  std::string next() {
    std::string text = pick(corpus());
    const std::size_t times = 1 + below(3);
    for (std::size_t i = 0; i < times && !text.empty(); ++i) mutate(text);
    return text;
  }

 private:
  // Not std::uniform_int_distribution: its numbers differ from library to library.
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(engine_() % limit); }
  const std::string& pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  void mutate(std::string& text) {
    static const std::vector<std::string> pieces = {
        ",",    ":",   "{",       "}",       "[",    "]",    "\"",   "\\",           "0",        "1",
        "-",    "+",   ".",       "e",       " ",    "\n",   "\t",   "\x01",         "t",        "true",
        "null", "\\u", "\\ud800", "\\udc00", "\xff", "\xc3", "\x80", "\xe2\x80\xa8", "\xc2\x85", "\xef\xbb\xbf",
        "/*",   "'",   "\\n",     "\\\"",    "\\\\", "\\\n", "\x7f", "\x0c",         "\x1a",     "\r"};
    const std::size_t at = below(text.size());
    switch (below(5)) {
      case 0:
        text.erase(at, 1 + below(3));
        break;
      case 1:
        text.insert(at, pick(pieces));
        break;
      case 2:
        text.replace(at, 1, pick(pieces));
        break;
      case 3:
        text.insert(below(text.size()), text.substr(at, 1 + below(12)));
        break;
      default:
        text.resize(at);
    }
  }

  std::mt19937_64 engine_{20260301};
};

// The page as it is after reading; nullopt where it was refused.
std::optional<IndexedText> read(const std::string& text) {
  try {
    std::optional<IndexedText> indexed(std::in_place, text);
    auto walker = indexed->walker();
    walker.skip_value();
    walker.finish();
    return indexed;
  } catch (const MalformedJson&) {
    return std::nullopt;
  }
}

// REQUIRES: no NUL in it, which nlohmann takes for the end of the input.
std::string disagreement(const std::string& text) {
  const auto ours = read(text);
  if (ours.has_value() != refusal(text, true).empty()) return "skipping and walking disagree";
  const Verdict verdict = judged_by_nlohmann(text);
  if (verdict == Verdict::number_too_large) return {};
  if (!ours) return verdict == Verdict::legal ? "refused, but legal" : "";
  if (verdict == Verdict::malformed && ours->repairs.total() == 0) return "accepted without a repair, but malformed";
  const auto repaired = judged_by_nlohmann(ours->text.view());
  if (repaired == Verdict::malformed) return "malformed after the repair: " + std::string(ours->text.view());
  for (const char* end : {"\n", "\r", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xc2\x85"}) {
    if (ours->text.view().find(end) != std::string_view::npos) return "a line end is left";
  }
  return {};
}

TEST_CASE("the corpus of the mutations is legal") {
  for (const auto& text : corpus()) {
    INFO(text);
    CHECK(judged_by_nlohmann(text) == Verdict::legal);
    CHECK(accepts(text));
  }
}

// The documented differences: numbers that no double holds are legal here; bad UTF-8, lone surrogates, control
// characters and separators are repaired, after which nlohmann has to accept the text, too.
TEST_CASE("thousands of mutated texts are judged as nlohmann judges them, but for the documented repairs") {
  Mutator mutator;
  int legal = 0;
  int repaired = 0;
  int too_large = 0;
  constexpr int kTexts = 20'000;
  for (int i = 0; i < kTexts; ++i) {
    const std::string text = mutator.next();
    const std::string trouble = disagreement(text);
    if (!trouble.empty()) {
      INFO("mutation " << i << ": " << text);
      FAIL_CHECK(trouble);
    }
    if (const auto ours = read(text)) {
      ++legal;
      if (ours->repairs.total() > 0) ++repaired;
    }
    if (judged_by_nlohmann(text) == Verdict::number_too_large) ++too_large;
  }
  // The mutations reach all sides of the comparison.
  CHECK(legal > kTexts / 10);
  CHECK(legal < kTexts * 9 / 10);
  CHECK(repaired > 200);
  CHECK(too_large < 50);
}

}  // namespace
}  // namespace engagement::json
