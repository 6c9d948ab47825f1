#pragma once

#include <string>

#include "simulator/common/draw.hpp"
#include "simulator/kustomer/organisation.hpp"

namespace engagement::simulator::kustomer {

// The JSON of rows: {"type","id","attributes","relationships","links"}, with all the oddities that live data has
// (docs/simulator-kustomer.md lists them). A pure function of the row. Immutable, thread safe.
class RecordText {
 public:
  explicit RecordText(const Organisation& organisation);

  void put_record(std::string& out, Kind kind, const Row& row) const;
  std::string record(Kind kind, const Row& row) const;
  // What `idsOnly` leaves of it.
  void put_identity(std::string& out, Kind kind, const Row& row) const;

 private:
  const Organisation& organisation_;
  std::uint64_t conversation_padding_ = 0, message_padding_ = 0;
};

// "2026-01-31T10:20:30.123Z" with the quotes.
void put_time(std::string& out, SystemTime time);
std::string time_text(SystemTime time);

}  // namespace engagement::simulator::kustomer
