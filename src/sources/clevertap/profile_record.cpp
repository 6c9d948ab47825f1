#include <fmt/format.h>

#include <algorithm>

#include "core/time_text.hpp"
#include "engine/stream_context.hpp"
#include "json/canonical_hash.hpp"
#include "json/string_text.hpp"
#include "sources/clevertap/record_maker.hpp"

namespace engagement::clevertap {

namespace {

const std::vector<std::string_view> kAddedToProfiles = {"profile_id", "exported_at"};

// The text of a string or number; empty for anything else.
std::string text_or_empty(std::string_view value) {
  if (json::is_string(value)) return json::decode_string(json::string_content(value));
  const bool number = !value.empty() && (value.front() == '-' || (value.front() >= '0' && value.front() <= '9'));
  return number ? std::string(value) : std::string();
}

struct ProfileFields {
  std::string identity;
  std::string object_id;         // of the profile itself
  std::string device_object_id;  // the first of its devices that has one
  bool collision = false;
};

// One entry of platformInfo.
void read_device(json::ValueWalker& walker, ProfileFields& fields) {
  if (!walker.at_object()) {
    walker.skip_value();
    return;
  }
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    const std::string_view value = walker.skip_value();
    if (fields.device_object_id.empty() && json::same_key(key, "objectId"))
      fields.device_object_id = text_or_empty(value);
  }
}

void read_devices(json::ValueWalker& walker, ProfileFields& fields) {
  if (!walker.at_array()) {
    walker.skip_value();
    return;
  }
  walker.enter_array();
  while (walker.next_element()) read_device(walker, fields);
}

ProfileFields read_profile_fields(json::ValueWalker walker, const std::vector<std::string_view>& added) {
  ProfileFields fields;
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    if (json::same_key(key, "platformInfo")) {
      read_devices(walker, fields);
      continue;
    }
    const std::string_view value = walker.skip_value();
    if (json::same_key(key, "identity")) fields.identity = text_or_empty(value);
    if (json::same_key(key, "objectId")) fields.object_id = text_or_empty(value);
    if (!fields.collision) {
      fields.collision = std::any_of(added.begin(), added.end(), [&](auto name) { return json::same_key(key, name); });
    }
  }
  return fields;
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
  ProfileRecordMaker(engine::StreamContext& context, SharedSweep& shared) : context_(context), shared_(shared) {
    added_.insert(added_.end(), shared.added_names.begin(), shared.added_names.end());
  }

  void export_began(SystemTime now) override { exported_at_ = to_rfc3339(now); }

  bool append(const RecordSlice& record, engine::RecordBatch& batch) override {
    const ProfileFields fields = read_profile_fields(record.walker, added_);
    const std::string id = profile_id(fields, record);
    if (shared_.several_events && is_known(id)) return false;
    std::string& out = batch.begin_record();
    out += R"({"profile_id":)";
    json::append_quoted(out, id);
    out += R"(,"exported_at":")";
    out += exported_at_;
    out.push_back('"');
    out += shared_.added_members;
    if (fields.collision) {
      context_.warn_once("collision",
                         fmt::format("CleverTap sent top-level fields named like fields that the connector adds ({}); "
                                     "the connector's values stand in the records",
                                     fmt::join(added_, ", ")));
    }
    append_members(out, record, fields.collision, added_);
    batch.end_record();
    return true;
  }

 private:
  std::string profile_id(const ProfileFields& fields, const RecordSlice& record) {
    if (!fields.identity.empty()) return fields.identity;
    if (!fields.object_id.empty()) return fields.object_id;
    if (!fields.device_object_id.empty()) return fields.device_object_id;
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
  std::vector<std::string_view> added_ = kAddedToProfiles;
  std::string exported_at_;
};

}  // namespace

std::unique_ptr<RecordMaker> make_profile_records(const Config& /*config*/, const EventSlice& /*slice*/,
                                                  engine::StreamContext& context, SharedSweep& shared) {
  return std::make_unique<ProfileRecordMaker>(context, shared);
}

}  // namespace engagement::clevertap
