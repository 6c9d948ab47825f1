#pragma once

#include "simulator/common/faults.hpp"
#include "simulator/common/request_log.hpp"
#include "simulator/sprinklr/audit.hpp"
#include "simulator/sprinklr/entities.hpp"
#include "simulator/sprinklr/limits.hpp"
#include "simulator/sprinklr/present.hpp"
#include "simulator/sprinklr/reports.hpp"
#include "simulator/sprinklr/searches.hpp"
#include "simulator/sprinklr/tokens.hpp"
#include "simulator/sprinklr/vendor_faults.hpp"

namespace engagement::simulator::sprinklr {

// All that the simulator's requests share. Each part is thread safe; `options` and `base_url` are set before the first
// request.
struct State {
  State(Options chosen, Clock& real_clock)
      : options(std::move(chosen)),
        clock(real_clock),
        present(clock, options.now),
        tokens(options, clock),
        limits(options, clock),
        reports(options, present),
        entities(options, present),
        searches(options, entities, clock),
        audit(entities),
        faults(fault_kinds(), clock),
        log(clock) {}

  const Options options;
  Clock& clock;
  Present present;
  Tokens tokens;
  Limits limits;
  Reports reports;
  Entities entities;
  Searches searches;
  Audit audit;
  Faults faults;
  RequestLog log;
  std::string base_url;  // with the environment's segment
};

}  // namespace engagement::simulator::sprinklr
