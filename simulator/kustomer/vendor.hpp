#pragma once

#include <stop_token>

#include "simulator/kustomer/call.hpp"

namespace engagement::simulator::kustomer {

// Kustomer's API, as reference sections 2 and 3 tell it, with the faults in force. Thread safe.
class Vendor {
 public:
  explicit Vendor(State& state) : state_(state) {}

  // Answers and logs one request. Throws Stopped when `stop` is triggered during a wait.
  Reply handle(const Request& request, const std::stop_token& stop);

 private:
  nlohmann::ordered_json seen(const Request& request) const;
  bool is_authorized(const Request& request) const;
  void understand(Call& call) const;
  Reply answer(Call& call, const std::stop_token& stop);
  Reply carry_out(Call& call, const std::stop_token& stop);
  Reply route(const Call& call);

  State& state_;
};

}  // namespace engagement::simulator::kustomer
