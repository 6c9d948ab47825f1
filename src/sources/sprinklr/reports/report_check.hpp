#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// Asks for one row of the report, which proves that Sprinklr accepts it. Throws ConnectorError.
void probe_report(const Config& config, const ReportDefinition& report, const std::shared_ptr<Account>& account,
                  engine::Context& context, const std::stop_token& stop);

// The report's stream. What a payload does not tell, the columns of a flattened report or of a widget, is taken from a
// sample of its newest rows. Throws ConnectorError.
engine::StreamDescription discover_report(const Config& config, const ReportDefinition& report,
                                          const std::shared_ptr<Account>& account, engine::Context& context,
                                          const std::stop_token& stop);

}  // namespace engagement::sprinklr
