#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
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

// What the answers to one query hold, in CleverTap's order. What comes twice is added up: a week that two requests
// share, and labels that are the same once their broken letters are repaired.
class GroupResults {
 public:
  explicit GroupResults(const Query& query) : query_(query) {}

  // Throws a system ConnectorError for an answer of another form.
  void add(const rest::Page& answer);

  const std::vector<GroupResult>& all() const { return all_; }
  // The labels of groups that at least one answer did not have.
  const std::set<std::string>& absent() const { return absent_; }
  // Buckets that two requests shared.
  std::size_t shared() const { return shared_; }

 private:
  void add_buckets(json::ValueWalker& walker, const std::string& group, const std::string& type);
  void add_result(GroupResult result);

  const Query& query_;
  std::vector<GroupResult> all_;
  std::size_t added_before_ = 0;                         // all_ up to here is of earlier answers
  std::unordered_map<std::string, std::size_t> places_;  // of the results in all_, by what they are of
  std::set<std::string> absent_;
  std::size_t shared_ = 0;
};

// The sum of two numbers as they are written.
std::string sum_of(std::string_view left, std::string_view right);

}  // namespace engagement::clevertap
