#include <fmt/format.h>

#include <algorithm>

#include "engine/stream_context.hpp"
#include "json/canonical_hash.hpp"
#include "json/string_text.hpp"
#include "sources/clevertap/exports/event_time.hpp"
#include "sources/clevertap/exports/identical_rows.hpp"
#include "sources/clevertap/exports/record_maker.hpp"

namespace engagement::clevertap {

namespace {

const std::vector<std::string_view> kAddedToEvents = {"event_id", "event_name", "event_time", "object_id", "identity"};

// In the order of WantedMembers::names.
constexpr std::size_t kProfile = 0, kTs = 1, kEventProps = 2, kSessionProps = 3;
const std::vector<std::string_view> kRead = {"profile", "ts", "event_props", "session_props"};

// What an event's id and added fields are made of; views into the page.
struct EventFields {
  std::string_view ts;
  std::string_view object_id;
  std::string_view identity;
  json::Hash128 event_props;
  json::Hash128 session_props;
};

void read_profile(json::ValueWalker walker, EventFields& fields) {
  if (!walker.at_object()) return;
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const std::string_view value = walker.skip_value();
    if (json::same_key(key, "objectId")) fields.object_id = value;
    if (json::same_key(key, "identity")) fields.identity = value;
  }
}

json::Hash128 hash_of(std::optional<json::ValueWalker> value) {
  return value ? json::hash_value(*value) : json::Hash128();
}

EventFields read_event_fields(const ExportRecord& record) {
  EventFields fields;
  if (const auto profile = record.member(kProfile)) read_profile(*profile, fields);
  fields.ts = record.value(kTs);
  fields.event_props = hash_of(record.member(kEventProps));
  fields.session_props = hash_of(record.member(kSessionProps));
  return fields;
}

std::vector<std::string_view> added_by(const SharedSweep& shared) {
  auto added = kAddedToEvents;
  added.insert(added.end(), shared.added_names.begin(), shared.added_names.end());
  return added;
}

// The eight bytes in the same order on every architecture.
void append_word(std::string& bytes, std::uint64_t word) {
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(word >> shift));
}

void append_bytes(std::string& bytes, const json::Hash128& hash) {
  append_word(bytes, hash.low);
  append_word(bytes, hash.high);
}

class EventRecordMaker final : public RecordMaker {
 public:
  EventRecordMaker(const Config& config, const EventSlice& slice, engine::StreamContext& context,
                   const SharedSweep& shared)
      : RecordMaker({kRead, added_by(shared)}),
        context_(context),
        event_(slice.event),
        time_(config.zone),
        query_members_(shared.added_members) {
    json::append_quoted(quoted_event_, event_);
  }

  void export_began(SystemTime /*now*/) override { identical_rows_.clear(); }

  bool append(const ExportRecord& record, engine::RecordBatch& batch) override {
    const EventFields fields = read_event_fields(record);
    std::string& out = batch.begin_record();
    out += R"({"event_id":")";
    json::append_hex(out, event_id(fields));
    out += R"(","event_name":)";
    out += quoted_event_;
    out += R"(,"event_time":)";
    if (!time_.append(out, fields.ts)) append_no_time(out, fields.ts);
    out += R"(,"object_id":)";
    append_as_text(out, fields.object_id);
    out += R"(,"identity":)";
    append_as_text(out, fields.identity);
    out += query_members_;
    if (record.collision) warn_of_collision();
    append_members(out, record, record.collision, wanted().added);
    batch.end_record();
    return true;
  }

 private:
  // The same row has the same id in every sync; rows that are the same in every way are told apart by an ordinal.
  json::Hash128 event_id(const EventFields& fields) {
    scratch_.clear();
    for (const std::string_view part : {std::string_view(event_), fields.object_id, fields.ts}) {
      scratch_ += part;
      scratch_.push_back('\0');
    }
    append_bytes(scratch_, fields.event_props);
    append_bytes(scratch_, fields.session_props);
    const json::Hash128 row = json::hash_bytes(scratch_);
    const std::uint32_t ordinal = identical_rows_.add(row);
    if (ordinal == 0) return row;
    scratch_ += std::to_string(ordinal);
    return json::hash_bytes(scratch_);
  }

  void append_no_time(std::string& out, std::string_view ts) {
    out += "null";
    context_.warn_once("ts", "at least one event has a \"ts\" that is no date (" + std::string(ts.substr(0, 40)) +
                                 "); its event_time is null");
  }

  void warn_of_collision() {
    context_.warn_once(
        "collision",
        fmt::format("CleverTap sent top-level fields named like fields that the connector adds ({}); the connector's "
                    "values stand in the records",
                    fmt::join(wanted().added, ", ")));
  }

  engine::StreamContext& context_;
  std::string event_;
  std::string quoted_event_;
  EventTime time_;
  std::string query_members_;
  IdenticalRows identical_rows_;
  std::string scratch_;
};

}  // namespace

std::unique_ptr<RecordMaker> make_event_records(const Config& config, const EventSlice& slice,
                                                engine::StreamContext& context, SharedSweep& shared) {
  return std::make_unique<EventRecordMaker>(config, slice, context, shared);
}

}  // namespace engagement::clevertap
