#pragma once

#include <memory>
#include <optional>

#include "core/error.hpp"
#include "engine/stream.hpp"
#include "sources/clevertap/sheet/sheet_rows.hpp"

namespace engagement::clevertap {

// What one command knows of the query sheet: its rows, or why they could not be read.
struct SheetReading {
  SheetRows rows;
  std::optional<ConnectorError> failure;
};

engine::StreamDescription describe_sheet_rows();

// The rows of the sheet as records: who asked for what.
std::unique_ptr<engine::Stream> make_sheet_rows_stream(std::shared_ptr<const SheetReading> sheet);

}  // namespace engagement::clevertap
