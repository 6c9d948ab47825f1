#include "engine/record_batch.hpp"

#include <fmt/format.h>

#include "engine/stream_context.hpp"
#include "json/string_text.hpp"

namespace engagement::engine {

RecordBatch::RecordBatch(StreamContext& context) : context_(context) { lines_.reserve(kFlushBytes + 64 * 1024); }

void RecordBatch::stamp() {
  const auto& stream = context_.stream().descriptor;
  prefix_ = R"({"type":"RECORD","record":{"stream":)";
  json::append_quoted(prefix_, stream.name);
  if (stream.name_space) {
    prefix_ += R"(,"namespace":)";
    json::append_quoted(prefix_, *stream.name_space);
  }
  fmt::format_to(std::back_inserter(prefix_), R"(,"emitted_at":{},"data":)",
                 context_.environment().clock.now().time_since_epoch().count());
}

void RecordBatch::flush() {
  if (count_ == 0) return;
  context_.write_records(lines_, count_);
  lines_.clear();
  count_ = 0;
}

}  // namespace engagement::engine
