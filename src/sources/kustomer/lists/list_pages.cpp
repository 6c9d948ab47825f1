#include "sources/kustomer/lists/list_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace engagement::kustomer {

namespace {

constexpr int kMostEmptyPages = 100;  // in a row; a list that goes on like this has no end

constexpr std::size_t kMostRowsOfAList = 10'000;  // https://developer.kustomer.com/docs/concepts/pagination

bool is_full(const rest::Page& page, std::size_t asked) {
  const auto served = page.integer("meta.pageSize");
  const std::size_t size = served && *served > 0 ? std::min(asked, static_cast<std::size_t>(*served)) : asked;
  return page.records().size() >= size;
}

}  // namespace

bool says_last(const rest::Page& page) {
  const auto links = nlohmann::json::parse(page.value("links").value_or("null"), nullptr, false);
  return links.is_object() && links.contains("next") && links["next"].is_null();
}

std::optional<http::Request> ListPages::next(const rest::Page* last) {
  if (last == nullptr) return begin_list();
  if (last->response.status == 404) {
    if (rows_ < total_.value_or(0) || rows_ >= kMostRowsOfAList) throw cut_off();
    return begin_list();
  }
  note(*last);
  empty_pages_ = last->records().empty() ? empty_pages_ + 1 : 0;
  if (empty_pages_ > kMostEmptyPages) {
    throw system_error("Kustomer's list goes on from one empty page to the next. Please report this with the log.",
                       paths_[list_ - 1]);
  }
  if (const auto link = last->text("links.next")) {
    ++page_;
    return organisation_->follow(*link);
  }
  const bool all_came = total_ && rows_ >= *total_;
  if (says_last(*last) || all_came || !is_full(*last, asked_)) return begin_list();
  const std::string& path = paths_[list_ - 1];
  return organisation_->get(fmt::format("{}{}page={}", path, path.find('?') == std::string::npos ? '?' : '&', ++page_));
}

std::optional<http::Request> ListPages::begin_list() {
  if (list_ == paths_.size()) return std::nullopt;
  page_ = 1;
  empty_pages_ = 0;
  rows_ = 0;
  total_.reset();
  return organisation_->get(paths_[list_++]);
}

void ListPages::note(const rest::Page& page) {
  rows_ += page.records().size();
  const auto total = page.integer("meta.total");
  if (total && *total >= 0) total_ = static_cast<std::size_t>(*total);
}

ConnectorError ListPages::cut_off() const {
  return system_error(
      fmt::format(
          "Kustomer stopped serving a list after {} rows{}; it serves 10,000 of a list. What stands behind them "
          "cannot be read. Ask Kustomer's support to lift the limit, or take the stream out of the connection.",
          rows_, total_ ? fmt::format(" of {}", *total_) : ""),
      paths_[list_ - 1]);
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
