#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <utility>

#include "core/redactor.hpp"
#include "protocol/messages.hpp"
#include "protocol/sink.hpp"

namespace engagement::protocol {

// The one writer of protocol messages. Thread safe: every call writes whole lines under one lock and returns when the
// sink has them, so a STATE written after a batch covers it, lines never interleave, and a slow reader of stdout slows
// its callers down.
class Writer {
 public:
  // `stop`: the process is to end soon.
  Writer(RecordSink& sink, const Redactor& redactor, std::stop_token stop = {})
      : sink_(sink), redactor_(redactor), stop_(std::move(stop)) {}

  // Finished RECORD lines, each ending in '\n'. Written as they are: redaction never alters a record. Throws Stopped,
  // and writes nothing, when the process is to end: a slow reader would not take them in time.
  void write_records(std::string_view lines);

  // One line, whatever bytes its texts hold: bad UTF-8 becomes U+FFFD; U+0085, U+2028 and U+2029 are escaped.
  // LOG, TRACE and CONNECTION_STATUS have secrets redacted in every text but the protocol's own words and stream names,
  // and no text longer than 50,000 characters; everything else (STATE, CONTROL, SPEC, CATALOG) is written as it is.
  void write(const Json& message);

 private:
  RecordSink& sink_;
  const Redactor& redactor_;
  std::stop_token stop_;
  std::mutex mutex_;
};

// Whether nobody reads what is written to this descriptor any more: the pipe's other end is closed.
bool reader_is_gone(int file_descriptor);

// Standard output. Writes never larger than the pipe holds, so that a reader always gets whole chunks; makes a pipe
// 256 KB large where the system allows. EPIPE throws Stopped, is remembered, and requests the stop of everything else;
// any other failure is a system ConnectorError. REQUIRES: SIGPIPE is ignored.
class StdoutSink final : public RecordSink {
 public:
  explicit StdoutSink(int file_descriptor = 1, std::stop_source stop = std::stop_source(std::nostopstate));
  void write(std::string_view lines) override;
  // The reader went away: the process ends quietly with exit code 1.
  bool closed() const { return closed_; }

 private:
  int file_descriptor_;
  std::stop_source stop_;
  std::size_t chunk_;
  std::atomic<bool> closed_ = false;
};

}  // namespace engagement::protocol
