#include <fmt/format.h>

#include <algorithm>

#include "core/suggestion.hpp"
#include "engine/source.hpp"
#include "sources/clevertap/available_streams.hpp"
#include "sources/clevertap/built_in_streams.hpp"
#include "sources/clevertap/files.hpp"
#include "sources/clevertap/queries/check_queries.hpp"
#include "sources/clevertap/queries/query_stream.hpp"
#include "sources/clevertap/sheet/query_sheet.hpp"
#include "sources/clevertap/sheet/rows_stream.hpp"

namespace engagement {

namespace clevertap {

namespace {

using engine::Json;

// The project's events, or why they are not known though the credentials are good.
struct Proof {
  Json catalogue;  // null: not known
  EventNames events;
  std::string why_not;
};

// Throws the ConnectorError of credentials that are none, and a transient one where CleverTap does not answer. A
// refusal by 403 or 404 proves the credentials, wherever it comes from.
Proof prove(const Account& account, engine::Context& context, const std::stop_token& stop) {
  try {
    Permitted schema = account.event_schema(context, stop);
    if (schema.refusal.empty()) {
      auto events = event_names_in(schema.answer);
      return {std::move(schema.answer), std::move(events), {}};
    }
    account.prove_credentials(context, stop);
    return {nullptr, {}, std::move(schema.refusal)};
  } catch (const ConnectorError& error) {
    if (error.type() != FailureType::system) throw;
    account.prove_credentials(context, stop);
    return {nullptr, {}, error.what()};
  }
}

// The names are not known, so those that are configured are not checked; and without any there is nothing to read.
void judge_unknown_events(const Config& config, const Proof& proof, engine::CheckReport& report) {
  if (!config.event_names.empty()) {
    report.remarks.push_back(fmt::format("The event names could not be checked: {}", proof.why_not));
    return;
  }
  const auto words = fmt::format(
      "Event Names (event_names): none is given, and the list of the project's events cannot be read, so neither "
      "events nor profiles can be: {} Name the events to read.",
      proof.why_not);
  if (config.queries.empty() && !config.query_sheet) throw config_error(words);
  report.remarks.push_back(words);
}

void check_event_names(const std::vector<std::string>& wanted, const std::vector<std::string>& known) {
  std::string unknown;
  for (const auto& event : wanted) {
    if (std::find(known.begin(), known.end(), event) != known.end()) continue;
    const auto hint = did_you_mean(event, known);
    unknown += fmt::format("{}\"{}\"{}", unknown.empty() ? "" : "; ", event, hint.empty() ? "" : ": " + hint);
  }
  if (unknown.empty()) return;
  throw config_error(fmt::format(
      "Event Names (event_names): CleverTap does not know {}{} Names are exact, upper and lower case included.",
      unknown, unknown.ends_with('?') ? "" : "."));
}

class ClevertapSource final : public engine::Source {
 public:
  std::string_view name() const override { return "clevertap"; }
  std::string_view documentation_url() const override { return "https://developer.clevertap.com/docs/get-events-api"; }
  std::string_view connection_specification() const override { return embedded_file("clevertap.json"); }
  void migrate_config(engine::Json& config) const override { clevertap::migrate_config(config); }

  engine::CheckReport check(const engine::Json& json, engine::Context& context,
                            const std::stop_token& stop) const override {
    const Config config = read_config(json);
    const Period period = period_at(config, context.environment().clock.now());
    engine::CheckReport report;
    if (period.end_was_clamped) {
      report.remarks.push_back(fmt::format(
          "The end date lies in the future; each sync reads up to its own day, today {}.", day_to_text(period.today)));
    }
    const Account account(config);
    const Proof proof = prove(account, context, stop);
    if (proof.catalogue.is_null()) {
      judge_unknown_events(config, proof, report);
    } else {
      check_event_names(config.event_names, proof.events.names);
    }
    if (proof.events.without_name > 0) {
      report.remarks.push_back(fmt::format("{} entries of GET /getSchema?type=events have no name and are passed over.",
                                           proof.events.without_name));
    }
    check_queries(config, account, report, context, stop);
    if (config.query_sheet) check_query_sheet(config, account, report, context, stop);
    return report;
  }

  std::vector<engine::StreamDescription> discover(const engine::Json& json, engine::Context& context,
                                                  const std::stop_token& stop) const override {
    Config config = read_config(json);
    const Period period = period_at(config, context.environment().clock.now());
    const Account account(config);
    const Proof proof = prove(account, context, stop);
    if (config.query_sheet) {
      for (auto& query : listed_sheet_queries(config, context, stop)) config.queries.push_back(std::move(query));
    }
    auto streams = available_streams(config, account, proof.catalogue,
                                     std::min(period.last, period.today - std::chrono::days(1)), context, stop);
    if (config.query_sheet) streams.push_back(describe_sheet_rows());
    return streams;
  }

  std::vector<std::unique_ptr<engine::Stream>> streams(const engine::Json& json, const std::set<std::string>& names,
                                                       engine::Context& context,
                                                       const std::stop_token& stop) const override {
    const Config config = read_config(json);
    const auto account = std::make_shared<const Account>(config);
    std::vector<std::unique_ptr<engine::Stream>> streams;
    for (const auto& row : built_in_streams()) streams.push_back(make_stream(row, config, account));
    for (const auto& query : config.queries) streams.push_back(make_query_stream(query, config, account));
    if (!config.query_sheet) return streams;
    auto of_sheet = names;  // whatever is none of the others
    for (const auto& stream : streams) of_sheet.erase(stream->description().name);
    for (auto& stream : sheet_streams(of_sheet, config, account, context, stop)) streams.push_back(std::move(stream));
    return streams;
  }

  bool lists_queries() const override { return true; }
  std::vector<engine::Json> list_queries(const engine::Json& json, engine::Context& context,
                                         const std::stop_token& stop) const override {
    return print_sheet_queries(read_config(json), context, stop);
  }

  std::size_t workers(const engine::Json& json) const override { return read_config(json).workers; }

  std::vector<engine::StreamDescription> documented_streams() const override {
    std::vector<engine::StreamDescription> descriptions;
    for (const auto& row : built_in_streams()) descriptions.push_back(describe(row));
    return descriptions;
  }
};

}  // namespace

}  // namespace clevertap

std::unique_ptr<engine::Source> make_clevertap_source();
std::unique_ptr<engine::Source> make_clevertap_source() { return std::make_unique<clevertap::ClevertapSource>(); }

}  // namespace engagement
