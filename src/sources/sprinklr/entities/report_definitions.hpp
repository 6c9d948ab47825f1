#pragma once

#include <memory>

#include "engine/stream.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// The stream of every reporting engine's reports: one request for the engines, one for each of them
// (https://dev.sprinklr.com/reporting-blueprints).
inline constexpr std::string_view kReportDefinitions = "report_definitions";

engine::StreamDescription describe_report_definitions();
std::unique_ptr<engine::Stream> make_report_definitions_stream(std::shared_ptr<Account> account,
                                                               std::string_view permission);

}  // namespace engagement::sprinklr
