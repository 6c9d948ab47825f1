#pragma once

#include <memory>
#include <string>

#include "engine/record_batch.hpp"
#include "sources/clevertap/exports/event_plan.hpp"
#include "sources/clevertap/exports/export_page.hpp"
#include "sources/clevertap/exports/people_set.hpp"

namespace engagement::clevertap {

// Turns the records of one export into RECORD lines: what CleverTap sent, byte for byte, behind the fields that are
// added. One for each slice that is being read; not thread safe.
class RecordMaker {
 public:
  virtual ~RecordMaker() = default;

  // A new export of the same slice begins.
  virtual void export_began(SystemTime now) = 0;
  // Returns false when the record is not to be delivered again.
  virtual bool append(const ExportRecord& record, engine::RecordBatch& batch) = 0;
  // What it reads of a record by ExportRecord::member().
  const WantedMembers& wanted() const { return wanted_; }

 protected:
  explicit RecordMaker(WantedMembers wanted) : wanted_(std::move(wanted)) {}

 private:
  WantedMembers wanted_;
};

// What the slices of one sync share.
struct SharedSweep {
  PeopleSet people;
  bool several_events = false;
  // What a query adds to each record, `,"query_name":"…","context":{…}`, and the names of these members.
  std::string added_members;
  std::vector<std::string_view> added_names;
};

std::unique_ptr<RecordMaker> make_event_records(const Config& config, const EventSlice& slice,
                                                engine::StreamContext& context, SharedSweep& shared);
std::unique_ptr<RecordMaker> make_profile_records(const Config& config, const EventSlice& slice,
                                                  engine::StreamContext& context, SharedSweep& shared);

// Appends a value as JSON text in quotes: a string as it is, a number in quotes; anything else is null.
void append_as_text(std::string& out, std::string_view value);
// Appends the members of the object that `record` is, without its opening brace, after members that are already there;
// those named in `added` are left out, because ours take their place.
void append_members(std::string& out, const json::RecordSlice& record, bool has_collision,
                    const std::vector<std::string_view>& added);

}  // namespace engagement::clevertap
