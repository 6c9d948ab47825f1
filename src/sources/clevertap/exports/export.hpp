#pragma once

#include <optional>
#include <string>

#include "engine/stream_context.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/exports/export_page.hpp"

namespace engagement::clevertap {

// One export: a query and the records it yields.
struct ExportQuery {
  std::string path;        // "/1/events.json"
  std::string parameters;  // "batch_size=4991&app=true", percent-encoded
  std::string body;        // the query, JSON
  std::string what;        // for messages: "events of Charged, 2026-01-01 to 2026-01-07"
  bool of_user = false;    // somebody wrote it: what CleverTap finds wrong with it is for them to mend
};

// Who gets the records.
class ExportConsumer {
 public:
  virtual ~ExportConsumer() = default;

  // A new export has begun: the first, or another one after its cursor expired; the records come again from the start.
  virtual void export_began() = 0;
  // Which members of a record page() looks at. Asked once, before the export.
  virtual WantedMembers wanted() const = 0;
  virtual void page(const ExportPage& page) = 0;
};

// Runs CleverTap's two-step export (https://developer.clevertap.com/docs/get-events-api): POST the query, then GET page
// after page by cursor, exactly as the cursor was sent, until a page brings no next one. Only that is the end: short
// and empty pages are not. The next page is fetched while one is consumed. A cursor that comes a second time, or an
// answer that is no success, is a ConnectorError. Throws Stopped.
//
// Returns nullopt when every record was handed out; otherwise CleverTap's words for why there are none: it does not
// export this event, has never received it, or does not accept what the user wrote.
std::optional<std::string> run_export(const Account& account, const ExportQuery& query, ExportConsumer& consumer,
                                      engine::StreamContext& context, const std::stop_token& stop);

// The POST and the first page alone, to hear what CleverTap says to the query. Returns as run_export() does.
std::optional<std::string> try_export(const Account& account, const ExportQuery& query, engine::Context& context,
                                      const std::stop_token& stop);

}  // namespace engagement::clevertap
