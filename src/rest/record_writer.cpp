#include "rest/record_writer.hpp"

#include "engine/stream_context.hpp"

namespace engagement::rest {

void RecordWriter::page(const Page& page) {
  for (const auto& slice : page.records()) record(slice);
  batch_.flush();
}

void RecordWriter::record(const json::RecordSlice& record) {
  std::string& out = batch_.begin_record();
  const std::size_t begin = out.size();
  if (!maker_.append(record, out)) {
    batch_.drop_record();
    return;
  }
  engine::DriftReport* drift = context_.drift();
  if (drift != nullptr && drift->wants_next()) observe(std::string_view(out).substr(begin));
  batch_.end_record();
}

// What was made stands in no index, so it gets one of its own.
void RecordWriter::observe(std::string_view record) {
  observed_.clear();
  observed_.append(record);
  index_.build(observed_);
  context_.drift()->observe(json::ValueWalker(observed_, index_));
}

}  // namespace engagement::rest
