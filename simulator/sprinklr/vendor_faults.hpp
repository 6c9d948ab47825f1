#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/common/faults.hpp"
#include "simulator/common/message.hpp"

namespace engagement::simulator::sprinklr {

// Every kind of fault this vendor's simulator knows.
const FaultKinds& fault_kinds();

// The answer that takes the place of the true one (`over_qps`, `try_again`, `app_errors`, …), or nullopt.
std::optional<Reply> vendor_replacement(const Fault& fault, std::uint64_t page_size);

// Faults that alter the text of one record ("record": its index on the page, 0 by default; the last one if there are
// fewer), or, with "all": true, of every one.
bool is_record_fault(const Fault& fault);
// REQUIRES is_record_fault(fault).
void alter_records(const Fault& fault, std::vector<std::string>& records);

}  // namespace engagement::simulator::sprinklr
