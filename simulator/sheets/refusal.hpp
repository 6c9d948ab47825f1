#pragma once

#include <stdexcept>
#include <string>

#include "simulator/common/message.hpp"

namespace engagement::simulator::sheets {

// An error of the Sheets API, in Google's words. Thrown where it is found, answered where the request came in.
class Refusal : public std::runtime_error {
 public:
  // `status` is the canonical name ("NOT_FOUND"), `reason` that of the ErrorInfo, if there is one.
  Refusal(int code, std::string status, const std::string& message, std::string reason = "")
      : std::runtime_error(message), code_(code), status_(std::move(status)), reason_(std::move(reason)) {}

  // {"error":{"code","message","status","details"}}
  Reply to_reply() const;

 private:
  int code_;
  std::string status_, reason_;
};

Refusal api_key_invalid();                             // 400
Refusal invalid_argument(const std::string& message);  // 400
Refusal unauthenticated();                             // 401: a token that is no token
Refusal no_caller();                                   // 403: neither token nor key
Refusal permission_denied();                           // 403: not shared
Refusal insufficient_scope();                          // 403
Refusal service_disabled();                            // 403: the API was never switched on in the project
Refusal not_found();                                   // 404
Refusal quota_exceeded(bool of_writes);                // 429
Refusal internal_error();                              // 500
Refusal unavailable();                                 // 503

// An error of the token endpoint, which has another form: {"error","error_description"}.
Reply token_error(const std::string& error, const std::string& description, int status = 400);

}  // namespace engagement::simulator::sheets
