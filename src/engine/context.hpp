#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/environment.hpp"
#include "protocol/messages.hpp"

namespace engagement::engine {

using protocol::Json;
using protocol::LogLevel;

enum class WaitReason {
  retry,       // the last call failed
  rate_limit,  // the vendor asked for less; announced to the platform when it takes long
  preparing,   // the vendor is still preparing the answer
};

// On whose behalf a call is made: a stream that is read, or a command. Thread safe.
class Context {
 public:
  explicit Context(Environment& environment) : environment_(environment) {}
  virtual ~Context() = default;

  Environment& environment() { return environment_; }

  virtual void log(LogLevel level, std::string_view text) = 0;
  // A warning that is worth one line, however often its cause occurs: later calls with the same `key` do nothing.
  virtual void warn_once(std::string_view key, std::string_view text) = 0;
  // Sleeps, keeping the platform informed. Throws Stopped.
  virtual void wait(std::chrono::milliseconds duration, WaitReason reason, const std::stop_token& stop) = 0;
  // Every answer, for the statistics.
  virtual void answered(const http::Response& response) = 0;

 private:
  Environment& environment_;
};

}  // namespace engagement::engine
