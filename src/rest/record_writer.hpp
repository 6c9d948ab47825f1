#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record_batch.hpp"
#include "json/padded_buffer.hpp"
#include "rest/read_pages.hpp"

namespace engagement::rest {

// Turns a vendor's record into what is delivered. One for each slice that is being read; not thread safe.
class RecordMaker {
 public:
  virtual ~RecordMaker() = default;

  // Appends the record as one JSON object to `out`. False: it is not to be delivered, whatever was appended.
  virtual bool append(const json::RecordSlice& record, std::string& out) = 0;
};

// Delivers the record as it came.
class VerbatimRecords final : public RecordMaker {
 public:
  bool append(const json::RecordSlice& record, std::string& out) override {
    out += record.text;
    return true;
  }
};

// Writes the records of pages as RECORD lines, and shows them, as delivered, to the drift report. Two kinds are left
// out, with one warning each: an empty record, which the platform drops without a word, and in incremental with
// append_dedup an object whose primary key is null altogether, at which the whole sync would fail.
class RecordWriter final : public PageConsumer {
 public:
  RecordWriter(RecordMaker& maker, engine::StreamContext& context)
      : maker_(maker), context_(context), key_(key_needed_by(context)), batch_(context) {}

  void page(const Page& page) override;
  // One record, flushed with the next page's, or by flush().
  void record(const json::RecordSlice& record);
  void flush() { batch_.flush(); }

 private:
  static std::vector<std::string> key_needed_by(const engine::StreamContext& context);
  bool has_key(const json::RecordSlice& record, std::string_view made);
  void leave_out(std::string_view why);
  json::ValueWalker walk(std::string_view made);

  RecordMaker& maker_;
  engine::StreamContext& context_;
  const std::vector<std::string> key_;  // paths; empty: the record may be without one
  engine::RecordBatch batch_;
  json::PaddedBuffer observed_;
  json::StructuralIndex index_;
};

}  // namespace engagement::rest
