#include "sources/sprinklr/entities/cursor_pages.hpp"

#include <charconv>

namespace engagement::sprinklr {

namespace {

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned byte = 0;
    const char* digits = text.data() + at + 1;
    if (text[at] == '%' && at + 2 < text.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      decoded.push_back(static_cast<char>(byte));
      at += 2;
    } else {
      decoded.push_back(text[at]);
    }
  }
  return decoded;
}

// A cursor is "id=5f3e…", a whole address with that in its query, or the id alone, which may hold anything.
std::string id_of_cursor(std::string_view cursor) {
  constexpr std::string_view kName = "id=";
  if (const auto query = cursor.find('?'); query != std::string_view::npos) {
    cursor.remove_prefix(query + 1);
    while (!cursor.starts_with(kName) && cursor.find('&') != std::string_view::npos) {
      cursor.remove_prefix(cursor.find('&') + 1);
    }
  }
  if (!cursor.starts_with(kName)) return std::string(cursor);
  cursor.remove_prefix(kName.size());
  return percent_decoded(cursor.substr(0, cursor.find('&')));
}

}  // namespace

std::optional<http::Request> CursorPages::next(const rest::Page* last) {
  if (last == nullptr) return first_;
  const auto cursor = last->text("data.cursor");
  if (!cursor || cursor->empty()) return std::nullopt;
  at_cursor_ = true;
  return account_.get(next_path_ + "?id=" + http::percent_encoded(id_of_cursor(*cursor)));
}

rest::PageJudge CursorPages::judge() const {
  return [this](const rest::Page& page) {
    auto answer = judge_page(page);
    const bool refused = answer.status == 400 || answer.status == 404 || answer.status == 410;
    // Sprinklr took the search itself, so what it refuses of the next page is the cursor.
    if (at_cursor_ && refused && !answer.succeeded) answer.code = kCursorGone;
    return answer;
  };
}

rest::PageShape CursorPages::shape() {
  rest::PageShape shape{{"data.results"}, {"data.cursor", "data.count", "data.totalCount"}};
  for (auto& value : failure_values()) shape.values.push_back(std::move(value));
  return shape;
}

}  // namespace engagement::sprinklr
