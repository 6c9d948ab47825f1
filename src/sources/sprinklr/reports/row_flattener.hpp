#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value_walker.hpp"
#include "sources/sprinklr/reports/report_definition.hpp"

namespace engagement::sprinklr {

// Makes one flat object of a row, as `flatten(row)` of Python's flatten_json 0.1.14 does: members' names and elements'
// indices are joined by "_"; null, false, 0, empty texts, objects and arrays stay as they are; where two come to the
// same name, the later value takes the place of the earlier. Values are copied, not converted. One for each slice that
// is being read; not thread safe.
//
//   flattener.begin();
//   for (member of the row) flattener.add(name, walker);
//   flattener.finish(out);
class RowFlattener {
 public:
  // `collided` is called with each name that two values came to.
  RowFlattener(const ReportDefinition& report, std::function<void(const std::string& name)> collided);

  void begin();
  // `name` as written, without quotes; `value` stands at the member's value, which must live until finish().
  void add(std::string_view name, json::ValueWalker value);
  // Appends `,"name":value` for everything. Names that the connector adds itself are left out.
  void finish(std::string& out);

 private:
  struct Entry {
    std::uint32_t name_begin;
    std::uint32_t name_length;
    std::string_view value;
  };
  struct Slot {
    std::uint32_t generation = 0;
    std::uint32_t entry = 0;
    std::size_t hash = 0;
  };

  void append_name(std::string_view name);
  void flatten(json::ValueWalker& walker, bool falsy);
  void flatten_object(json::ValueWalker& walker, bool falsy);
  void flatten_array(json::ValueWalker& walker, bool falsy);
  void child(json::ValueWalker& walker, std::string_view name, bool falsy_parent, bool falsy_name);
  void leaf(std::string_view value);
  std::string_view cleaned(std::string_view value);
  std::string_view cleaned_copy(json::ValueWalker value);
  void grow();
  std::string_view name_of(const Entry& entry) const;

  const bool lower_case_;
  const bool clean_;
  std::vector<std::string> as_json_;
  std::function<void(const std::string& name)> collided_;

  std::string path_;   // the name of the value in hand
  std::string names_;  // of all entries
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;  // finds an entry by its name; a slot of another generation is free
  std::uint32_t generation_ = 0;
  std::deque<std::string> texts_;  // values that had to be written anew
  std::size_t texts_used_ = 0;
};

// The content of a JSON string as the Lambda cleaned it: line ends and tabs become blanks, then each pair of blanks
// one, in a single pass.
void append_cleaned(std::string& out, std::string_view raw);

}  // namespace engagement::sprinklr
