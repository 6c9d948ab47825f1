#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rest/page.hpp"
#include "sources/clevertap/queries/query.hpp"

namespace engagement::clevertap {

// One number of a trend's or a top list's answer. Texts are as CleverTap wrote them, without their quotes.
struct GroupResult {
  std::string group;
  std::string type;   // of a trend: the group's trend_type; of top values: "STR", "NUMBER" …
  std::string label;  // the bucket, or the value
  std::string count;  // a number, as written
};

// What the answers to one query hold, in CleverTap's order. A week that two requests share is added up.
class GroupResults {
 public:
  explicit GroupResults(const Query& query) : query_(query) {}

  // Throws a system ConnectorError for an answer of another form.
  void add(const rest::Page& answer);

  const std::vector<GroupResult>& all() const { return all_; }
  // Buckets that two requests shared.
  std::size_t shared() const { return shared_; }

 private:
  void add_buckets(json::ValueWalker& walker, const std::string& group, const std::string& type);
  void add_result(GroupResult result);

  const Query& query_;
  std::vector<GroupResult> all_;
  std::size_t added_before_ = 0;  // all_ up to here is of earlier answers
  std::size_t shared_ = 0;
};

// The sum of two numbers as they are written.
std::string sum_of(std::string_view left, std::string_view right);

}  // namespace engagement::clevertap
