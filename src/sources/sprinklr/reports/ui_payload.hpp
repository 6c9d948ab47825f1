#pragma once

#include <string>

#include "protocol/messages.hpp"

namespace engagement::sprinklr {

// Sprinklr's web application describes a report in a form of its own, which the browser's network tab shows:
// {"key":…, "timeFilter":…, "groupBys":[{"key":…, "field":…, "projections":[{"key":…, "measurement":…}]}]}. The API
// takes another: https://dev.sprinklr.com/reporting-blueprints.
bool is_ui_payload(const protocol::Json& payload);

// The same report in the API's form. Throws a config ConnectorError, `what` in it, for what has no known counterpart.
protocol::Json convert_ui_payload(const protocol::Json& payload, const std::string& what);

}  // namespace engagement::sprinklr
