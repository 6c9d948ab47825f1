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
// (https://developer.kustomer.com/docs/concepts/pagination). Where the links do not say that a page is the last and it
// may be full, or where a total says that rows are missing, the next page is asked for by its number, until one brings
// nothing new. A list ends with a page that says so, that is not there (404), or that follows empty ones. What ends it
// too early is a failure: fewer different rows than meta.total, a promise that is broken after a full page, or as many
// as Kustomer is said to serve of one list where nothing proves that there are no more. Used on one thread; its judge
// belongs to it.
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
  bool count(const rest::Page& page);  // whether it brought new rows
  std::optional<std::size_t> expected() const;
  bool is_short() const { return expected() && rows_ < *expected(); }

  std::shared_ptr<const Organisation> organisation_;
  std::vector<std::string> paths_;
  std::size_t asked_;
  bool counted_;
  std::size_t list_ = 0;  // the next one to begin
  // Of the list that is being read:
  int page_ = 0;            // from 1
  int empty_pages_ = 0;     // in a row
  bool promised_ = false;   // the last page said that there is another
  bool said_none_ = false;  // or that there is none
  bool full_ = false;       // the last page with rows may have been full
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
