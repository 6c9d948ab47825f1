#pragma once

#include "simulator/common/server.hpp"
#include "simulator/sprinklr/state.hpp"
#include "simulator/sprinklr/vendor.hpp"

namespace engagement::simulator::sprinklr {

// The whole simulator: its state, the vendor's API and the simulator's own endpoints, on one port.
class Service {
 public:
  Service(Options options, Clock& clock);

  // Serves from now until the object ends or stop() is called. Throws ConnectorError if the port cannot be had.
  void start(int port);
  void stop() { server_.stop(); }
  int port() const { return server_.port(); }

  State& state() { return state_; }
  const State& state() const { return state_; }

 private:
  State state_;
  Vendor vendor_;
  Server server_;  // last: it ends before what its threads use
};

}  // namespace engagement::simulator::sprinklr
