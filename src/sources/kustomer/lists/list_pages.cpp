#include "sources/kustomer/lists/list_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace engagement::kustomer {

namespace {

constexpr int kMostEmptyPages = 100;  // in a row; a list that goes on like this has no end

bool is_full(const rest::Page& page, std::size_t asked) {
  const auto served = page.integer("meta.pageSize");
  const std::size_t size = served && *served > 0 ? std::min(asked, static_cast<std::size_t>(*served)) : asked;
  return page.records().size() >= size;
}

}  // namespace

std::optional<http::Request> ListPages::next(const rest::Page* last) {
  if (last == nullptr) return begin_list();
  if (last->response.status == 404) return begin_list();
  empty_pages_ = last->records().empty() ? empty_pages_ + 1 : 0;
  if (empty_pages_ > kMostEmptyPages) {
    throw system_error("Kustomer's list goes on from one empty page to the next. Please report this with the log.",
                       paths_[list_ - 1]);
  }
  if (const auto link = last->text("links.next")) {
    ++page_;
    return organisation_->follow(*link);
  }
  if (last->value("links") || !is_full(*last, asked_)) return begin_list();
  const std::string& path = paths_[list_ - 1];
  return organisation_->get(fmt::format("{}{}page={}", path, path.find('?') == std::string::npos ? '?' : '&', ++page_));
}

std::optional<http::Request> ListPages::begin_list() {
  if (list_ == paths_.size()) return std::nullopt;
  page_ = 1;
  empty_pages_ = 0;
  return organisation_->get(paths_[list_++]);
}

rest::Answer ListPages::judge(const rest::Page& page) const {
  rest::Answer answer = judge_answer(page);
  // Also of the second and later lists: they are the first one with a filter that it may not have.
  if (answer.status == 404 && (page_ > 1 || list_ > 1)) answer.succeeded = true;
  return answer;
}

bool read_lists(const RoleCaller& caller, const std::vector<std::string>& paths, std::size_t asked,
                const std::string& what, rest::PageConsumer& consumer, engine::StreamContext& context,
                const std::stop_token& stop) {
  static const rest::PageShape shape = answer_shape();
  ListPages pages(caller.shared_organisation(), paths, asked);
  const rest::PageJudge judge = [&](const rest::Page& page) { return pages.judge(page); };
  const auto end = rest::read_pages({caller.caller(), shape, judge, what}, pages, consumer, context, stop);
  return end.action == rest::Action::ok;
}

}  // namespace engagement::kustomer
