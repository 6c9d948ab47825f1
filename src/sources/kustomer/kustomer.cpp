#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/suggestion.hpp"
#include "engine/source.hpp"
#include "sources/kustomer/custom_schema.hpp"
#include "sources/kustomer/files.hpp"
#include "sources/kustomer/key_check.hpp"
#include "sources/kustomer/streams.hpp"

namespace engagement {

namespace kustomer {

namespace {

using engine::Json;

class KustomerSource final : public engine::Source {
 public:
  std::string_view name() const override { return "kustomer"; }
  std::string_view documentation_url() const override { return "https://developer.kustomer.com"; }
  std::string_view connection_specification() const override { return embedded_file("kustomer.json"); }
  void migrate_config(Json& config) const override { kustomer::migrate_config(config); }
  std::optional<std::map<std::string, Json>> convert_legacy_state(const Json& legacy) const override {
    return states_of_bookmarks(legacy);
  }

  engine::CheckReport check(const Json& json, engine::Context& context, const std::stop_token& stop) const override {
    const Config config = read_config(json);
    check_start(config, context.environment().clock.now());
    return check_key(std::make_shared<const Organisation>(config), context, stop);
  }

  std::vector<engine::StreamDescription> discover(const Json& json, engine::Context& context,
                                                  const std::stop_token& stop) const override {
    const Config config = read_config(json);
    CustomSchemas custom(std::make_shared<const Organisation>(config), config.layout);
    std::vector<engine::StreamDescription> descriptions;
    for (const auto& row : stream_rows()) {
      if (row.optional && !config.optional_streams.contains(std::string(row.name))) continue;
      descriptions.push_back(describe(row, config.layout));
      custom.add_to(descriptions.back(), row, context, stop);
    }
    for (const auto& klass : custom.klasses(context, stop)) {
      const std::string name = klass_stream_name(klass);
      const auto row = klass_row(name);
      descriptions.push_back(describe(*row, config.layout));
      custom.add_to(descriptions.back(), *row, context, stop);
    }
    return descriptions;
  }

  std::vector<std::unique_ptr<engine::Stream>> streams(const Json& json, const std::set<std::string>& names,
                                                       engine::Context& /*context*/,
                                                       const std::stop_token& /*stop*/) const override {
    const Config config = read_config(json);
    const auto organisation = std::make_shared<const Organisation>(config);
    std::vector<std::unique_ptr<engine::Stream>> streams;
    for (const auto& row : stream_rows()) {
      if (names.contains(std::string(row.name))) streams.push_back(make_stream(row, config, organisation));
    }
    for (const auto& name : names) {
      if (const auto row = klass_row(name)) streams.push_back(make_stream(*row, config, organisation));
    }
    return streams;
  }

  std::size_t workers(const Json& json) const override { return read_config(json).workers; }

  std::vector<engine::StreamDescription> documented_streams() const override {
    std::vector<engine::StreamDescription> descriptions;
    for (const auto& row : stream_rows()) descriptions.push_back(describe(row, Layout::flat));
    return descriptions;
  }
};

}  // namespace

}  // namespace kustomer

std::unique_ptr<engine::Source> make_kustomer_source();
std::unique_ptr<engine::Source> make_kustomer_source() { return std::make_unique<kustomer::KustomerSource>(); }

}  // namespace engagement
