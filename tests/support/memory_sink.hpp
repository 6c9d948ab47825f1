#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "protocol/messages.hpp"
#include "protocol/sink.hpp"

namespace engagement::test {

// Keeps what the writer sends to stdout. Thread safe, so a test may look while workers still write.
class MemorySink final : public protocol::RecordSink {
 public:
  // The reader goes away after `writes` further calls of write(): every later one throws Stopped and keeps nothing.
  void close_after(std::size_t writes) {
    const std::lock_guard lock(mutex_);
    writes_left_ = writes;
  }

  // Called with what is about to be written; a reader that stands still lets it wait. Set it before any write.
  void before_write(std::function<void(std::string_view)> call) { before_write_ = std::move(call); }

  void write(std::string_view lines) override {
    if (before_write_) before_write_(lines);
    const std::lock_guard lock(mutex_);
    if (writes_left_ == 0) throw Stopped();
    --writes_left_;
    writes_.emplace_back(lines);
  }

  // Each call of write(), in order.
  std::vector<std::string> writes() const {
    const std::lock_guard lock(mutex_);
    return writes_;
  }

  // Everything written so far.
  std::string text() const {
    std::string all;
    for (const auto& part : writes()) all += part;
    return all;
  }

  // The lines without their '\n'. A last line that lacks its '\n' is given as it is.
  std::vector<std::string> lines() const {
    const std::string all = text();
    std::vector<std::string> result;
    for (std::size_t begin = 0; begin < all.size();) {
      const std::size_t end = std::min(all.find('\n', begin), all.size());
      result.push_back(all.substr(begin, end - begin));
      begin = end + 1;
    }
    return result;
  }

  // The lines as JSON. Throws nlohmann's parse_error for a line that is none.
  std::vector<protocol::Json> messages() const {
    std::vector<protocol::Json> result;
    for (const auto& line : lines()) result.push_back(protocol::Json::parse(line));
    return result;
  }

  // The messages of one type: "RECORD", "STATE", "TRACE" …
  std::vector<protocol::Json> messages(std::string_view type) const {
    std::vector<protocol::Json> result;
    for (auto& message : messages()) {
      if (message.value("type", "") == type) result.push_back(std::move(message));
    }
    return result;
  }

 private:
  std::function<void(std::string_view)> before_write_;
  mutable std::mutex mutex_;
  std::vector<std::string> writes_;
  std::size_t writes_left_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace engagement::test
