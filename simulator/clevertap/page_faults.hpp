#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/clevertap/exports.hpp"
#include "simulator/common/faults.hpp"

namespace engagement::simulator::clevertap {

// Every kind of fault this vendor's simulator knows.
const FaultKinds& fault_kinds();

// The failure that takes the place of a true answer (`code2`, `rate429`, `invalid_event`, …), or nullopt.
std::optional<Reply> vendor_replacement(const Fault& fault);

// How many records the fault leaves to a page when it is first served; the rest comes with the next.
std::uint64_t most_records(const Fault& fault, std::uint64_t batch);

// The page of which the cursor is handed out with this page: the next one, but for `repeat_cursor` and `cursor_cycle`.
std::uint32_t next_page(const std::optional<Fault>& fault, std::uint32_t page);

// What a page is made of, before it is text.
struct PageLayout {
  std::vector<std::string> records;
  std::string next_cursor;  // empty on the terminal page
  bool cursor_first = false;
  bool terminal = false;
};

// Alters the records the fault is about, if it is about records.
void alter_records(const Fault& fault, std::vector<std::string>& records);

// Whether the fault wants the page laid out by spoiled_text(), rather than served from memory.
bool alters_text(const Fault& fault);
std::string spoiled_text(const Fault& fault, PageLayout layout);

}  // namespace engagement::simulator::clevertap
