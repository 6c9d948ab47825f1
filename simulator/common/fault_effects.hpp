#pragma once

#include "simulator/common/faults.hpp"
#include "simulator/common/message.hpp"

namespace engagement::simulator {

// The faults that any HTTP API can have. A vendor's simulator adds its own kinds to this table.
const FaultKinds& common_fault_kinds();

// The reply that takes the place of the true one (`status`, `html_page`, `garbage`), or nullopt where the fault alters
// a true reply. The request was then not carried out.
std::optional<Reply> replacement(const Fault& fault);

// Alters a true reply on its way (`truncate_body`, `truncate_gzip`, `corrupt_gzip`, `reset`, `stall`, `slow`); other
// kinds leave it.
void spoil(const Fault& fault, Reply& reply);

}  // namespace engagement::simulator
