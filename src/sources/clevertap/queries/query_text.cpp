#include "sources/clevertap/queries/query_text.hpp"

#include "json/padded_buffer.hpp"
#include "json/string_text.hpp"
#include "json/structural_index.hpp"
#include "json/value_walker.hpp"
#include "protocol/messages.hpp"

namespace engagement::clevertap {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kBlanks = " \t\r\n";

// Where the string that begins at `begin` ends: behind its closing quote.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  while (text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

}  // namespace

std::string on_one_line(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string line;
  line.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      const std::size_t end = end_of_string(text, at);
      line += protocol::Json::parse(text.substr(at, end - at)).dump(-1, ' ', true);
      at = end;
    } else {
      if (kBlanks.find(text[at]) == std::string_view::npos) line.push_back(text[at]);
      ++at;
    }
  }
  return line;
}

std::string without_period(const std::string& text) {
  json::PaddedBuffer buffer;
  buffer.append(text);
  json::StructuralIndex index;
  index.build(buffer);
  json::ValueWalker walker(buffer, index);
  std::string rest = "{";
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const std::string_view name = key;
    const std::string_view value = walker.skip_value();
    if (json::same_key(name, "from") || json::same_key(name, "to")) continue;
    if (rest.size() > 1) rest.push_back(',');
    rest.append("\"").append(name).append("\":").append(value);
  }
  return rest + "}";
}

}  // namespace engagement::clevertap
