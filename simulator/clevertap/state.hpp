#pragma once

#include "simulator/clevertap/exports.hpp"
#include "simulator/clevertap/page_faults.hpp"
#include "simulator/common/faults.hpp"
#include "simulator/common/request_log.hpp"

namespace engagement::simulator::clevertap {

// All that the simulator's requests share. Each part is thread safe; `options` and `base_url` are set before the first
// request.
struct State {
  State(Options chosen, Clock& real_clock)
      : options(std::move(chosen)),
        clock(real_clock),
        project(options),
        exports(project, options, clock),
        faults(fault_kinds(), clock),
        log(clock) {}

  const Options options;
  Clock& clock;
  Project project;
  Exports exports;
  Faults faults;
  RequestLog log;
  std::string base_url;
};

}  // namespace engagement::simulator::clevertap
