#pragma once

#include <string_view>

namespace engagement::protocol {

// Where the writer's bytes go: stdout, or a test's memory. Called with whole lines, never concurrently.
class RecordSink {
 public:
  virtual ~RecordSink() = default;

  // Returns once the bytes are handed to the kernel (or kept). Throws Stopped when nobody reads any more (EPIPE).
  virtual void write(std::string_view lines) = 0;
};

}  // namespace engagement::protocol
