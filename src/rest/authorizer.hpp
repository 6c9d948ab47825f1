#pragma once

#include <stop_token>

#include "engine/context.hpp"
#include "http/message.hpp"
#include "rest/rules.hpp"

namespace engagement::rest {

// Lets requests in where what they have to carry changes: a token that ends. One for all streams of a process. Thread
// safe.
class Authorizer {
 public:
  virtual ~Authorizer() = default;

  // Called when the turn of `request` has come: puts the credentials on it, and gets new ones first where the old ones
  // are about to end. Throws ConnectorError and Stopped.
  virtual void authorize(http::Request& request, engine::Context& context, const std::stop_token& stop) = 0;
  // The vendor refused `request`, which is as authorize() left it, by Action::refresh: gets new credentials, unless
  // somebody else has since. It is sent once more then. False: new ones would be refused as well, and nothing was done.
  // Throws ConnectorError where there are none to get.
  virtual bool renew(const http::Request& refused, const Answer& answer, engine::Context& context,
                     const std::stop_token& stop) = 0;
};

}  // namespace engagement::rest
