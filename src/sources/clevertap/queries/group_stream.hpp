#pragma once

#include <memory>
#include <vector>

#include "engine/stream.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/day_plan.hpp"
#include "sources/clevertap/queries/query.hpp"

namespace engagement::clevertap {

// A query of kind trends or top_property_values: one record for each group and bucket, or group and value, of the whole
// period.
std::unique_ptr<engine::Stream> make_group_stream(const Query& query, const Config& config,
                                                  std::shared_ptr<const Account> account);

// A trend spans at most a year (https://developer.clevertap.com/docs/trends-api): the requests that a period takes, cut
// at month ends so that no month's bucket is cut.
std::vector<DaySpan> trend_requests(Day first, Day last);

}  // namespace engagement::clevertap
