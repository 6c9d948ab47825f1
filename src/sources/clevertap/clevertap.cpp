#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/suggestion.hpp"
#include "engine/source.hpp"
#include "sources/clevertap/export_stream.hpp"
#include "sources/clevertap/files.hpp"

namespace engagement {

namespace clevertap {

namespace {

// The streams of this source, in the order in which `discover` lists them.
constexpr std::array kStreams = {
    ExportStreamRow{.name = "events",
                    .path = "/1/events.json",
                    .primary_key = "event_id",
                    .cursor = "event_time",
                    .windowed = true,
                    .event_summary = false,
                    .make_records = make_event_records},
    ExportStreamRow{.name = "profiles",
                    .path = "/1/profiles.json",
                    .primary_key = "profile_id",
                    .cursor = "exported_at",
                    .windowed = false,
                    .event_summary = true,
                    .make_records = make_profile_records},
};

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
    std::vector<std::string> known;
    try {
      known = account.event_names(context, stop);
    } catch (const ConnectorError& error) {
      if (error.type() == FailureType::transient) throw;
      account.prove_credentials(context, stop);
      report.remarks.push_back(fmt::format("The event names could not be checked: {}", error.what()));
      return report;
    }
    check_event_names(config.event_names, known);
    return report;
  }

  std::vector<engine::StreamDescription> discover(const engine::Json& json, engine::Context& /*context*/,
                                                  const std::stop_token& /*stop*/) const override {
    read_config(json);
    return documented_streams();
  }

  std::vector<std::unique_ptr<engine::Stream>> streams(const engine::Json& json, const std::set<std::string>& /*names*/,
                                                       engine::Context& /*context*/,
                                                       const std::stop_token& /*stop*/) const override {
    const Config config = read_config(json);
    const auto account = std::make_shared<const Account>(config);
    std::vector<std::unique_ptr<engine::Stream>> streams;
    for (const auto& row : kStreams) streams.push_back(make_export_stream(row, config, account));
    return streams;
  }

  std::size_t workers(const engine::Json& json) const override { return read_config(json).workers; }

  std::vector<engine::StreamDescription> documented_streams() const override {
    std::vector<engine::StreamDescription> descriptions;
    for (const auto& row : kStreams) descriptions.push_back(describe(row));
    return descriptions;
  }

 private:
  static void check_event_names(const std::vector<std::string>& wanted, const std::vector<std::string>& known) {
    std::string unknown;
    for (const auto& event : wanted) {
      if (std::find(known.begin(), known.end(), event) != known.end()) continue;
      const auto hint = did_you_mean(event, known);
      unknown += fmt::format("{}\"{}\"{}", unknown.empty() ? "" : "; ", event, hint.empty() ? "" : ": " + hint);
    }
    if (unknown.empty()) return;
    throw config_error(fmt::format(
        "Event Names (event_names): CleverTap does not know {}. Names are exact, upper and lower case included.",
        unknown));
  }
};

}  // namespace

}  // namespace clevertap

std::unique_ptr<engine::Source> make_clevertap_source();
std::unique_ptr<engine::Source> make_clevertap_source() { return std::make_unique<clevertap::ClevertapSource>(); }

}  // namespace engagement
