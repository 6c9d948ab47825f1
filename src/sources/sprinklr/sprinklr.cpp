#include <fmt/format.h>

#include "engine/source.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"
#include "sources/sprinklr/files.hpp"
#include "sources/sprinklr/reports/report_check.hpp"
#include "sources/sprinklr/reports/report_stream.hpp"
#include "sources/sprinklr/stream_table.hpp"

namespace engagement {

namespace sprinklr {

namespace {

constexpr std::string_view kRefreshed =
    "The refresh token has been used, and its successor was handed over as a new configuration. Airbyte keeps it for a "
    "source that exists already; while a new source is being set up it is lost. Then log in to Sprinklr again and "
    "enter the Access Token (credentials.access_token) too.";

// The configuration, with the names of its reports checked against all others.
Config understand(const engine::Json& json) {
  Config config = read_config(json);
  for (const auto& report : config.reports) {
    if (!is_built_in(report.name)) continue;
    throw config_error(
        fmt::format("Reports (reports): the report \"{}\" is called like a stream that the source has anyway. Give it "
                    "another name.",
                    report.name));
  }
  return config;
}

class SprinklrSource final : public engine::Source {
 public:
  std::string_view name() const override { return "sprinklr"; }
  std::string_view documentation_url() const override { return "https://dev.sprinklr.com/"; }
  std::string_view connection_specification() const override { return embedded_file("sprinklr.json"); }
  void migrate_config(engine::Json& config) const override { sprinklr::migrate_config(config); }

  engine::CheckReport check(const engine::Json& json, engine::Context& context,
                            const std::stop_token& stop) const override {
    const Config config = understand(json);
    period_at(config, config.zone, context.environment().clock.now());
    const auto account = std::make_shared<Account>(config, TokenUse::check);
    engine::CheckReport report;
    try {
      account->prove_credentials(context, stop);
      for (const auto& definition : config.reports) check_report(config, definition, account, report, context, stop);
    } catch (const ConnectorError& error) {
      if (!account->tokens().refreshed()) throw;
      throw ConnectorError(error.type(), fmt::format("{} {}", error.what(), kRefreshed), error.internal_message());
    }
    if (account->tokens().refreshed()) report.remarks.emplace_back(kRefreshed);
    return report;
  }

  std::vector<engine::StreamDescription> discover(const engine::Json& json, engine::Context& context,
                                                  const std::stop_token& stop) const override {
    const Config config = understand(json);
    std::shared_ptr<Account> account;
    std::vector<engine::StreamDescription> descriptions;
    for (const auto& definition : config.reports) {
      if (account == nullptr) account = std::make_shared<Account>(config, TokenUse::check);
      descriptions.push_back(discover_report(config, definition, account, context, stop));
    }
    for (auto& description : built_in_streams()) descriptions.push_back(std::move(description));
    return descriptions;
  }

  std::vector<std::unique_ptr<engine::Stream>> streams(const engine::Json& json, const std::set<std::string>& names,
                                                       engine::Context& /*context*/,
                                                       const std::stop_token& /*stop*/) const override {
    const Config config = understand(json);
    const auto account = std::make_shared<Account>(config, TokenUse::sync);
    auto streams = make_built_in_streams(config, names, account);
    for (const auto& definition : config.reports) {
      if (names.contains(definition.name)) streams.push_back(make_report_stream(config, definition, account));
    }
    return streams;
  }

  std::size_t workers(const engine::Json& json) const override { return read_config(json).workers; }

  std::vector<engine::StreamDescription> documented_streams() const override { return built_in_streams(); }

 private:
  // A report that Sprinklr does not answer in time is no failure once the credentials are proven.
  static void check_report(const Config& config, const ReportDefinition& definition,
                           const std::shared_ptr<Account>& account, engine::CheckReport& report,
                           engine::Context& context, const std::stop_token& stop) {
    if (definition.converted) {
      report.remarks.push_back(
          fmt::format("The payload of the report \"{}\" is in the form that Sprinklr's web application uses inside; it "
                      "was converted. \"Generate API v2 Payload\" of the widget's menu gives the right form.",
                      definition.name));
    }
    try {
      probe_report(config, definition, account, context, stop);
    } catch (const ConnectorError& error) {
      if (error.type() != FailureType::transient) throw;
      report.remarks.push_back(fmt::format("Not checked: {}", error.what()));
    }
  }
};

}  // namespace

}  // namespace sprinklr

std::unique_ptr<engine::Source> make_sprinklr_source();
std::unique_ptr<engine::Source> make_sprinklr_source() { return std::make_unique<sprinklr::SprinklrSource>(); }

}  // namespace engagement
