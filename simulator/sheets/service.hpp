#pragma once

#include "simulator/common/server.hpp"
#include "simulator/sheets/vendor.hpp"

namespace engagement::simulator::sheets {

// The whole simulator: its state, Google's API and the simulator's own endpoints, on one port.
class Service {
 public:
  // Throws ConnectorError for content that is no spreadsheet.
  Service(Options options, const nlohmann::json& content, Clock& clock);

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

}  // namespace engagement::simulator::sheets
