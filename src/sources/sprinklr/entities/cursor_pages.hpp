#pragma once

#include <string>

#include "rest/read_pages.hpp"
#include "sources/sprinklr/account.hpp"

namespace engagement::sprinklr {

// A list that begins by a POST and goes on by cursors: GET path?id=…. The last page has none.
class CursorPages final : public rest::PageSequence {
 public:
  CursorPages(const Account& account, http::Request first, std::string next_path)
      : account_(account), first_(std::move(first)), next_path_(std::move(next_path)) {}

  std::optional<http::Request> next(const rest::Page* last) override;

  // judge_page(), and for a cursor that is refused kCursorGone. Refers to this object.
  rest::PageJudge judge() const;

  static rest::PageShape shape();

 private:
  const Account& account_;
  const http::Request first_;
  const std::string next_path_;
  bool at_cursor_ = false;  // the request that is out
};

}  // namespace engagement::sprinklr
