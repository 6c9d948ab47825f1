#pragma once

#include <memory>
#include <string_view>

#include "json/padded_buffer.hpp"

namespace engagement::http {

// Streaming decompression of a `Content-Encoding: gzip` (several members too) or `deflate` (zlib or raw) body with
// ISA-L, chunk by chunk as the network delivers them. One inflater serves one body after another: begin() resets it.
// Not thread safe.
class Inflater {
 public:
  enum class Format { gzip, deflate };

  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void begin(Format format);
  // Appends what `chunk` inflates to. False when the data is corrupt (checksum included); the rest is then ignored.
  bool feed(std::string_view chunk, json::PaddedBuffer& out);
  // True when the last member ended where the data ended: false means that the body was cut.
  bool finished() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engagement::http
