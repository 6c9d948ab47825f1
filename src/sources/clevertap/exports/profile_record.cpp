#include <fmt/format.h>

#include <algorithm>

#include "core/time_text.hpp"
#include "engine/stream_context.hpp"
#include "json/canonical_hash.hpp"
#include "json/string_text.hpp"
#include "sources/clevertap/exports/record_maker.hpp"

namespace engagement::clevertap {

namespace {

const std::vector<std::string_view> kAddedToProfiles = {"profile_id", "exported_at"};

// The text of a string or number; empty for anything else.
std::string text_or_empty(std::string_view value) {
  if (json::is_string(value)) return json::decode_string(json::string_content(value));
  const bool number = !value.empty() && (value.front() == '-' || (value.front() >= '0' && value.front() <= '9'));
  return number ? std::string(value) : std::string();
}

// In the order of WantedMembers::names.
constexpr std::size_t kIdentity = 0, kObjectId = 1, kPlatformInfo = 2;
const std::vector<std::string_view> kRead = {"identity", "objectId", "platformInfo"};

// The objectId of one entry of platformInfo; empty where it has none.
std::string device_id(json::ValueWalker& walker) {
  std::string id;
  if (!walker.at_object()) {
    walker.skip_value();
    return id;
  }
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const std::string_view value = walker.skip_value();
    if (id.empty() && json::same_key(key, "objectId")) id = text_or_empty(value);
  }
  return id;
}

// Of the first device that has one.
std::string first_device_id(std::optional<json::ValueWalker> devices) {
  if (!devices || !devices->at_array()) return {};
  devices->enter_array();
  while (devices->next_element()) {
    if (auto id = device_id(*devices); !id.empty()) return id;
  }
  return {};
}

std::vector<std::string_view> added_by(const SharedSweep& shared) {
  auto added = kAddedToProfiles;
  added.insert(added.end(), shared.added_names.begin(), shared.added_names.end());
  return added;
}

// For a profile without any id: a hash of what it says, without the counts of its events, which change.
std::string id_from_content(json::ValueWalker walker) {
  json::Hash128 sum;
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const std::string_view name = key;
    const json::Hash128 value = json::hash_value(walker);
    if (json::same_key(name, "events")) continue;
    const json::Hash128 member = json::hash_bytes(json::decode_string(name) + '\0' + json::to_hex(value));
    sum.low += member.low;
    sum.high += member.high;
  }
  return "hash:" + json::to_hex(sum);
}

class ProfileRecordMaker final : public RecordMaker {
 public:
  ProfileRecordMaker(engine::StreamContext& context, SharedSweep& shared)
      : RecordMaker({kRead, added_by(shared)}), context_(context), shared_(shared) {}

  void export_began(SystemTime now) override { exported_at_ = to_rfc3339(now); }

  bool append(const ExportRecord& record, engine::RecordBatch& batch) override {
    const std::string id = profile_id(record);
    if (shared_.several_events && is_known(id)) return false;
    std::string& out = batch.begin_record();
    out += R"({"profile_id":)";
    json::append_quoted(out, id);
    out += R"(,"exported_at":")";
    out += exported_at_;
    out.push_back('"');
    out += shared_.added_members;
    if (record.collision) {
      context_.warn_once("collision",
                         fmt::format("CleverTap sent top-level fields named like fields that the connector adds ({}); "
                                     "the connector's values stand in the records",
                                     fmt::join(wanted().added, ", ")));
    }
    append_members(out, record, record.collision, wanted().added);
    batch.end_record();
    return true;
  }

 private:
  std::string profile_id(const ExportRecord& record) {
    if (auto identity = text_or_empty(record.value(kIdentity)); !identity.empty()) return identity;
    if (auto object_id = text_or_empty(record.value(kObjectId)); !object_id.empty()) return object_id;
    if (auto device = first_device_id(record.member(kPlatformInfo)); !device.empty()) return device;
    context_.warn_once("no id",
                       "at least one profile has neither an identity nor an objectId; its profile_id is a hash of its "
                       "content and changes with it");
    return id_from_content(record.walker);
  }

  bool is_known(const std::string& id) {
    const auto added = shared_.people.add(json::hash_bytes(id).low);
    if (added == PeopleSet::Added::full) {
      context_.warn_once(
          "people",
          "more people than can be remembered; those who did several of the events may be delivered more "
          "than once, under the same profile_id");
    }
    return added == PeopleSet::Added::known;
  }

  engine::StreamContext& context_;
  SharedSweep& shared_;
  std::string exported_at_;
};

}  // namespace

std::unique_ptr<RecordMaker> make_profile_records(const Config& /*config*/, const EventSlice& /*slice*/,
                                                  engine::StreamContext& context, SharedSweep& shared) {
  return std::make_unique<ProfileRecordMaker>(context, shared);
}

}  // namespace engagement::clevertap
