#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "protocol/writer.hpp"

namespace engagement::engine {

// LOG messages. DEBUG only where asked for (--debug, LOG_LEVEL=debug). Thread safe.
class Logger {
 public:
  Logger(protocol::Writer& writer, bool debug) : writer_(writer), debug_(debug) {}

  void log(protocol::LogLevel level, std::string_view text) {
    if (level == protocol::LogLevel::debug && !debug_) return;
    writer_.write(protocol::log_message(level, text));
  }

  void warn_once(std::string_view key, std::string_view text) {
    {
      const std::lock_guard lock(mutex_);
      if (!warned_.emplace(key).second) return;
    }
    log(protocol::LogLevel::warn, text);
  }

 private:
  protocol::Writer& writer_;
  bool debug_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> warned_;
};

}  // namespace engagement::engine
