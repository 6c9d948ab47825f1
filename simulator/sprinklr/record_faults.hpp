#pragma once

#include "simulator/sprinklr/vendor_faults.hpp"

namespace engagement::simulator::sprinklr {

const FaultKinds& record_fault_kinds();

// White space and line ends between all tokens. Nothing inside a string or number changes.
std::string pretty(std::string_view json);

}  // namespace engagement::simulator::sprinklr
