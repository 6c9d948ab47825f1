#pragma once

#include "core/time_zone.hpp"
#include "sources/clevertap/sheet/cell.hpp"

namespace engagement::clevertap {

// The day that a cell of `from` or `to` names: a date cell (days since 1899-12-30, any time of the day dropped),
// YYYYMMDD as a number or as text, 2026-01-31 (a time behind it dropped, or, where it has an offset, seen from `zone`),
// `today`, `yesterday`, `-7d`. Throws CellProblem for anything else, a date before 1970 included: a number that small
// is no date that anybody meant.
// REQUIRES: the cell is not empty.
Day day_in_cell(const Cell& cell, Day today, const TimeZone& zone);

}  // namespace engagement::clevertap
