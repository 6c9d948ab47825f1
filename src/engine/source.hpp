#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stream.hpp"

namespace engagement::engine {

// What `check` found beyond failure, which is a ConnectorError.
struct CheckReport {
  // Shown with SUCCEEDED, and each logged as a warning: what could not be checked, what was adjusted.
  std::vector<std::string> remarks;
};

// One vendor. Stateless; every function gets the configuration, validated against the spec.
class Source {
 public:
  virtual ~Source() = default;

  virtual std::string_view name() const = 0;  // "clevertap"
  virtual std::string_view documentation_url() const = 0;
  virtual std::string_view connection_specification() const = 0;  // the text of spec/<name>.json

  // Renames what an older connector called differently, before the configuration is validated.
  virtual void migrate_config(Json& config) const = 0;

  // The one state that an older connector left for all streams (protocol::StateInput::legacy()), as states of this
  // source's streams by name; whatever it does not know it leaves out. Throws a config ConnectorError. nullopt: there
  // was no such connector.
  virtual std::optional<std::map<std::string, Json>> convert_legacy_state(const Json& /*legacy*/) const {
    return std::nullopt;
  }

  // Proves that a sync could work. Throws a config ConnectorError for what the user must mend.
  virtual CheckReport check(const Json& config, Context& context, const std::stop_token& stop) const = 0;

  // The streams there are with this configuration, in the order in which they are listed. May ask the vendor. Throws
  // ConnectorError.
  virtual std::vector<StreamDescription> discover(const Json& config, Context& context,
                                                  const std::stop_token& stop) const = 0;

  // The streams to read: all those of `names` (the configured catalog's) that exist with this configuration, others too
  // where that costs nothing. They share what one process shares of a vendor: its limits, its tokens. Asks the vendor
  // only where the names alone do not tell; what fails for one stream is that stream's failure, at its begin().
  virtual std::vector<std::unique_ptr<Stream>> streams(const Json& config, const std::set<std::string>& names,
                                                       Context& context, const std::stop_token& stop) const = 0;

  // Slices read at the same time.
  virtual std::size_t workers(const Json& config) const = 0;

  // Whether a person writes queries for this source where only list_queries() shows what becomes of them.
  virtual bool lists_queries() const { return false; }

  // What the command `queries` prints: an object for each, one with "error" for what cannot be asked. Throws
  // ConnectorError. REQUIRES: lists_queries().
  virtual std::vector<Json> list_queries(const Json& /*config*/, Context& /*context*/,
                                         const std::stop_token& /*stop*/) const {
    return {};
  }

  // The streams for the generated documentation, without a configuration.
  virtual std::vector<StreamDescription> documented_streams() const = 0;
};

}  // namespace engagement::engine
