#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/drift.hpp"
#include "rest/record_writer.hpp"
#include "sources/sprinklr/reports/report_definition.hpp"
#include "sources/sprinklr/reports/row_flattener.hpp"
#include "sources/sprinklr/reports/row_key.hpp"

namespace engagement::sprinklr {

// The members of `PageShape::values` that a page of a report may have, and where its rows stand: v2 with and without
// jsonResponse, v1.
rest::PageShape report_page_shape();
rest::PageJudge report_judge(const ReportDefinition& report);

// Turns a report's rows, objects or arrays, into records. One for each slice that is being read; not thread safe.
class RowMaker final : public rest::RecordMaker {
 public:
  // `drift`: whom to tell of columns that came to the same name; may be null.
  RowMaker(const ReportDefinition& report, engine::Context& context, engine::DriftReport* drift);

  // The rows that follow are of [begin, end). `width` is the window's, or what a split has left of it: two windows of
  // that width have different keys.
  void window_began(SystemTime begin, SystemTime end, std::chrono::milliseconds width);
  // The rows that follow are of this page, which has just come. Throws ConnectorError for headings that cannot be told
  // apart.
  void page_began(const rest::Page& page);

  // Throws a system ConnectorError for an array that does not fit its headings.
  bool append(const json::RecordSlice& record, std::string& out) override;

 private:
  struct Member {
    std::string_view name;  // as written, without quotes
    json::ValueWalker value;
  };
  enum class Role { dimension, measurement, by_its_value };
  struct KnownName {
    std::string name;  // as written
    Role role = Role::by_its_value;
  };

  void read_members(const json::RecordSlice& record);
  void read_object(json::ValueWalker walker);
  void read_array(json::ValueWalker walker);
  Role role_of(std::size_t position, std::string_view name);
  json::Hash128 key_of_row();
  void append_members(const json::RecordSlice& record, std::string& out);
  void append_each_member(std::string& out);
  void note_key(const json::Hash128& key, const json::RecordSlice& row);

  const ReportDefinition& report_;
  engine::Context& context_;
  engine::DriftReport* const drift_;
  bool window_in_key_ = false;
  std::string window_start_;
  std::string window_end_;
  std::string added_;                         // `","window_start":…,"extracted_at":"…"`
  std::vector<std::string> payload_columns_;  // as written in JSON
  std::vector<std::string> columns_;          // of the page's arrays, likewise
  std::string columns_text_;                  // what they were read from
  std::vector<KnownName> names_;              // by position in a row
  std::vector<Member> members_;
  bool has_added_name_ = false;
  RowKey key_;
  std::optional<RowFlattener> flattener_;
  std::unordered_map<std::uint64_t, std::uint64_t> rows_by_key_;  // of the window, bounded
};

}  // namespace engagement::sprinklr
