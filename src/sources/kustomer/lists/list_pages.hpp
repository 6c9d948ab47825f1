#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rest/read_pages.hpp"
#include "sources/kustomer/id_set.hpp"
#include "sources/kustomer/organisation.hpp"

namespace engagement::kustomer {

// Reads lists one after the other, each from page to page by links.next
// (https://developer.kustomer.com/docs/concepts/pagination). Where an answer does not say that it is the last although
// its page is full, or where rows are missing, the next page is asked for by its number. What ends a list too early is
// a failure: a page that was promised and is not there (404), fewer different rows than meta.total, or exactly as many
// rows as Kustomer is said to serve of one list and no total that agrees. Used on one thread; its judge belongs to it.
class ListPages final : public rest::PageSequence {
 public:
  // `paths`: of the lists' first pages, with a query ("/v1/users?pageSize=500"). `asked` rows a page are in the query.
  // `counted`: the records are the list's own rows, which meta.total counts.
  ListPages(std::shared_ptr<const Organisation> organisation, std::vector<std::string> paths, std::size_t asked,
            bool counted = true)
      : organisation_(std::move(organisation)), paths_(std::move(paths)), asked_(asked), counted_(counted) {}

  std::optional<http::Request> next(const rest::Page* last) override;
  // Like judge_answer(), with the 404 as above.
  rest::Answer judge(const rest::Page& page) const;

 private:
  std::optional<http::Request> begin_list();
  std::optional<http::Request> end_list();
  http::Request page_by_number();
  void count(const rest::Page& page);
  std::optional<std::size_t> expected() const;
  bool is_short() const { return expected() && rows_ < *expected(); }

  std::shared_ptr<const Organisation> organisation_;
  std::vector<std::string> paths_;
  std::size_t asked_;
  bool counted_;
  std::size_t list_ = 0;  // the next one to begin
  // Of the list that is being read:
  int page_ = 0;           // from 1
  int empty_pages_ = 0;    // in a row
  bool promised_ = false;  // the page before said that there is another
  IdSet ids_;
  std::size_t rows_ = 0;  // different ones
  std::optional<std::size_t> first_total_;
  std::optional<std::size_t> last_total_;
};

// Reads the lists at `paths` to their ends. Throws what read_pages() throws. False: the first page is not there, and
// the caller's rules let that pass.
bool read_lists(const RoleCaller& caller, const std::vector<std::string>& paths, std::size_t asked,
                const std::string& what, rest::PageConsumer& consumer, engine::StreamContext& context,
                const std::stop_token& stop);

}  // namespace engagement::kustomer
