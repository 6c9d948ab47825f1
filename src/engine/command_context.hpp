#pragma once

#include "engine/context.hpp"
#include "engine/logger.hpp"

namespace engagement::engine {

// The context of `check` and `discover`: no stream, no state.
class CommandContext final : public Context {
 public:
  CommandContext(Environment& environment, Logger& logger) : Context(environment), logger_(logger) {}

  void log(LogLevel level, std::string_view text) override { logger_.log(level, text); }
  void warn_once(std::string_view key, std::string_view text) override { logger_.warn_once(key, text); }
  void wait(std::chrono::milliseconds duration, WaitReason /*reason*/, const std::stop_token& stop) override {
    environment().clock.wait_for(duration, stop);
  }
  void answered(const http::Response& /*response*/) override {}

 private:
  Logger& logger_;
};

}  // namespace engagement::engine
