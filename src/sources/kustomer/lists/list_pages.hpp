#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "rest/read_pages.hpp"
#include "sources/kustomer/organisation.hpp"

namespace engagement::kustomer {

// links.next is there and null: this is the last page. Where it is absent, nothing is said.
bool says_last(const rest::Page& page);

// Reads lists one after the other, each from page to page by links.next
// (https://developer.kustomer.com/docs/concepts/pagination). Where an answer does not say so, although its page is full
// and not all of meta.total has come, the next page is asked for by its number. A page past the first that is not there
// (404) ends its list, but one that was cut: with fewer rows than it has, or past as many as Kustomer serves. That is a
// system ConnectorError. Used on one thread; its judge belongs to it.
class ListPages final : public rest::PageSequence {
 public:
  // `paths`: of the lists' first pages, with a query ("/v1/users?pageSize=500"). `asked` rows a page are in the query.
  ListPages(std::shared_ptr<const Organisation> organisation, std::vector<std::string> paths, std::size_t asked)
      : organisation_(std::move(organisation)), paths_(std::move(paths)), asked_(asked) {}

  std::optional<http::Request> next(const rest::Page* last) override;
  // Like judge_answer(), with the 404 as above.
  rest::Answer judge(const rest::Page& page) const;

 private:
  std::optional<http::Request> begin_list();
  void note(const rest::Page& page);
  ConnectorError cut_off() const;

  std::shared_ptr<const Organisation> organisation_;
  std::vector<std::string> paths_;
  std::size_t asked_;
  std::size_t list_ = 0;              // the next one to begin
  int page_ = 0;                      // of the list that is being read, from 1
  int empty_pages_ = 0;               // in a row
  std::size_t rows_ = 0;              // of this list
  std::optional<std::size_t> total_;  // of this list, as the last page had it
};

// Reads the lists at `paths` to their ends. Throws what read_pages() throws. False: the first page is not there, and
// the caller's rules let that pass.
bool read_lists(const RoleCaller& caller, const std::vector<std::string>& paths, std::size_t asked,
                const std::string& what, rest::PageConsumer& consumer, engine::StreamContext& context,
                const std::stop_token& stop);

}  // namespace engagement::kustomer
