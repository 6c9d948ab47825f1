#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rest/page.hpp"
#include "rest/rules.hpp"

namespace engagement::sprinklr {

// How Sprinklr's answers are meant (https://dev.sprinklr.com/rest-api-error-and-status-codes): {"data":…,"errors":[…]},
// v1 {"status":"SUCCESS","response":…}, a gateway's {"message":…} or {"fault":…}, XML and HTML where a limit is passed.

// The values that a PageShape has to ask for so that judge_page() sees a failure that comes with HTTP 200.
std::vector<std::string> failure_values();
// Judges a page of data. A 200 that carries errors is a failure, and one without records that has none of what Sprinklr
// sends in such a place, "data" or "errors" or what the shape was asked for, is not Sprinklr's: no list ends so.
rest::Answer judge_page(const rest::Page& page);
// The same for v1's reports, whose last page may be any object.
rest::Answer judge_page_v1(const rest::Page& page);
// The same for what stands under a name of its own in the answer, which may be null there. `{}` says that there is
// nothing to read (kNothingThere: Action::skip); any other answer without the name is none of Sprinklr's.
rest::PageJudge judge_member(std::string_view name);
// Judges an answer that is no page: what it says, from whatever it is written in.
rest::Answer judge_small(const http::Response& response);

// What a stream's requests do beside the usual.
enum class Special {
  none,
  report,  // a window that is too big, and a page that takes too long, are for the reader to split
  search,  // a cursor that has expired (kCursorGone) is for the reader to begin again
};
// judge_page() of a search says so by this code.
constexpr std::int64_t kCursorGone = -1;
// judge_member() says by this code that there is nothing to read.
constexpr std::int64_t kNothingThere = -2;

// The rules, before the default ones. `forbidden` is the advice where a right is missing; it must outlive the rules.
std::vector<rest::Rule> rules_for(Special special, std::string_view forbidden);

// Whether a refusal (401) is about the access token and nothing else.
bool is_about_the_token(std::string_view words);

bool contains_ignoring_case(std::string_view text, std::string_view part);

}  // namespace engagement::sprinklr
