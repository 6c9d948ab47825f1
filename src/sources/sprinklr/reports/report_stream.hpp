#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// One configured report as a stream. `definition` is one of the config's reports.
std::unique_ptr<engine::Stream> make_report_stream(const Config& config, const ReportDefinition& definition,
                                                   const std::shared_ptr<Account>& account);

}  // namespace engagement::sprinklr
