#include "sources/clevertap/queries/query_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/context.hpp"
#include "json/string_text.hpp"
#include "sources/clevertap/endpoint_errors.hpp"
#include "sources/clevertap/exports/export_stream.hpp"
#include "sources/clevertap/files.hpp"
#include "sources/clevertap/queries/count_question.hpp"
#include "sources/clevertap/queries/count_stream.hpp"
#include "sources/clevertap/queries/group_stream.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;

constexpr const char* kHashMember = "query_hash";

std::string_view export_endpoint(const Query& query) {
  return query.kind == QueryKind::events ? "/1/events.json" : "/1/profiles.json";
}

bool is_export(const Query& query) { return query.kind == QueryKind::events || query.kind == QueryKind::profiles; }

// What cannot be used is listed, and says why when it is read.
class UnusableQueryStream final : public engine::Stream {
 public:
  explicit UnusableQueryStream(const Query& query) : error_(query.error.value()), description_(describe(query)) {}

  const engine::StreamDescription& description() const override { return description_; }
  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& /*request*/, engine::StreamContext& /*context*/,
                                            const std::stop_token& /*stop*/) override {
    throw config_error(error_);
  }

 private:
  const std::string error_;
  const engine::StreamDescription description_;
};

Json schema_file(std::string_view name) {
  return Json::parse(embedded_file(fmt::format("schemas/clevertap/{}.json", name)));
}

engine::StreamDescription describe_counts(const Query& query) {
  engine::StreamDescription description;
  description.name = query.name;
  description.json_schema = schema_file("query_counts");
  if (query.granularity == Granularity::range) {
    description.primary_key = {{"query_name"}};
    return description;
  }
  description.primary_key = {{"query_name"}, {"from"}};
  description.cursor = {"counted_at"};
  description.resumable = true;
  description.time_bound = true;
  return description;
}

engine::StreamDescription describe_groups(const Query& query, std::string_view schema,
                                          std::vector<std::vector<std::string>> primary_key) {
  engine::StreamDescription description;
  description.name = query.name;
  description.json_schema = schema_file(schema);
  description.primary_key = std::move(primary_key);
  return description;
}

// The last complete day of a query's period: one day is enough to hear what CleverTap says to it.
Day day_to_try(const Period& period) {
  return std::max(period.first, std::min(period.last, period.today - std::chrono::days(1)));
}

}  // namespace

std::string_view counts_path(QueryKind kind) {
  switch (kind) {
    case QueryKind::event_count:
      return "/1/counts/events.json";
    case QueryKind::profile_count:
      return "/1/counts/profiles.json";
    case QueryKind::top_property_values:
      return "/1/counts/top.json";
    default:
      return "/1/counts/trends.json";
  }
}

std::string query_body(const Query& query, Day first, Day last) {
  std::string body = body_text(query);
  body.pop_back();
  if (body.size() > 1) body.push_back(',');
  return body + fmt::format(R"("from":{},"to":{}}})", day_to_number(first), day_to_number(last));
}

std::string record_beginning(const Query& query) {
  std::string text = R"({"query_name":)";
  json::append_quoted(text, query.name);
  text += R"(,"context":)";
  text += context_text(query);
  return text;
}

Period within(Period period, const Query& query) {
  if (query.from) period.first = std::max(period.first, *query.from);
  if (query.to) period.last = std::min(period.last, *query.to);
  return period;
}

Period narrowed(const Period& period, const Query& query) {
  const Period narrow = within(period, query);
  if (narrow.first <= narrow.last) return narrow;
  throw config_error(fmt::format(
      "The query \"{}\" asks for days from {} to {}, of which none lies in the period of the connector, {} to {}. "
      "Correct its \"from\" and \"to\", or leave them out.",
      query.name, query.from ? day_to_text(*query.from) : "the start", query.to ? day_to_text(*query.to) : "the end",
      day_to_text(period.first), day_to_text(period.last)));
}

engine::StreamDescription describe(const Query& query) {
  switch (query.kind) {
    case QueryKind::events:
    case QueryKind::profiles:
      return describe_query_export(query);
    case QueryKind::top_property_values:
      return describe_groups(query, "query_top_values", {{"query_name"}, {"group"}, {"value_type"}, {"value"}});
    case QueryKind::trends:
      return describe_groups(query, "query_trends", {{"query_name"}, {"group"}, {"bucket"}});
    default:
      return describe_counts(query);
  }
}

std::unique_ptr<engine::Stream> make_query_stream(const Query& query, const Config& config,
                                                  const std::shared_ptr<const Account>& account) {
  if (query.error) return std::make_unique<UnusableQueryStream>(query);
  if (is_export(query)) return naming_endpoint(make_query_export(query, config, account), export_endpoint(query));
  const bool counts = query.kind == QueryKind::event_count || query.kind == QueryKind::profile_count;
  return naming_endpoint(counts ? make_count_stream(query, config, account) : make_group_stream(query, config, account),
                         counts_path(query.kind));
}

void forget_other_query(engine::SyncRequest& request, const Query& query, engine::Context& context) {
  if (!request.state || !request.state->is_object()) return;
  const auto hash = request.state->find(kHashMember);
  if (hash == request.state->end() || *hash == query_hash(query)) return;
  context.log(engine::LogLevel::warn,
              "the query has changed since the last sync: the state is of another query, and everything is read again "
              "from the start");
  request.state.reset();
}

engine::Json with_query_hash(Json state, const Query& query) {
  state[kHashMember] = query_hash(query);
  return state;
}

void try_query(const Query& query, const Config& config, const Account& account, engine::Context& context,
               const std::stop_token& stop) {
  if (query.error) throw config_error(*query.error);
  const Period period = narrowed(period_at(config, context.environment().clock.now()), query);
  const Day day = day_to_try(period);
  if (is_export(query)) {
    try_query_export(query, config, account, day, context, stop);
    return;
  }
  rest::Page page;
  CountQuestion(account, std::string(counts_path(query.kind)), query_body(query, day, day), query.name)
      .ask(page, context, stop);
}

}  // namespace engagement::clevertap
