#include "simulator/sprinklr/call.hpp"

namespace engagement::simulator::sprinklr {

std::optional<Reply> case_api(const Call&) { return std::nullopt; }

}  // namespace engagement::simulator::sprinklr
