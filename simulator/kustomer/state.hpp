#pragma once

#include "simulator/common/faults.hpp"
#include "simulator/common/request_log.hpp"
#include "simulator/kustomer/by_id.hpp"
#include "simulator/kustomer/page_text.hpp"
#include "simulator/kustomer/rate_limit.hpp"
#include "simulator/kustomer/search.hpp"
#include "simulator/kustomer/vendor_faults.hpp"

namespace engagement::simulator::kustomer {

// All that the simulator's requests share. Each part is thread safe; `options` and `base_url` are set before the first
// request.
struct State {
  State(const Options& chosen, Clock& real_clock)
      : options(chosen),
        clock(real_clock),
        organisation(options, clock),
        text(organisation),
        search(organisation, text),
        pages(text, options.cache_bytes),
        searches(options.searches_per_minute, clock),
        requests(options.requests_per_minute, clock),
        faults(fault_kinds(), clock),
        log(clock) {}

  const Options options;
  Clock& clock;
  Organisation organisation;
  RecordText text;
  Search search;
  PageText pages;
  RateLimit searches, requests;
  Faults faults;
  ExtraPages extra_pages;
  ById by_id;
  RequestLog log;
  std::atomic<std::uint64_t> searches_so_far{0};
  std::string base_url;
};

}  // namespace engagement::simulator::kustomer
