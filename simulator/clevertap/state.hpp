#pragma once

#include "simulator/clevertap/counts/counts.hpp"
#include "simulator/clevertap/exports.hpp"
#include "simulator/clevertap/page_faults.hpp"
#include "simulator/clevertap/reports/campaigns.hpp"
#include "simulator/clevertap/reports/content_blocks.hpp"
#include "simulator/clevertap/reports/messages.hpp"
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
        selector(project),
        exports(project, selector, options, clock),
        counts(project, selector, options, clock),
        campaigns(project, options),
        messages(project, options, clock),
        content_blocks(project, options),
        faults(fault_kinds(), clock),
        log(clock) {}

  const Options options;
  Clock& clock;
  Project project;
  Selector selector;
  Exports exports;
  Counts counts;
  Campaigns campaigns;
  Messages messages;
  ContentBlocks content_blocks;
  Faults faults;
  RequestLog log;
  std::string base_url;
};

}  // namespace engagement::simulator::clevertap
