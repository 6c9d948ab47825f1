#pragma once

#include <span>

#include "rest/rules.hpp"

namespace engagement::clevertap {

// How CleverTap's answers are judged (https://developer.clevertap.com/docs/api-errors), before the default rules.
std::span<const rest::Rule> common_rules();
// The common rules and those of one kind of endpoint.
std::span<const rest::Rule>
query_rules();  // counts, and the POST of a query's export; `restart`: the req_id or cursor is gone
std::span<const rest::Rule> page_rules();    // the GET of an export's page
std::span<const rest::Rule> result_rules();  // of a campaign; `skip`: there is none yet, or no such campaign
std::span<const rest::Rule> proof_rules();   // of credentials; `skip`: good ones, without the right to the endpoint
std::span<const rest::Rule> lookup_rules();  // of one profile; `skip`: there is no such person

// The name of the rows by which a campaign itself is not there.
inline constexpr std::string_view kNoSuchCampaign = "no such campaign";

// `skip`: 401, 403 or 404. Everything else is `ok`.
std::span<const rest::Rule> probe_rules();

}  // namespace engagement::clevertap
