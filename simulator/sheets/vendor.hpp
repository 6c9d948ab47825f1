#pragma once

#include <deque>
#include <map>
#include <stop_token>

#include "simulator/common/faults.hpp"
#include "simulator/common/http_text.hpp"
#include "simulator/common/request_log.hpp"
#include "simulator/sheets/spreadsheet.hpp"
#include "simulator/sheets/tokens.hpp"

namespace engagement::simulator::sheets {

// Every kind of fault this simulator knows.
const FaultKinds& fault_kinds();

// All that the simulator's requests share. `base_url` is set before the first request, `spreadsheet` is used under
// `mutex`; the other parts are thread safe.
struct State {
  State(Options chosen, const nlohmann::json& content, Clock& real_clock)
      : options(std::move(chosen)),
        clock(real_clock),
        tokens(account, options, clock),
        faults(fault_kinds(), clock),
        log(clock),
        spreadsheet(content) {}

  std::string token_uri() const { return base_url + "/token"; }

  const Options options;
  Clock& clock;
  ServiceAccount account;
  Tokens tokens;
  Faults faults;
  RequestLog log;
  std::string base_url;
  std::mutex mutex;
  Spreadsheet spreadsheet;
};

// Google's token endpoint and the part of the Sheets API that a reader of rows and a writer of results need. Thread
// safe.
class Vendor {
 public:
  explicit Vendor(State& state) : state_(state) {}

  // Answers and logs one request. Throws Stopped when `stop` is triggered during a wait.
  Reply handle(const Request& request, const std::stop_token& stop);

 private:
  // /v4/spreadsheets/{id}[/values/{range}][:action]
  struct Call {
    const Request& request;
    QueryFields fields;
    std::uint64_t number = 0;  // in the log
    std::string step;          // token, titles, values, write; empty for what is not served
    std::string id, range, action;
  };
  static Call parse(const Request& request);
  nlohmann::ordered_json seen(const Call& call) const;
  Reply answer(const Call& call, const std::stop_token& stop);
  nlohmann::ordered_json carry_out(const Call& call);
  nlohmann::ordered_json write(const Call& call);
  std::string admit(const Call& call) const;
  void count(const std::string& caller, bool writes);

  State& state_;
  std::mutex mutex_;
  std::map<std::pair<std::string, bool>, std::deque<SteadyTime>> recent_;  // by caller, and whether they wrote
};

}  // namespace engagement::simulator::sheets
