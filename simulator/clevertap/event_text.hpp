#pragma once

#include <string>

#include "simulator/clevertap/person_text.hpp"

namespace engagement::simulator::clevertap {

// A record of the events export (reference section 3, "captured live"; the values are invented). Its text depends on
// the row and the flags alone. Immutable and thread safe.
class EventText {
 public:
  // `record_bytes`: about the size of a record with all flags but `events`, where that is more than it has anyway.
  EventText(const Corpus& corpus, const PersonText& people, std::uint64_t record_bytes);

  void put_record(std::string& out, const Row& row, Flags flags) const;
  // The objects that stand in it.
  void put_event_props(std::string& out, const Row& row) const;
  void put_session_props(std::string& out, const Row& row) const;

 private:
  const Corpus& corpus_;
  const PersonText& people_;
  std::uint64_t padding_;  // bytes of text that bring a record to its size, on average
};

}  // namespace engagement::simulator::clevertap
