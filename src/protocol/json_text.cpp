#include "protocol/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace engagement::protocol {
namespace {

constexpr int kDeepest = 500;  // walking and writing JSON is recursive; nothing honest is nested deeper
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{') && ++depth > kDeepest) {
      return true;
    } else if (!in_string && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return false;
}

// nlohmann's words for what is wrong, without the piece of the text that it quotes.
std::string reason(const std::string& what) {
  const auto from = what.find(" - ");
  if (from == std::string::npos) return "it cannot be read";
  const auto until = what.find("; last read:", from);
  return what.substr(from + 3, until == std::string::npos ? until : until - from - 3);
}

// Where the parser stopped: `byte` counts from 1.
std::string place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto line_start = before.rfind('\n');
  const std::size_t column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
  return fmt::format("line {}, column {}", line, column);
}

// A decimal number: its digits, without zeros at either end, and where its point stands.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

// REQUIRES: `text` is a number in the grammar of JSON whose exponent fits a double.
Decimal decimal_of(std::string_view text) {
  Decimal number;
  const auto letter = text.find_first_of("eE");
  if (letter != std::string_view::npos)
    number.exponent = std::strtoll(std::string(text.substr(letter + 1)).c_str(), nullptr, 10);
  bool behind_point = false;
  for (const char c : text.substr(0, letter)) {
    number.negative = number.negative || c == '-';
    behind_point = behind_point || c == '.';
    if (c < '0' || c > '9') continue;
    number.exponent -= behind_point ? 1 : 0;
    if (c != '0' || !number.digits.empty()) number.digits.push_back(c);
  }
  for (; number.digits.ends_with('0'); ++number.exponent) number.digits.pop_back();
  return number.digits.empty() ? Decimal() : number;
}

// Where the first number stands that would change, counted from 1; 0: none. REQUIRES: `text` is JSON.
std::size_t changed_number(std::string_view text) {
  constexpr std::string_view kInNumber = "0123456789+-.eE";
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string && c == '\\') {
      ++at;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '-' || (c >= '0' && c <= '9'))) {
      const auto number = text.substr(at, text.find_first_not_of(kInNumber, at) - at);
      if (decimal_of(number) != decimal_of(Json::parse(number).dump())) return at + 1;
      at += number.size() - 1;
    }
  }
  return 0;
}

}  // namespace

Json parse_exact_json_text(std::string_view text, std::string_view what, std::string_view advice) {
  Json json = parse_json_text(text, what, advice);
  if (const std::size_t at = changed_number(text)) {
    throw config_error(fmt::format(
        "The {} holds a number that cannot be sent as exactly this number: {}. If it is text, an id perhaps, write it "
        "in double quotes.",
        what, place(text, at)));
  }
  return json;
}

Json parse_json_text(std::string_view text, std::string_view what, std::string_view advice) {
  if (too_deep(text)) {
    throw config_error(
        fmt::format("The {} is nested more than {} levels deep, which nothing of ours is. Check that "
                    "the right file was given.",
                    what, kDeepest));
  }
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    throw config_error(fmt::format("The {} is not valid JSON: {} ({}). {}", what, place(text, error.byte),
                                   reason(error.what()), advice));
  } catch (const Json::out_of_range&) {
    throw config_error(fmt::format("The {} holds a number that is too large to be read.", what));
  }
}

bool is_blank(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string_view kind_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string:
      return "text";
    case Json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return "a number";
    default:
      return "nothing";
  }
}

const Json* find_member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace engagement::protocol
