#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "sources/clevertap/account.hpp"
#include "sources/clevertap/exports/record_maker.hpp"
#include "sources/clevertap/queries/query.hpp"

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

// The streams of this kind: all events, all profiles.
std::span<const ExportStreamRow> export_rows();

engine::StreamDescription describe(const ExportStreamRow& row);
std::unique_ptr<engine::Stream> make_export_stream(const ExportStreamRow& row, const Config& config,
                                                   const std::shared_ptr<const Account>& account);

// A query of kind events or profiles: the built-in stream's records, of those that the query chooses. Without an event
// CleverTap exports profiles of the past year, and takes no period; such a stream is read whole each time.
engine::StreamDescription describe_query_export(const Query& query);
std::unique_ptr<engine::Stream> make_query_export(const Query& query, const Config& config,
                                                  const std::shared_ptr<const Account>& account);
// Begins the query's export of one day. Throws the ConnectorError that CleverTap's answer makes.
void try_query_export(const Query& query, const Config& config, const Account& account, Day day,
                      engine::Context& context, const std::stop_token& stop);

}  // namespace engagement::clevertap
