#include "sources/sprinklr/entities/cursor_pages.hpp"

namespace engagement::sprinklr {

std::optional<http::Request> CursorPages::next(const rest::Page* last) {
  if (last == nullptr) return first_;
  auto cursor = last->text("data.cursor");
  if (!cursor || cursor->empty()) return std::nullopt;
  // "id=5f3e…", a whole address that ends so, or the id alone.
  if (const auto at = cursor->rfind("id="); at != std::string::npos) cursor->erase(0, at + 3);
  if (const auto end = cursor->find('&'); end != std::string::npos) cursor->resize(end);
  at_cursor_ = true;
  return account_.get(next_path_ + "?id=" + form_encoded(*cursor));
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
