#include "protocol/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
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

}  // namespace

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
