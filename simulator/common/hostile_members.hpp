#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "simulator/common/faults.hpp"

namespace engagement::simulator {

// The faults that put members into a record which a reader may stumble over (`bad_utf8`, `lone_surrogate`,
// `raw_newline`, `line_separator`, `bad_number`, `deep_nesting`, `huge_numbers`, `duplicate_keys`), with their
// parameters. Where in the record they go is the vendor's business.
const std::map<std::string, FaultParameters>& hostile_member_kinds();

// `"name":value,…` without braces; nullopt for another kind of fault.
std::optional<std::string> hostile_members(const Fault& fault);

// White space and line ends between all tokens. Nothing inside a string or number changes.
std::string pretty(std::string_view json_text);

}  // namespace engagement::simulator
