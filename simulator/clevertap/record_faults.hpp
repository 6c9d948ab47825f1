#pragma once

#include <string>
#include <string_view>

#include "simulator/common/faults.hpp"

namespace engagement::simulator::clevertap {

// Faults that alter the text of one record ("record": its index on the page, 0 by default; the last one if there are
// fewer), or, with "all": true, of every one.
const FaultKinds& record_fault_kinds();

bool is_record_fault(const Fault& fault);
// Alters a record as the fault says. REQUIRES is_record_fault(fault).
void alter_record(const Fault& fault, std::string& record);

// Puts `members` (`"a":1,"b":2`) first into the object that is the value of the first of `"event_props"`,
// `"profileData"` in the record, or, with `top`, into the record itself.
void insert_members(std::string& record, std::string_view members, bool top);

}  // namespace engagement::simulator::clevertap
