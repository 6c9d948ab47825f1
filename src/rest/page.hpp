#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "json/record_slice.hpp"
#include "json/structural_index.hpp"
#include "rest/caller.hpp"
#include "rest/rules.hpp"

namespace engagement::rest {

// What is wanted of an answer. Paths name members from the outside in, "data.results"; "" is the whole answer.
struct PageShape {
  // Where the records stand; of several paths the one that the answer has. An array of records (objects, or arrays
  // where rows are arrays), one object, which is one record, or null, which is none.
  std::vector<std::string> records;
  // Small values beside them, read with Page::value().
  std::vector<std::string> values;
  // Whether texts, numbers and literals are records, too: a list of names.
  bool scalars = false;
};

// One answer held whole: nothing of it is used before all of it was checked to be JSON. Reused page by page; every view
// into it lives until the next read. Not thread safe.
class Page {
 public:
  http::Response response;

  // Indexes `response` and finds what `shape` asks for. What is no JSON, or has something else than records where
  // records should be, sets malformed(); then there are no records and no values.
  void read(const PageShape& shape);

  const std::string& malformed() const { return malformed_; }  // why; empty: it is JSON
  const std::vector<json::RecordSlice>& records() const { return records_; }
  // Which of the shape's paths the answer had (its index); nullopt: none of them, or null there.
  std::optional<std::size_t> records_found() const { return records_found_; }
  // A value as written, `"text"` or `12` or `{…}`; nullopt where it is absent or null.
  std::optional<std::string_view> value(std::string_view path) const;
  // The value's text: a string decoded, anything else as written.
  std::optional<std::string> text(std::string_view path) const;
  std::optional<std::int64_t> integer(std::string_view path) const;  // a number, or a string that holds one
  const json::Repairs& repairs() const { return repairs_; }

 private:
  friend class PageReader;

  json::StructuralIndex index_;
  std::vector<json::RecordSlice> records_;
  std::optional<std::size_t> records_found_;
  std::vector<std::pair<std::string, std::string_view>> values_;
  json::Repairs repairs_;
  std::string malformed_;
};

// How a vendor means an answer; called after Page::read(), also for what is malformed.
using PageJudge = std::function<Answer(const Page&)>;

// An answer that is not what was agreed on: an HTML page (by its title), garbage, an empty body. `why` says so.
Answer unreadable_answer(int status, std::string_view body, std::string_view why);

// Calls once, with all of the caller's patience, and leaves the answer in `page`.
Action call_page(const Caller& caller, const http::Request& request, std::string_view what, const PageShape& shape,
                 const PageJudge& judge, Page& page, Answer& answer, engine::Context& context,
                 const std::stop_token& stop);

}  // namespace engagement::rest
