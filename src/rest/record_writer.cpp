#include "rest/record_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/stream_context.hpp"
#include "json/member_at.hpp"

namespace engagement::rest {

namespace {

bool is_empty(std::string_view object) { return object[object.find_first_not_of(" \t\r\n", 1)] == '}'; }

}  // namespace

std::vector<std::string> RecordWriter::key_needed_by(const engine::StreamContext& context) {
  const auto& stream = context.stream();
  std::vector<std::string> paths;
  if (stream.sync_mode != protocol::SyncMode::incremental || stream.destination_sync_mode != "append_dedup") {
    return paths;
  }
  for (const auto& path : stream.primary_key) paths.push_back(fmt::format("{}", fmt::join(path, ".")));
  return paths;
}

void RecordWriter::page(const Page& page) {
  for (const auto& slice : page.records()) record(slice);
  batch_.flush();
}

void RecordWriter::record(const json::RecordSlice& record) {
  std::string& out = batch_.begin_record();
  const std::size_t begin = out.size();
  if (!maker_.append(record, out)) return batch_.drop_record();
  const auto made = std::string_view(out).substr(begin);
  if (is_empty(made)) return leave_out("is empty");
  if (!key_.empty() && !has_key(record, made)) return leave_out("has no primary key");
  engine::DriftReport* drift = context_.drift();
  if (drift != nullptr && drift->wants_next()) drift->observe(walk(made));
  batch_.end_record();
}

// As a rule the key is the vendor's own and stands at the record's beginning. A row that is no object got its key here.
bool RecordWriter::has_key(const json::RecordSlice& record, std::string_view made) {
  const auto is_in = [&](const json::ValueWalker& walker) {
    return std::any_of(key_.begin(), key_.end(),
                       [&](const auto& path) { return json::member_at(walker, path).value_or("null") != "null"; });
  };
  return !record.walker.at_object() || is_in(record.walker) || is_in(walk(made));
}

void RecordWriter::leave_out(std::string_view why) {
  batch_.drop_record();
  context_.warn_once(why, fmt::format("a record that {} is left out, like any other such one", why));
}

// What was made stands in no index, so it gets one of its own.
json::ValueWalker RecordWriter::walk(std::string_view made) {
  observed_.clear();
  observed_.append(made);
  index_.build(observed_);
  return json::ValueWalker(observed_, index_);
}

}  // namespace engagement::rest
