#pragma once

#include <string>

#include "simulator/common/faults.hpp"
#include "simulator/kustomer/page.hpp"

namespace engagement::simulator::kustomer {

// The faults of one record of a page, or of the page's text.
const FaultKinds& record_fault_kinds();
bool is_record_fault(const Fault& fault);

// The page's text as the fault has it.
std::string spoiled_text(const Fault& fault, LaidOut page);

}  // namespace engagement::simulator::kustomer
