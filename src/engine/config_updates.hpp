#pragma once

#include <string_view>

#include "protocol/messages.hpp"

namespace engagement::engine {

// Where a source leaves what must outlive the process: a single-use token that took another's place. Thread safe.
class ConfigUpdates {
 public:
  virtual ~ConfigUpdates() = default;

  // `config` is the whole configuration, secrets included: the platform replaces the stored one by it. Returns when it
  // has been handed over, so call it before the new values are first used. Throws ConnectorError where it cannot be
  // stored, Stopped where nobody reads any more.
  virtual void replace(const protocol::Json& config) = 0;
  // Before a single-use token is used up: throws a config ConnectorError where replace() could not store its successor.
  virtual void prepare() = 0;
  // A text that no log, error or status may show from now on.
  virtual void add_secret(std::string_view secret) = 0;
};

}  // namespace engagement::engine
