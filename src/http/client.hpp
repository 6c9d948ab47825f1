#pragma once

#include <stop_token>

#include "http/message.hpp"

namespace engagement::http {

// Sends requests, one at a time for each calling thread. Thread safe.
class Client {
 public:
  virtual ~Client() = default;

  // Fills `response` (whose body memory is reused). Never throws for what the network or the server did; throws
  // Stopped when `stop` is requested before or during the transfer.
  virtual void send(const Request& request, Response& response, const std::stop_token& stop) = 0;
};

}  // namespace engagement::http
