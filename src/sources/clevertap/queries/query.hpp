#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time_text.hpp"
#include "protocol/messages.hpp"

namespace engagement::clevertap {

// What a query asks for, and with it the endpoint and the stream's records.
enum class QueryKind { events, profiles, event_count, profile_count, top_property_values, trends };
std::string_view to_string(QueryKind kind);  // as the configuration writes it
std::optional<QueryKind> query_kind_from(std::string_view text);
std::vector<std::string> query_kind_names();

// Of counts alone: one record for each day, or one for the whole period.
enum class Granularity { day, range };
std::optional<Granularity> granularity_from(std::string_view text);

// One query in CleverTap's query language, which becomes one stream
// (https://developer.clevertap.com/docs/clevertap-query-language). Wherever a query comes from, it has this form.
struct Query {
  std::string name;  // of the stream: valid and unique
  QueryKind kind = QueryKind::event_count;
  // An object, to look into. It never holds an outer `from` or `to`, which the connector adds.
  protocol::Json body = protocol::Json::object();
  // The same as somebody wrote it, on one line: what is sent, since a number may have more digits than `body` can hold.
  // Empty: what `body` says.
  std::string body_text;
  Granularity granularity = Granularity::day;
  protocol::Json context = protocol::Json::object();  // an object; copied into each record
  std::string context_text;                           // as `body_text`
  // Narrow the period that is read; days of the project, inclusive.
  std::optional<Day> from;
  std::optional<Day> to;
  // Why the query cannot be used, whole sentences for the user. Its stream is listed all the same, and a read of it
  // ends with this as its config error. Of the fields above only `name` and `kind` count then.
  std::optional<std::string> error;
};

// What is wrong with a stream's name: letters, digits and `_` only, none of `taken`. nullopt: nothing.
std::optional<std::string> name_problem(std::string_view name, const std::vector<std::string>& taken);

// Takes an outer `from` and `to` (20260131, "20260131" or "2026-01-31") out of the body; given ones narrow the query's
// own. Returns what is wrong with them.
std::optional<std::string> take_period(Query& query);

// What is missing in the body or could not be read back from the answer. CleverTap judges the rest.
std::optional<std::string> body_problem(const Query& query);

// What is sent of a query, without a period, and what each of its records carries.
std::string body_text(const Query& query);
std::string context_text(const Query& query);

// 32 hexadecimal digits of what is counted: kind and body, whatever the order of their members. Neither name, context,
// granularity nor period is part of it.
std::string query_hash(const Query& query);

// The queries of the configuration's `queries`, which the spec has accepted, in their order. JSON text that does not
// parse (named with line and column) and whatever else is wrong with one query is that query's `error`. A name that is
// no stream's name, comes twice or is one of `built_in` throws a config ConnectorError.
std::vector<Query> read_queries(const protocol::Json& config, const std::vector<std::string>& built_in);

}  // namespace engagement::clevertap
