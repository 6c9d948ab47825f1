#include "sources/kustomer/lists/list_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "json/canonical_hash.hpp"
#include "json/member_at.hpp"

namespace engagement::kustomer {

namespace {

constexpr int kMostEmptyPages = 3;  // in a row; with more of them the list has ended, whatever its links say
// AWS Glue's documentation: "Kustomer allows a maximum of 10K records to be fetched irrespective of a filtered or a
// non-filtered request". Nobody else confirms it for lists.
constexpr std::size_t kMostServed = 10'000;
constexpr std::size_t kMostIds = 200'000;
// Most lists serve no more rows a page, whatever they were asked for; not all say so.
constexpr std::size_t kLeastFullPage = 100;

// Whether there may be more where nothing says that there is not.
bool may_go_on(const rest::Page& page, std::size_t asked) {
  std::size_t size = std::min(asked, kLeastFullPage);
  if (const auto served = page.integer("meta.pageSize"); served && *served > 0) {
    size = std::min(size, static_cast<std::size_t>(*served));
  }
  return page.records().size() >= size;
}

ConnectorError cut_list(const std::string& path, std::size_t rows, std::optional<std::size_t> expected) {
  return system_error(
      fmt::format(
          "Kustomer's list ends after {} rows{}. It serves at most 10,000 rows of one list, so the others cannot "
          "be read, and without them the stream would look whole. Take the stream out of the connection, or ask "
          "Kustomer's support to lift the limit.",
          rows, expected ? fmt::format(", and there are {}", *expected) : " although there are more"),
      "GET " + path);
}

ConnectorError short_list(const std::string& path, std::size_t rows, std::size_t expected) {
  return transient_error(fmt::format("Kustomer's list says that it has {} rows, and {} of them came. "
                                     "Report it to Kustomer if it stays. (Of a list of more than "
                                     "10,000 rows Kustomer may serve no more.)",
                                     expected, rows),
                         "GET " + path);
}

}  // namespace

std::optional<http::Request> ListPages::next(const rest::Page* last) {
  if (last == nullptr) return begin_list();
  const std::string& path = paths_[list_ - 1];
  if (last->response.status == 404) {
    // Past their end lists answer 404, also where a link led there. Where they are cut, too.
    // After a page that may be full a broken promise is no end, unless a total says that everything came.
    const bool in_the_middle = promised_ && full_ && !expected();
    if (in_the_middle || (rows_ >= kMostServed && (promised_ || !expected()))) throw cut_list(path, rows_, expected());
    return end_list();
  }
  const bool brought_some = count(*last);
  // A page that comes again and again brings as little as an empty one, and its link leads on for ever.
  empty_pages_ = brought_some ? 0 : empty_pages_ + 1;
  if (empty_pages_ == 0) full_ = may_go_on(*last, asked_);
  const NextLink link = next_link(*last);
  promised_ = link == NextLink::given;
  said_none_ = link == NextLink::none;
  if (promised_ && empty_pages_ <= kMostEmptyPages) {
    ++page_;
    return organisation_->follow(*last->text("links.next"), path);
  }
  if (promised_ && full_ && !expected()) throw cut_list(path, rows_, expected());
  const bool all_came = expected() && rows_ >= *expected();
  const bool more = is_short() || (!promised_ && !said_none_ && !all_came && may_go_on(*last, asked_));
  return counted_ && more && brought_some ? std::optional(page_by_number()) : end_list();
}

http::Request ListPages::page_by_number() {
  const std::string& path = paths_[list_ - 1];
  return organisation_->get(fmt::format("{}{}page={}", path, path.find('?') == std::string::npos ? '?' : '&', ++page_));
}

std::optional<http::Request> ListPages::begin_list() {
  if (list_ == paths_.size()) return std::nullopt;
  page_ = 1;
  empty_pages_ = 0;
  promised_ = false;
  said_none_ = false;
  full_ = false;
  ids_.clear();
  rows_ = 0;
  first_total_.reset();
  last_total_.reset();
  return organisation_->get(paths_[list_++]);
}

std::optional<http::Request> ListPages::end_list() {
  const std::string& path = paths_[list_ - 1];
  // At its limit Kustomer still promises more.
  if (rows_ == kMostServed && !expected() && !said_none_) throw cut_list(path, rows_, std::nullopt);
  if (is_short()) {
    throw rows_ >= kMostServed ? cut_list(path, rows_, expected()) : short_list(path, rows_, *expected());
  }
  return begin_list();
}

bool ListPages::count(const rest::Page& page) {
  if (!counted_) return !page.records().empty();
  const std::size_t before = rows_;
  for (const auto& record : page.records()) {
    const auto id = json::member_at(record.walker, "id");
    rows_ += !id || ids_.size() >= kMostIds || ids_.insert(json::hash_bytes(*id)) ? 1 : 0;
  }
  const auto total = page.integer("meta.total");
  if (total && *total >= 0) {
    last_total_ = static_cast<std::size_t>(*total);
    if (!first_total_) first_total_ = last_total_;
  }
  return rows_ > before;
}

// A list may change while it is read: what was deleted is not there any more, and what came may stand on a page that
// has been passed, which the next sync makes good.
std::optional<std::size_t> ListPages::expected() const {
  return first_total_ && last_total_ ? std::optional(std::min(*first_total_, *last_total_)) : std::nullopt;
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
  return is_served(end.action, end.answer, what);
}

}  // namespace engagement::kustomer
