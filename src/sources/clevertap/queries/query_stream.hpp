#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/queries/query.hpp"

namespace engagement::clevertap {

// The stream of one query, whatever its kind; a query with an error makes a stream whose sync ends with that.
std::unique_ptr<engine::Stream> make_query_stream(const Query& query, const Config& config,
                                                  const std::shared_ptr<const Account>& account);
engine::StreamDescription describe(const Query& query);

// The days a query reads of a period. Throws a config ConnectorError where none is left.
Period narrowed(const Period& period, const Query& query);
// The same, where none may be left: then the period's first day lies after its last.
Period within(Period period, const Query& query);

// The endpoint of a count, a trend or top values.
std::string_view counts_path(QueryKind kind);
// The query as it is sent, with the days to read.
std::string query_body(const Query& query, Day first, Day last);

// What every record of the query begins with: {"query_name":"…","context":{…}, without a closing brace.
std::string record_beginning(const Query& query);

// The state is of another query than this one: it is taken out of the request, with a warning.
void forget_other_query(engine::SyncRequest& request, const Query& query, engine::Context& context);
// Marks a state as this query's.
engine::Json with_query_hash(engine::Json state, const Query& query);

// Sends the query once, for one day, and throws the ConnectorError that CleverTap's answer makes.
void try_query(const Query& query, const Config& config, const Account& account, engine::Context& context,
               const std::stop_token& stop);

}  // namespace engagement::clevertap
