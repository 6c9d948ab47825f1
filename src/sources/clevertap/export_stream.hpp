#pragma once

#include <memory>
#include <string_view>

#include "sources/clevertap/account.hpp"
#include "sources/clevertap/record_maker.hpp"

namespace engagement::clevertap {

// A row of the source's table: one stream that is read by exports, event by event.
struct ExportStreamRow {
  std::string_view name;
  std::string_view path;         // of the export endpoint
  std::string_view primary_key;  // added by the record maker
  std::string_view cursor;       // likewise
  bool windowed;                 // exports of `window_days` each; otherwise one export for each event
  bool event_summary;            // whether the summary of a profile's events may be asked for
  std::unique_ptr<RecordMaker> (*make_records)(const Config&, const EventSlice&, engine::StreamContext&, SharedSweep&);
};

engine::StreamDescription describe(const ExportStreamRow& row);
std::unique_ptr<engine::Stream> make_export_stream(const ExportStreamRow& row, const Config& config,
                                                   std::shared_ptr<const Account> account);

}  // namespace engagement::clevertap
