#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "protocol/messages.hpp"

namespace engagement::engine {

class StreamContext;

// RECORD lines of one stream, built in place and handed to the writer 240 KB at a time. One for each worker; not thread
// safe. A record's data is appended as finished JSON:
//
//   std::string& out = batch.begin_record();
//   out += "{…}";
//   batch.end_record();
//
// What has not been flushed when the batch is destroyed is dropped: that slice failed.
class RecordBatch {
 public:
  explicit RecordBatch(StreamContext& context);

  std::string& begin_record() {
    if (lines_.empty()) stamp();
    begun_at_ = lines_.size();
    lines_ += prefix_;
    return lines_;
  }
  // Instead of end_record(): the record is not delivered after all.
  void drop_record() { lines_.resize(begun_at_); }
  void end_record() {
    lines_ += "}}\n";
    ++count_;
    if (lines_.size() >= kFlushBytes) flush();
  }
  // At a page's end, so that no record waits for the next page.
  void flush();

 private:
  static constexpr std::size_t kFlushBytes = 240 * 1024;
  void stamp();

  StreamContext& context_;
  std::string prefix_;  // `{"type":"RECORD","record":{"stream":"…","emitted_at":…,"data":`
  std::string lines_;
  std::size_t begun_at_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace engagement::engine
