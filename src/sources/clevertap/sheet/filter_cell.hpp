#pragma once

#include <string>

#include "sources/clevertap/sheet/cell.hpp"

namespace engagement::clevertap {

// What a filter's cell says, as CleverTap's query language writes it
// (https://developer.clevertap.com/docs/clevertap-query-language). Both append to a list of filters, nothing for an
// empty cell, and throw CellProblem.

// A filter with an operator, of the property `name`; `5..10` makes two.
void append_filters(protocol::Json& filters, const std::string& name, const Cell& cell);

// A filter of a session: a value or a list of values, without an operator.
void append_session_filter(protocol::Json& filters, const std::string& name, const Cell& cell);

}  // namespace engagement::clevertap
