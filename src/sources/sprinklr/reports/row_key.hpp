#pragma once

#include <string>
#include <string_view>

#include "json/canonical_hash.hpp"

namespace engagement::sprinklr {

// The hash of a row's dimensions, in whatever order they come. A null dimension counts as one that is absent; a text
// and a number that are written alike are the same; an object that names a message, a post or another thing counts by
// that name (universalMessageId, messageId, postId, id), so that a thing has one key whether Sprinklr resolved it or
// not. Not thread safe.
class RowKey {
 public:
  void begin() { sum_ = {}; }
  // `heading` as written, without quotes; `value` stands at the dimension's value.
  void add(std::string_view heading, json::ValueWalker value);
  void add_window(std::string_view window_start) { add_text("window_start", 'w', window_start); }
  json::Hash128 finish() const;

 private:
  void add_text(std::string_view heading, char kind, std::string_view text);

  json::Hash128 sum_;
  std::string scratch_;
};

}  // namespace engagement::sprinklr
