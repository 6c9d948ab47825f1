#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stream.hpp"
#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"

namespace engagement::sprinklr {

// The streams that every configuration has, in the order in which `discover` lists them; the reports come before.
std::vector<engine::StreamDescription> built_in_streams();
// Those of `names`.
std::vector<std::unique_ptr<engine::Stream>> make_built_in_streams(const Config& config,
                                                                   const std::set<std::string>& names,
                                                                   const std::shared_ptr<Account>& account);
bool is_built_in(std::string_view name);

}  // namespace engagement::sprinklr
